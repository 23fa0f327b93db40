"""Where each sheet stands on a day, for the person in office on that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.models import Grant
from piramide.web.accounts.roles import Role
from piramide.web.assignments.models import Acknowledgement, AssignedSheet

TERM: Final = timedelta(days=15)
"""How long one has to acknowledge a sheet, where the act says nothing, and after one has come into office."""


class State(StrEnum):
    """What became of a sheet. Silence is never acceptance."""

    ISSUED = "issued"
    SEEN = "seen"
    RESERVED = "reserved"
    UNANSWERED = "unanswered"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class SheetStanding:
    """A sheet on a day: its state, the acknowledgement that counts, and by when one is due."""

    sheet: AssignedSheet
    state: State
    acknowledgement: Acknowledgement | None
    due: date


@dataclass(frozen=True, slots=True)
class Offices:
    """The directors in office on a day: the roles that are held themselves, and not by delegation."""

    grants: tuple[Grant, ...]
    organisation: OrganisationOnDay

    @classmethod
    def on(cls, day: date, organisation: OrganisationOnDay) -> Offices:
        """Those of a day, in one query."""
        asked = Grant.objects.filter(role=Role.DIRECTOR, revoked_at=None, delegated_from=None)
        return cls(tuple(grant for grant in asked if grant.holds_on(day)), organisation)

    def of(self, structure: str) -> tuple[Grant, ...]:
        """Who directs a structure: those of the nearest one, itself or above, that has a director."""
        above = self.organisation.ancestors(structure) if structure in self.organisation else ()
        for name in (structure, *above):
            if found := tuple(grant for grant in self.grants if grant.structure == name):
                return found
        return ()


def standings(sheets: Iterable[AssignedSheet], offices: Offices, day: date) -> list[SheetStanding]:
    """Where these sheets stand; their issues and acknowledgements were fetched with them."""
    return [_standing(sheet, offices.of(sheet.structure), day) for sheet in sheets]


def _standing(sheet: AssignedSheet, offices: tuple[Grant, ...], day: date) -> SheetStanding:
    held = {grant.pk for grant in offices}
    counting = [one for one in sheet.acknowledgements.all() if one.office_id in held]
    last = counting[-1] if counting else None
    came = max((grant.since for grant in offices), default=date.min)
    due = sheet.issue.answer_by
    if came > sheet.issue.act_day:
        due = max(due, came + TERM)
    if not sheet.is_current:
        return SheetStanding(sheet, State.REPLACED, last, due)
    if last is not None:
        return SheetStanding(sheet, State.RESERVED if last.reservation else State.SEEN, last, due)
    return SheetStanding(sheet, State.UNANSWERED if day > due else State.ISSUED, None, due)
