"""What is kept of people for a while only: it is there while it serves, and gone afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from piramide.web.accounts.attempts import longest
from piramide.web.accounts.expiry import delete_expired
from piramide.web.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
PASSWORD = "una password lunga"  # noqa: S105 - of people who exist in the test alone


def counters() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {settings.CACHES['default']['LOCATION']}")  # noqa: S608 - a setting
        return int(cursor.fetchone()[0])


@pytest.fixture
def signed_in(person: Callable[..., User]) -> User:
    """Somebody who failed once, then signed in: counters and a session are there."""
    cache.clear()
    user, client = person(), Client()
    client.post("/accesso/login/", {"login": user.email, "password": "un'altra password"})
    answer = client.post("/accesso/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    client.get("/")
    return user


def test_it_keeps_what_still_serves(signed_in: User) -> None:
    before = counters(), Session.objects.count(), UserSession.objects.count()
    delete_expired(timezone.now())

    assert before == (counters(), Session.objects.count(), UserSession.objects.count())
    assert before[0] > 0
    assert UserSession.objects.get().user == signed_in


def test_it_forgets_attempts_once_they_count_no_more(signed_in: User) -> None:
    assert signed_in.is_active
    deleted = delete_expired(timezone.now() + timedelta(minutes=longest(), seconds=5))

    assert deleted > 0
    assert counters() == 0
    assert UserSession.objects.count() == 1


def test_it_forgets_address_and_browser_when_the_session_ends(signed_in: User) -> None:
    assert signed_in.is_active
    delete_expired(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 60))

    assert Session.objects.count() == 0
    assert UserSession.objects.count() == 0


@pytest.mark.parametrize(("address", "words"), [
    ("/privacy/", ["Tentativi di accesso", "contano per 5 minuti", "30 giorni", "al più 8 ore"]),
    ("/en/privacy/", ["Attempts to sign in", "they count for 5 minutes", "30 days", "at most 8 hours"]),
])  # fmt: skip
def test_it_says_in_the_privacy_notice_how_long(address: str, words: list[str]) -> None:
    page = Client().get(address).content.decode()

    for text in words:
        assert text in page
