"""Which plan is in force: the first one, until a version that was adopted takes its place from its date of effect.

What was adopted stands in one folder: each plan in a folder by its id, and beside it the note of its adoption. Whoever
can read the folder knows which plan is in force on which day, and that it is the one that was adopted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from piramide.cycle.plans.adoptions import Adoption, adoptions_in
from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.plans.packs import open_pack
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan and the day from which it is in force, until a later one is; whether it came there by an adoption."""

    since: date
    pack: Pack
    is_adopted: bool = False


@dataclass(frozen=True, slots=True)
class PlansInForce:
    """The plans that are, were or will be in force, in the order in which they take force; there is always one.

    `left_out` are the adopted plans that are not in force, each with the reason: the folder is gone, is no more what
    was adopted, or its note cannot be read.
    """

    plans: tuple[PlanInForce, ...]
    left_out: tuple[Refusal, ...] = ()

    def on(self, day: date) -> Pack:
        """The plan in force on a day: of those that took force by then the last, else the first there is."""
        return next((plan.pack for plan in reversed(self.plans) if plan.since <= day), self.plans[0].pack)

    def of(self, period: str) -> Pack:
        """The plan that the results of a period are scored with: the one in force on its last day."""
        return self.on(parse_period(period).end - timedelta(days=1))

    def called(self, name: str) -> Pack | None:
        """The plan with this id."""
        return next((plan.pack for plan in self.plans if plan.pack.id == name), None)

    def with_hash(self, content: str) -> Pack | None:
        """The plan with this hash."""
        return next((plan.pack for plan in self.plans if plan.pack.hash == content), None)

    def line_with(self, name: str) -> frozenset[str]:
        """Ids of the plans whose results follow one another: all of these; any other plan stands alone."""
        known = frozenset(plan.pack.id for plan in self.plans)
        return known if name in known else frozenset({name})

    def told(self, day: date) -> str:
        """What tells apart two states of these plans as they are on a day."""
        return f"{self.on(day).hash} {' '.join(f'{one.since}={one.pack.hash}' for one in self.plans)}"


def plans_in_force(
    first: str, adopted: Path, folders: Iterable[Path] = (), *, demonstration: bool = False
) -> PlansInForce:
    """The plan called `first` (in `folders`, or shipped) with those that were adopted into the folder `adopted`."""
    base = with_boards(open_pack(first, folders, demonstration=demonstration))
    adoptions, left_out = adoptions_in(adopted)
    found = [PlanInForce(base.since, base)]
    for adoption in sorted(adoptions, key=lambda one: one.at):
        try:
            pack = _adopted(adoption, adopted, demonstration=demonstration)
        except Refusal as refusal:
            left_out.append(refusal)
        else:
            found.append(PlanInForce(adoption.since, pack, is_adopted=True))
    return PlansInForce(tuple(sorted(found, key=lambda plan: plan.since)), tuple(left_out))


def _adopted(adoption: Adoption, folder: Path, *, demonstration: bool) -> Pack:
    """The plan of an adoption. Refuses CY091 one that is no more what was adopted."""
    pack = open_pack(str(folder / adoption.pack), demonstration=demonstration)
    if pack.hash != adoption.hash:
        raise refuse("CY091", Place(str(folder / adoption.pack)), adoption.pack)
    return with_boards(pack)
