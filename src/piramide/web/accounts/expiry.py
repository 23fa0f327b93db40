"""What is kept of people only for a while, and its end: sessions with address and browser, counters of attempts."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from piramide.web.counters import Counters


@transaction.atomic
def delete_expired(now: datetime) -> int:
    """Delete what has expired by `now`: sessions, what is known of their browsers, counters; the number of rows."""
    ended, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    open_ones = Session.objects.values("session_key")
    forgotten, _by_model = UserSession.objects.exclude(session_key__in=open_ones).delete()
    deleted: int = ended + forgotten + _delete_counters(now)
    return deleted


def _delete_counters(now: datetime) -> int:
    """Rows of the counters past their time; by themselves they go only when there are many."""
    with connection.cursor() as cursor:
        tables = [cache for cache in caches.all(initialized_only=False) if isinstance(cache, Counters)]
        return sum(table.delete_expired(DEFAULT_DB_ALIAS, cursor, now.replace(microsecond=0)) for table in tables)
