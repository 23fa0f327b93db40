"""Devices from which somebody has signed in before: strangers who fail elsewhere do not keep these out."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac

COOKIE: Final = "piramide_device"
DAYS_KNOWN: Final = 180
MOST_PEOPLE: Final = 8
"""People of one device that are remembered: the latest."""
_SALT: Final = "piramide.device"


def known_device(request: HttpRequest, email: str) -> str:
    """The mark of this device where `email` has signed in from it in the last 180 days, else nothing."""
    kept = _kept(request)
    return str(kept["device"]) if _person(email) in kept["people"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Let the device know that `email` signed in from it; only this site can write or read that."""
    kept = _kept(request)
    others = [person for person in kept["people"] if person != _person(email)]
    body = {"device": kept["device"] or token_urlsafe(12), "people": [*others, _person(email)][-MOST_PEOPLE:]}
    response.set_cookie(
        COOKIE,
        signing.dumps(body, salt=_SALT),
        max_age=DAYS_KNOWN * 24 * 3600,
        path=reverse("account_login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=DAYS_KNOWN * 24 * 3600)
        return {"device": str(kept["device"]), "people": [str(person) for person in kept["people"]]}
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return {"device": "", "people": []}


def _person(email: str) -> str:
    return salted_hmac(_SALT, email.lower()).hexdigest()[:16]
