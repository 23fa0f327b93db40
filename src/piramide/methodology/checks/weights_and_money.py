"""Rules of what is shared out by weight: guests stand inside their rule, and money has a sheet to be shared over."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.computed_weights import guests_outside
from piramide.methodology.model import Pack
from piramide.methodology.money import Money
from piramide.methodology.reweighting import Reweighting


def check_guests(pack: Pack) -> Iterator[Finding]:
    """A guest is of a rule that is declared, and all guests of a parent are of the same one (PK048)."""
    yield from guests_outside(pack)


def check_money_has_a_sheet(pack: Pack) -> Iterator[Finding]:
    """A sum is shared over the sheet of its structure; without one it is shared over nothing (PK067)."""
    for one in pack.money.values():
        if one.structure not in pack.sheets:
            yield Finding("PK067", one.place, one.id, {"structure": one.structure})


def check_acts_of_shares(pack: Pack) -> Iterator[Finding]:
    """The acts that sums and rules of re-weighting rest on are declared."""
    ruled: tuple[Money | Reweighting, ...] = (*pack.money.values(), *pack.reweighting.values())
    for one in ruled:
        yield from unknown_act(pack, one.citation.act, one.place, one.id)


RULES = (check_guests, check_money_has_a_sheet, check_acts_of_shares)
