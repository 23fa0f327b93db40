"""Setting a deadline of the house."""

from __future__ import annotations

from django.db import transaction

from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.calendar.models import Appointment


@transaction.atomic
def set_deadline(user: User, made: Appointment) -> Appointment:
    """Put a deadline into the calendar of whom it concerns."""
    made.made_by = user
    made.save()
    after = {"title": made.title, "day": made.day.isoformat(), "duty": str(made.duty)}
    record(named(user), Change("deadline.set", f"deadline:{made.pk}", made.structure, after=after, act=made.act))
    return made
