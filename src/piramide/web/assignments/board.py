"""One board: every sheet of a year with its state, and the count of each state by region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.assignments.models import AssignedSheet
from piramide.web.assignments.standing import Offices, SheetStanding, State, standings

STATES: Final = {
    State.ISSUED: _("da vedere"),
    State.SEEN: _("presa visione"),
    State.RESERVED: _("presa visione con riserva"),
    State.UNANSWERED: _("non ancora presa visione"),
    State.REPLACED: _("sostituita"),
}
SIGNS: Final = {
    State.ISSUED: "○",
    State.SEEN: "✔",
    State.RESERVED: "◐",
    State.UNANSWERED: "▲",
    State.REPLACED: "↷",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A sheet as the board shows it; `standing` is there for who may read how far it is."""

    sheet: AssignedSheet
    label: str
    region: str
    standing: SheetStanding | None

    @property
    def state(self) -> str:
        """The state in words; nothing for who may not read it."""
        return str(STATES[self.standing.state]) if self.standing else ""

    @property
    def sign(self) -> str:
        """The sign beside the state."""
        return SIGNS[self.standing.state] if self.standing else ""


def rows_of(person: Access, day: date) -> list[Row]:
    """Every current sheet, in the order of the organisation; with its state where the person may read it."""
    found = AssignedSheet.objects.filter(is_current=True).select_related("issue", "issue__by")
    sheets = list(found.prefetch_related("acknowledgements__by"))
    organisation = person.organisation
    offices = Offices.on(day, organisation) if person.may(Action.READ_PLAN) else Offices((), organisation)
    place = {name: number for number, name in enumerate(organisation.structures)}
    rows = [_row(one, person) for one in standings(sheets, offices, day)]
    return sorted(rows, key=lambda row: (-row.sheet.year, place.get(row.sheet.structure, len(place))))


def _row(found: SheetStanding, person: Access) -> Row:
    name, organisation = found.sheet.structure, person.organisation
    is_known = name in organisation
    label = organisation[name].label if is_known else name
    may = person.may(Action.READ_PLAN, name)
    return Row(found.sheet, label, region_of(organisation, name), found if may else None)


def region_of(organisation: OrganisationOnDay, structure: str) -> str:
    """The name of the structure just below the top that a structure belongs to; its own for the top and one below."""
    if structure not in organisation:
        return structure
    line = (structure, *organisation.ancestors(structure))
    return organisation[line[-2] if len(line) > 1 else line[0]].label


def by_region(rows: Iterable[Row]) -> Mapping[str, Counter[State]]:
    """How many sheets stand in each state, by region; only those whose state may be read."""
    found: dict[str, Counter[State]] = {}
    for row in rows:
        if row.standing is not None:
            found.setdefault(row.region, Counter())[row.standing.state] += 1
    return found
