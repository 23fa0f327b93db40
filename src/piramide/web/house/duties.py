"""What a person has to do, gathered from the rooms: each room registers who tells its own part.

A provider answers for one person, in a query at most: `register(provider)` in the `ready` of the room's
application. The home page shows duties by day, the late ones first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.utils import timezone
from django.utils.functional import Promise

from piramide.web.accounts.access import Access


class Urgency(IntEnum):
    """How much a duty presses; the sooner sorts first."""

    LATE = 0
    SOON = 1
    USUAL = 2


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do: what, where it is done, by which day; `urgency` follows from the day unless the room says it."""

    label: str | Promise
    address: str
    due: date | None = None
    urgency: Urgency | None = None

    def presses(self, today: date, soon_days: int = 7) -> Urgency:
        """How much it presses on `today`."""
        if self.urgency is not None:
            return self.urgency
        if self.due is None:
            return Urgency.USUAL
        days = (self.due - today).days
        return Urgency.LATE if days < 0 else Urgency.SOON if days <= soon_days else Urgency.USUAL


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty as a page prints it today."""

    duty: Duty
    is_late: bool
    is_soon: bool


Provider = Callable[[Access], Iterable[Duty]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a provider; one that is there already is not added again."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)
    return provider


def duties_of(person: Access) -> tuple[DutyShown, ...]:
    """Everything that a person has to do, what presses most first; nothing for who has not signed in."""
    if not person.is_signed_in:
        return ()
    today = timezone.localdate()
    found = [duty for provider in _PROVIDERS for duty in provider(person)]
    found.sort(key=lambda duty: (duty.presses(today), duty.due or date.max))
    return tuple(
        DutyShown(duty, duty.presses(today) is Urgency.LATE, duty.presses(today) is Urgency.SOON) for duty in found
    )
