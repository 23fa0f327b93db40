"""The Italian calendar of an office: national holidays, working days, the shape of a week and of a year."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int32]

EPOCH: Final = date(1970, 1, 1)
SLOTS: Final = 4096
HOURS_A_DAY: Final = 7.2

_FIXED: Final = ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26))
_WEEK: Final = (1.25, 1.08, 1.0, 0.94, 0.73)
# Share of the working hours of a month that staff is there for, leave and sickness taken off.
_PRESENCE: Final = (0.81, 0.84, 0.86, 0.83, 0.85, 0.82, 0.73, 0.52, 0.84, 0.87, 0.85, 0.71)


def number(day: date) -> int:
    """The day as Arrow counts it, from 1970."""
    return (day - EPOCH).days


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    a, b, c = year % 19, year // 100, year % 100
    e = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - b // 4 - e + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> frozenset[date]:
    """National holidays; the patron of each town is left out.

    >>> sorted(holidays(2024) - holidays(2023) | set())[3].isoformat()
    '2024-04-25'
    """
    return frozenset({date(year, *day) for day in _FIXED} | {easter(year) + timedelta(days=1)})


def is_working(day: date) -> bool:
    """Monday to Friday, holidays apart."""
    return day.weekday() < 5 and day not in holidays(day.year)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the facts: `working` and `calendar_days` are day numbers, `slots` a draw of 12 bits to a working day.

    `position` gives the place among the working days of each day of the month, counted from the first.
    """

    year: int
    month: int
    index: int
    working: Days
    calendar_days: Days
    slots: Days
    position: Days

    @property
    def first(self) -> int:
        """Number of the first day."""
        return int(self.calendar_days[0])

    @property
    def label(self) -> str:
        """`2024-09`."""
        return f"{self.year}-{self.month:02d}"

    @property
    def presence(self) -> float:
        """Part of the working hours that staff is there for."""
        return _PRESENCE[self.month - 1]

    @property
    def hours_a_head(self) -> float:
        """Hours that one full-time equivalent works in the month."""
        return len(self.working) * HOURS_A_DAY * self.presence


def month_of(year: int, month: int, index: int = 0) -> Month:
    """The calendar of one month."""
    days = [date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1])]
    open_days = [is_working(day) for day in days]
    working = np.array([number(day) for day, is_open in zip(days, open_days, strict=True) if is_open], dtype=np.int32)
    weights = np.array([_WEEK[day.weekday()] for day, is_open in zip(days, open_days, strict=True) if is_open])
    edges = np.cumsum(weights) / weights.sum()
    slots = np.searchsorted(edges, (np.arange(SLOTS) + 0.5) / SLOTS).astype(np.int32)
    position = (np.cumsum(open_days) - 1).astype(np.int32)
    return Month(year, month, index, working, np.array([number(day) for day in days], np.int32), slots, position)


def months_of(years: Iterable[int]) -> tuple[Month, ...]:
    """Every month of the years, in order."""
    pairs = [(year, month) for year in years for month in range(1, 13)]
    return tuple(month_of(year, month, index) for index, (year, month) in enumerate(pairs))


def working_days_before(first: int, count: int) -> Days:
    """The last working day on or before each of the `count` days that precede day number `first`, oldest last."""
    days: list[int] = []
    for back in range(1, count + 1):
        day = EPOCH + timedelta(days=first - back)
        while not is_working(day):
            day -= timedelta(days=1)
        days.append(number(day))
    return np.array(days, dtype=np.int32)
