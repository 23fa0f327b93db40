"""Months ahead, and the hours that people have in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MONTHS: Final = 12
DAYS_OF_YEAR: Final = 360
"""Days of a year by which pending work is told: `360 × pending / received in twelve months`."""

ITEMS: Final = ("working_days", "day_hours", "presence", "training", "other", "overtime_most")
"""Items of the dataset `working_hours`."""


def months_from(first: str, count: int) -> tuple[str, ...]:
    """`count` consecutive months, `2025-01` first."""
    start = place_of(first)
    return tuple(month_at(place) for place in range(start, start + count))


def place_of(month: str) -> int:
    """Months since the year 0."""
    year, number = month.split("-")
    return int(year) * MONTHS + int(number) - 1


def month_at(place: int) -> str:
    """The month at a place: `2025-01`."""
    return f"{place // MONTHS:04d}-{place % MONTHS + 1:02d}"


def is_month(text: str) -> bool:
    """Whether a text is a month as `2025-01`."""
    year, _, number = text.partition("-")
    is_written = len(text) == len("2025-01") and text.isascii() and (year + number).isdecimal()
    return is_written and len(year) == len("2025") and 1 <= int(number) <= MONTHS


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """What a month gives to whoever works at an office; arrays are [office, month], NaN where nobody said.

    Days that are worked (days), hours of such a day (hours), the part of them that people are there (presence), and
    hours of the office that go to training and to other things than cases (training, other).
    """

    working_days: Floats
    day_hours: Floats
    presence: Floats
    training: Floats
    other: Floats

    def hours(self, fte: Floats) -> Floats:
        """Hours at hand for cases: `fte × days × hours a day × presence − training − other`, never below zero.

        NaN where days, hours of a day or presence are not known.
        """
        taken = np.nan_to_num(self.training) + np.nan_to_num(self.other)
        gross: Floats = fte * self.working_days * self.day_hours * self.presence
        return np.maximum(gross - taken, 0.0)
