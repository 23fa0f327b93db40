"""How long somebody who tried too often must wait. The attempts are counted in the database, so by all processes."""

from __future__ import annotations

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

ATTEMPTS_OF = "allauth.account"
MINUTE = 60


def seconds_to_wait(request: HttpRequest, action: str, key: str | None = None) -> int:
    """Seconds until `action` is let through again for this address and `key`; 0 when it is now."""
    waits = [0.0]
    for rate in ratelimit.get_rates(app=ATTEMPTS_OF, action=action):
        if rate.per == "key" and key is None:
            continue
        kept = ratelimit.get_cache_key(request, app=ATTEMPTS_OF, action=action, rate=rate, key=key)
        moments = cache.get(kept, [])
        if len(moments) >= rate.amount:
            waits.append(moments[-1] + rate.duration - time.time())
    return math.ceil(max(waits))


def in_words(seconds: int) -> str:
    """A wait as people say it: seconds below a minute, else minutes rounded up."""
    if seconds < MINUTE:
        seconds = max(seconds, 1)
        return ngettext("%(count)s secondo", "%(count)s secondi", seconds) % {"count": seconds}
    minutes = math.ceil(seconds / MINUTE)
    return ngettext("%(count)s minuto", "%(count)s minuti", minutes) % {"count": minutes}
