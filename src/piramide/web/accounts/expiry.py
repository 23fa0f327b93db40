"""What is kept of people only for a while, and its end: sessions with address and browser, counters of attempts."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Final

from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from piramide.web.accounts.attempts import ATTEMPTS_OF, MINUTE

COUNTED: Final = ("login", "login_failed", "reset_password")


def longest_attempt() -> int:
    """Minutes for which an attempt to sign in counts, the longest of all limits."""
    rates = [rate for action in COUNTED for rate in ratelimit.get_rates(app=ATTEMPTS_OF, action=action)]
    longest: int = max(math.ceil(rate.duration / MINUTE) for rate in rates)
    return longest


@transaction.atomic
def delete_expired(now: datetime) -> int:
    """Delete what has expired by `now`: sessions, what is known of their browsers, counters; the number of rows."""
    ended, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    open_ones = Session.objects.values("session_key")
    forgotten, _by_model = UserSession.objects.exclude(session_key__in=open_ones).delete()
    deleted: int = ended + forgotten + _delete_counters(now)
    return deleted


def _delete_counters(now: datetime) -> int:
    """Rows of the cache in the database past their time; the cache itself drops them only when it is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608 - the name is a setting
        return int(cursor.rowcount)
