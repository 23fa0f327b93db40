"""What a node is worth of the sums of its structure, for an explanation: figures, and the sentence with its formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from piramide.methodology.model import Pack
from piramide.scoring.money import MoneyOfNode, MoneyOfSheet, amount, in_words, money_of_structure
from piramide.scoring.paths import Paths, Scored
from piramide.scoring.prose import Prose
from piramide.scoring.result import NodeScore, StructureScore, Worth


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands at or below a node, of one sum."""

    whole: MoneyOfSheet
    parts: tuple[MoneyOfNode, ...]

    @property
    def quota(self) -> int:
        return sum(part.quota for part in self.parts)

    @property
    def earned(self) -> int | None:
        known = [part.earned for part in self.parts if part.earned is not None]
        return sum(known) if len(known) == len(self.parts) else None


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a structure with the tree that they are shared over."""

    tree: Paths
    shared: tuple[MoneyOfSheet, ...]

    def at(self, scored: Scored) -> Iterator[_Part]:
        """What a node, or the structure, has of each sum."""
        leaves = {leaf.id for leaf in self.tree.leaves(scored)}
        for whole in self.shared:
            yield _Part(whole, tuple(part for part in whole.nodes if part.node in leaves))


def sums_at(pack: Pack, tree: Paths) -> Sums:
    """The sums of the structure of a tree."""
    return Sums(tree, money_of_structure(pack, tree.top.id, tree.top))


def sums_told(sums: Sums | None, scored: Scored) -> tuple[Worth, ...]:
    """What a node is worth of each sum, as a machine reads it."""
    if sums is None:
        return ()
    return tuple(
        Worth(part.whole.money.id, amount(part.quota), None if part.earned is None else amount(part.earned))
        for part in sums.at(scored)
    )


def sums_in_words(sums: Sums | None, scored: Scored, say: Prose) -> Iterator[str]:
    """The same as sentences, with the formula and its figures."""
    for part in sums.at(scored) if sums else ():
        yield _sentence(part, scored, say)


def _sentence(part: _Part, scored: Scored, say: Prose) -> str:
    money = part.whole.money

    def told(cents: int) -> str:
        return in_words(cents, money.unit, say.language)

    fields = {"label": money.label, "total": told(part.whole.total), "quota": told(part.quota)}
    is_leaf = isinstance(scored, NodeScore) and len(part.parts) == 1 and part.parts[0].node == scored.id
    if is_leaf:
        fields["share"] = say.share(part.parts[0].share)
    kind = "leaf" if is_leaf else "whole" if isinstance(scored, StructureScore) else "group"
    worth = say("money", kind, **fields)
    if part.earned is None:
        return say("money", "unknown", worth=worth)
    if is_leaf and part.quota and scored.index is not None:
        index = say.index(scored.index.exact)
        return say("money", "earned_leaf", worth=worth, quota=fields["quota"], index=index, earned=told(part.earned))
    return (
        say("money", "earned", worth=worth, earned=told(part.earned))
        if part.quota
        else say("money", "without", worth=worth)
    )
