"""How often somebody may try to sign in, and how long who tried too often must wait.

Attempts are counted in the database, so by all processes. They count per person and network: a stranger who fails
elsewhere locks nobody out. Who fails for one person from many networks meets a brake, not a lock; it does not hold a
device known to that person, nor who then gives the second factor.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Final

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

from piramide.web.accounts.devices import known_device
from piramide.web.counters import network_of

ATTEMPTS_OF: Final = "piramide.accounts"
LIMITS: Final = {
    "requests": "30/m/ip",
    "network": "10/m/ip",
    "person": "5/300s/key",
    "device": "10/300s/key",
    "everywhere": "20/300s/key",
    "brake": "1/15s/key",
}
"""Attempts of a network, right or wrong; failures of a network, of a person from one network, of a person from a known
device, of a person from anywhere; and the attempts let through to a person once these are too many."""
MINUTE: Final = 60


class TooManyRequestsError(Exception):
    """More attempts from one network than people make."""


@dataclass(slots=True)
class Attempt:
    """An attempt that was counted: `wait` seconds until another is let through, 0 when this one is.

    `is_braked` says that it is let through for who then gives a second factor, and for nobody else.
    """

    wait: int = 0
    is_braked: bool = False
    counted: list[ratelimit.RateLimitUsage] = field(default_factory=list)

    def forget(self) -> None:
        """Take back what was counted, because it succeeded."""
        for usage in self.counted:
            usage.rollback()


def begin(request: HttpRequest, email: str, address: str) -> Attempt:
    """Count an attempt of `email` from `address`. Raises `TooManyRequestsError` when the network makes too many."""
    email = email.lower()
    attempt = Attempt()
    if device := known_device(request, email):
        _count(request, attempt, "device", f"{email}|{device}")
        return attempt
    if ratelimit.consume(request, app=ATTEMPTS_OF, action="requests", config=LIMITS) is None:
        raise TooManyRequestsError
    near = f"{email}|{network_of(address)}"
    if not (_count(request, attempt, "network", near) and _count(request, attempt, "person", near)):
        return attempt
    if not _count(request, attempt, "everywhere", email) and _count(request, attempt, "brake", email):
        attempt.wait = 0
    attempt.is_braked = attempt.wait > 0
    return attempt


def _count(request: HttpRequest, attempt: Attempt, action: str, key: str) -> bool:
    usage = ratelimit.consume(request, app=ATTEMPTS_OF, action=action, config=LIMITS, key=key)
    if usage is None:
        attempt.wait = max(seconds_to_wait(request, action, key), 1)
        return False
    attempt.counted.append(usage)
    return True


def seconds_to_wait(request: HttpRequest, action: str, key: str) -> int:
    """Seconds until `action` is let through again for this address and `key`; 0 when it is now."""
    waits = [0.0]
    for rate in ratelimit.get_rates(app=ATTEMPTS_OF, action=action, config=LIMITS):
        kept = ratelimit.get_cache_key(request, app=ATTEMPTS_OF, action=action, rate=rate, key=key)
        moments = cache.get(kept, [])
        if len(moments) >= rate.amount:
            waits.append(moments[-1] + rate.duration - time.time())
    return math.ceil(max(waits))


def longest() -> int:
    """Minutes for which an attempt to sign in counts, the longest of all limits."""
    rates = [rate for action in LIMITS for rate in ratelimit.get_rates(app="", action=action, config=LIMITS)]
    minutes: int = max(math.ceil(rate.duration / MINUTE) for rate in rates)
    return minutes


def in_words(seconds: int) -> str:
    """A wait as people say it: seconds below a minute, else minutes rounded up."""
    if seconds < MINUTE:
        seconds = max(seconds, 1)
        return ngettext("%(count)s secondo", "%(count)s secondi", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / MINUTE)
    return ngettext("%(count)s minuto", "%(count)s minuti", minutes) % {"count": minutes}
