"""What the calendar asks of a person: the deadlines of the cycle and of the house that come near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from piramide.cycle.deadlines import deadlines_between
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.calendar.models import Appointment
from piramide.web.fields.language import spoken
from piramide.web.house.duties import Duty, register

AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Day:
    """A line of the calendar: by `day`, `label`; where it is said, and whether it concerns the person.

    `anchor` is its place on the page; `is_cancelled`: who set it took it back, and may set it again.
    """

    day: date
    label: str
    source: str
    is_law: bool
    is_mine: bool
    anchor: str
    structure: str = ""
    appointment: int | None = None
    is_cancelled: bool = False


def days_between(person: Access, first: date, last: date, *, with_cancelled: bool = False) -> list[Day]:
    """The calendar from `first` to `last`: the cycle's own days for everybody, those of the house that concern one."""
    language = spoken()
    days = [
        Day(
            found.day,
            _("%(what)s (piano %(year)s)") % {"what": found.label(language), "year": found.plan_year},
            found.source(language),
            found.is_law,
            person.may_everywhere(Action(found.duty)),
            f"{found.code}-{found.plan_year}",
        )
        for found in deadlines_between(first, last)
    ]  # fmt: skip
    for one in Appointment.objects.filter(day__range=(first, last)).order_by():
        is_cancelled = one.cancelled_at is not None
        if is_cancelled and not with_cancelled:
            continue
        is_mine = not is_cancelled and person.may(Action(one.duty), one.structure)
        if is_mine or person.may(Action.MANAGE_CAMPAIGNS):
            days.append(
                Day(
                    one.day,
                    one.title,
                    one.act,
                    is_law=False,
                    is_mine=is_mine,
                    anchor=str(one.pk),
                    structure=one.structure,
                    appointment=one.pk,
                    is_cancelled=is_cancelled,
                )
            )
    return sorted(days, key=lambda found: (found.day, found.appointment or 0))


@register
def duties(person: Access) -> Iterator[Duty]:
    """Days of the next weeks that concern the person."""
    today = timezone.localdate()
    for found in days_between(person, today, today + AHEAD):
        if found.is_mine:
            yield Duty(found.label, f"{reverse('calendar:index')}#scadenza-{found.anchor}", found.day)
