"""Telling people what is due: messages made once, mail as each wants it, the same however often it is asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from piramide.web.accounts.access import access_of
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import head
from piramide.web.calendar.models import Digest, Message, Preference
from piramide.web.house.duties import Duty, duties_of
from piramide.web.plans_in_force import organisation_on

LOG = logging.getLogger("piramide.calendar")
STEPS: Final = (0, 3, 14)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a round did: messages made, mails that left, mails that the server did not take."""

    messages: int
    mails: int
    failures: int


def preference_of(user: User) -> Preference:
    """How a person wants to be told; the usual way where they never said."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def send_digests(day: date) -> Sent:
    """Make the messages of `day` and send what each person wants by mail. A second round of the day sends nothing."""
    made = mails = failures = 0
    for user in User.objects.filter(is_active=True).order_by("pk"):
        preference = preference_of(user)
        with translation.override(preference.language):
            made += remind(user, day)
            try:
                mails += _send(user, preference, day)
            except OSError:  # a server that refuses or does not answer: the next round tries again
                LOG.exception("mail to %s did not leave", user.pk)
                failures += 1
    return Sent(made, mails, failures)


def remind(user: User, day: date) -> int:
    """A message for each duty of `user` at 14 days, at 3, on the day, and once it is late; the number of new ones."""
    person = access_of(user, day, organisation_on(day))
    return sum(_tell(user, shown.duty, day) for shown in duties_of(person) if shown.duty.due)


def _tell(user: User, duty: Duty, day: date) -> bool:
    assert duty.due is not None  # noqa: S101 - asked by the caller
    left = (duty.due - day).days
    step = "late" if left < 0 else next((str(step) for step in STEPS if left <= step), "")
    if not step:
        return False
    key = f"{duty.address}|{duty.due.isoformat()}|{step}"[-200:]
    found, is_new = Message.objects.get_or_create(
        user=user, key=key, defaults={"text": str(duty.label)[:400], "address": duty.address, "due": duty.due}
    )
    return is_new and found.pk is not None


def _send(user: User, preference: Preference, day: date) -> int:
    waiting = list(Message.objects.filter(user=user, mailed_at=None, read_at=None).order_by("due", "pk"))
    if not waiting or preference.rhythm == Preference.Rhythm.NONE:
        return 0
    if preference.rhythm == Preference.Rhythm.IMMEDIATE:
        return sum(_mail_one(user, message, day) for message in waiting)
    return _mail_all(user, waiting, day)


def _mail_one(user: User, message: Message, day: date) -> int:
    """Mail a message unless another sender took it in the meantime."""
    if not Message.objects.filter(pk=message.pk, mailed_at=None).update(mailed_at=timezone.now()):
        return 0
    try:
        _mail(user, [message], day)
    except OSError:
        Message.objects.filter(pk=message.pk).update(mailed_at=None)
        raise
    return 1


def _mail_all(user: User, waiting: list[Message], day: date) -> int:
    """The one mail of the day, unless it left already or another sender is at it."""
    try:
        with transaction.atomic():
            digest = Digest.objects.create(user=user, day=day)
    except IntegrityError:
        return 0
    try:
        _mail(user, waiting, day)
    except OSError:
        digest.delete()
        raise
    now = timezone.now()
    Digest.objects.filter(pk=digest.pk).update(sent_at=now)
    Message.objects.filter(pk__in=[message.pk for message in waiting]).update(mailed_at=now)
    return 1


def _register_for(user: User, day: date) -> str:
    """The head of the register for who watches over it, who so keeps it out of reach of the database's owner."""
    watches = any(grant.role == Role.OIV and grant.holds_on(day) for grant in user.grants.all())
    return str(head()) if watches else ""


def _mail(user: User, waiting: list[Message], day: date) -> None:
    words = {"user": user, "rows": waiting, "day": day, "origin": settings.CONFIGURATION.origin,
             "is_demonstration": settings.CONFIGURATION.demonstration,
             "register": _register_for(user, day)}  # fmt: skip
    subject = ngettext("Piramide: %(count)s cosa da fare", "Piramide: %(count)s cose da fare", len(waiting))
    body = render_to_string("calendar/digest.txt", words)
    EmailMessage(subject % {"count": len(waiting)}, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send()
