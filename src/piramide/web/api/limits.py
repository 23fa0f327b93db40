"""How many requests a program may make: counted in windows of a minute, in the cache that all processes share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from piramide.web.counters import network_of

WINDOW: Final = 60
FOR_EVERYBODY = 120
"""Requests a minute from one address without a key."""
WITH_A_KEY = 600
"""Requests a minute with one key."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where somebody stands in the window: `left` is negative when it is over; `seconds` until the next one."""

    most: int
    left: int
    seconds: int

    @property
    def is_over(self) -> bool:
        """Whether this request is one too many."""
        return self.left < 0

    def tell(self, answer: HttpResponse) -> None:
        """Say it in the headers of the Italian guidelines and in those of the draft standard."""
        left = max(self.left, 0)
        answer["X-RateLimit-Limit"] = str(self.most)
        answer["X-RateLimit-Remaining"] = str(left)
        answer["X-RateLimit-Reset"] = str(self.seconds)
        answer["RateLimit-Policy"] = f'"minute";q={self.most};w={WINDOW}'
        answer["RateLimit"] = f'"minute";r={left};t={self.seconds}'
        if self.is_over:
            answer["Retry-After"] = str(self.seconds)


def count(request: HttpRequest, key: int | None) -> Allowance:
    """Count a request. Without a key it is the address that counts, of which only a keyed digest is kept."""
    now = time.time()
    window, gone = divmod(now, WINDOW)
    who = (
        f"key:{key}"
        if key is not None
        else salted_hmac("piramide.api", network_of(address_of(request))).hexdigest()[:32]
    )
    name = f"api:{who}:{int(window)}"
    counters = caches["requests"]
    counters.add(name, 0, 2 * WINDOW)
    try:
        used = counters.incr(name)
    except ValueError:  # it was thrown out meanwhile: the window begins again
        used = 1
    most = FOR_EVERYBODY if key is None else WITH_A_KEY
    return Allowance(most, most - used, max(1, int(WINDOW - gone)))


def address_of(request: HttpRequest) -> str:
    """The address that a request came from: what the proxies in front say, as many as there are."""
    proxies: int = settings.CONFIGURATION.proxies
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(passed) >= proxies:
        return passed[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
