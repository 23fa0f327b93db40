"""Money by objective: what each leaf of a sheet is worth of a sum, and what it earns by its index.

A quota is the total times the weight of the leaf in the whole sheet, in cents: what the cents leave over goes to the
largest remainders, ties in the order of the sheet. Earned is the quota times the index over 100, from nothing to the
whole quota, half a cent up; nothing is known of it while the index is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Final

from piramide.kernel import wording
from piramide.kernel.numbers import format_number, format_quantity
from piramide.kernel.rounding import round_scaled
from piramide.methodology.model import Pack, Sheet, with_ancestors
from piramide.methodology.money import Money
from piramide.methodology.weights import scale_of
from piramide.scoring.arrays import FULL
from piramide.scoring.result import ScoreTable, StructureScore

_CENTS: Final = 2
_CENT: Final = 10**_CENTS


@dataclass(frozen=True, slots=True)
class MoneyOfNode:
    """The part of a leaf, in cents; `share` is its weight in the whole sheet, `earned` `None` while it is unknown."""

    node: str
    label: str
    share: Fraction
    quota: int
    earned: int | None


@dataclass(frozen=True, slots=True)
class MoneyOfSheet:
    """A sum over a sheet, in cents: what it is, and the part of every leaf in the order of the sheet."""

    money: Money
    total: int
    nodes: tuple[MoneyOfNode, ...]

    @property
    def earned(self) -> int | None:
        """What all leaves earn; `None` while one of them is unknown."""
        parts = [node.earned for node in self.nodes]
        return None if None in parts else sum(part for part in parts if part is not None)

    def of(self, node: str) -> MoneyOfNode | None:
        """The part of a leaf."""
        return next((part for part in self.nodes if part.node == node), None)


def money_of(pack: Pack, scores: ScoreTable) -> tuple[MoneyOfSheet, ...]:
    """Every sum of the structures that were scored, in the order of the plan; `pack` is the one they were scored by."""
    scored = {structure.id: structure for structure in scores.structures}
    return tuple(
        _shared(money, pack.sheets[money.structure], scored[money.structure])
        for money in pack.money.values()
        if money.structure in scored and money.structure in pack.sheets
    )


def money_of_structure(pack: Pack, structure: str, scored: StructureScore | None = None) -> tuple[MoneyOfSheet, ...]:
    """The sums of one structure; without scores nothing is earned yet."""
    if structure not in pack.sheets:
        return ()
    return tuple(
        _shared(money, pack.sheets[structure], scored) for money in pack.money.values() if money.structure == structure
    )


def _shared(money: Money, sheet: Sheet, scored: StructureScore | None) -> MoneyOfSheet:
    total = int(money.total * _CENT)
    shares = _path_shares(sheet)
    leaves = list(sheet.leaves())
    quotas = in_cents(total, [shares[leaf.id] for leaf in leaves])
    indices = _indices(scored)
    return MoneyOfSheet(
        money,
        total,
        tuple(
            MoneyOfNode(leaf.id, leaf.label, shares[leaf.id], quota, _earned(quota, indices.get(leaf.id)))
            for leaf, quota in zip(leaves, quotas, strict=True)
        ),
    )


def _indices(scored: StructureScore | None) -> Mapping[str, Fraction]:
    """The exact index of every node that has one."""
    nodes = scored.nodes if scored else ()
    return {node.id: node.index.exact for node in nodes if node.index is not None}


def _path_shares(sheet: Sheet) -> dict[str, Fraction]:
    """The weight of every leaf in the whole sheet; siblings printed short of one share out all of it."""
    counted: dict[str, Fraction] = {}
    for siblings in (sheet.tree, *(node.children for node in sheet.parents())):
        scale = scale_of(siblings)
        counted |= {node.id: node.weight / scale for node in siblings}
    return {
        node.id: prod((counted[one.id] for one in (*above, node)), start=Fraction(1))
        for node, above in with_ancestors(sheet.tree)
        if node.is_leaf
    }


def in_cents(total: int, shares: Sequence[Fraction]) -> list[int]:
    """`total` cents over some shares: whole cents below, then one more to the largest remainders, the first of equals.

    Shares that sum to one give all of the total.

    >>> in_cents(10000, [Fraction(1, 3)] * 3)
    [3334, 3333, 3333]
    """
    exact = [total * share for share in shares]
    cents = [part.numerator // part.denominator for part in exact]
    left = round_scaled(sum(exact, Fraction(0)), 0) - sum(cents)
    order = sorted(range(len(exact)), key=lambda at: cents[at] - exact[at])
    for at in order[:left]:
        cents[at] += 1
    return cents


def _earned(quota: int, index: Fraction | None) -> int | None:
    """What a leaf earns of its quota, in cents; nothing of nothing, whatever the index."""
    if not quota:
        return 0
    if index is None:
        return None
    return round_scaled(quota * min(Fraction(1), max(Fraction(0), index / FULL)), 0)


def amount(cents: int) -> str:
    """Cents as a machine writes money, with two decimals.

    >>> amount(57000000), amount(5)
    ('570000.00', '0.05')
    """
    return f"{cents // _CENT}.{cents % _CENT:0{_CENTS}d}"


def in_whole_cents(text: str) -> int:
    """The cents of what `amount` wrote.

    >>> in_whole_cents("570000.00")
    57000000
    """
    return int(text.replace(".", ""))


def in_words(cents: int, unit: str, language: str) -> str:
    """Cents as a page prints them, with two decimals and their unit.

    >>> in_words(57000000, "eur", "it"), in_words(5, "CHF", "en")
    ('570.000,00 €', '0.05 CHF')
    """
    figure = Fraction(cents, _CENT)
    if wording.word("unit", unit, language):
        return format_quantity(figure, unit, _CENTS, language)
    return f"{format_number(figure, _CENTS, language)} {unit}"


def as_json(shared: Sequence[MoneyOfSheet]) -> list[dict[str, Any]]:
    """Sums on their way out, in the shape that the contract fixes: amounts are text, what is not known is null."""
    return [
        {
            "id": one.money.id,
            "structure": one.money.structure,
            "total": amount(one.total),
            "earned": _told(one.earned),
            "nodes": [
                {"id": part.node, "quota": amount(part.quota), "earned": _told(part.earned)} for part in one.nodes
            ],
        }
        for one in shared
    ]


def _told(cents: int | None) -> str | None:
    return None if cents is None else amount(cents)
