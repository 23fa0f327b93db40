"""Hours that are lacking, and the ways to find them: the cheapest first, each within its limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeverLimit:
    """A way to more hours: at most `hours` a year for an office, at `euro` an hour."""

    id: str
    hours: float
    euro: float


@dataclass(frozen=True, slots=True)
class LeverUsed:
    """Hours that a lever gives, and what they cost."""

    id: str
    hours: float
    euro: float


def levers_for(lacking: float, levers: Iterable[LeverLimit]) -> list[LeverUsed]:
    """The levers used for the hours lacking, in order of cost; what none gives stays lacking."""
    used = []
    for lever in sorted(levers, key=lambda one: (one.euro, one.id)):
        hours = min(max(lacking, 0.0), lever.hours)
        if hours > 0:
            used.append(LeverUsed(lever.id, hours, hours * lever.euro))
            lacking -= hours
    return used
