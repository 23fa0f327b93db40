"""What a target that cannot be computed yet waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Awaited:
    """A parameter that has no value yet, by its label, and the first day on which it has one."""

    label: str
    since: date
