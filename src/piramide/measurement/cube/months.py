"""The axis of months: thirteen places a year, the last one for the accounting closing, and windows that end at moments.

Arrays have months as their last axis. Windows give one column for each moment asked for.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.periods import FINAL, Moment

Numbers = NDArray[Any]
Flags = NDArray[np.bool_]

PLACES: Final = 13
"""Places of a year: twelve months and the closing."""
LATEST: Final = 3
"""A statement that is older than so many months is not the latest any more."""


def place_of(year: int, month: int) -> int:
    """Position of a month (1-12, or 13 for the closing) on the axis that begins in the year 0."""
    return year * PLACES + month - 1


@dataclass(frozen=True, slots=True)
class Axis:
    """Consecutive months: `first` is the place of the first one, `count` how many places there are."""

    first: int
    count: int

    @classmethod
    def over(cls, first: int, moments: Sequence[Moment]) -> Axis:
        """From the place `first`, or the year before the earliest moment, to the latest moment."""
        places = [place_of(moment.year, moment.month) for moment in moments]
        start = min([first, *(place - 2 * PLACES for place in places)])
        return cls(start, max(places) - start + 1)

    def days(self) -> NDArray[np.int64]:
        """Days of each month; none of the closing."""
        places = range(self.first, self.first + self.count)
        return np.array([_days(*divmod(place, PLACES)) for place in places], np.int64)


def _days(year: int, month: int) -> int:
    return 0 if month == FINAL - 1 else calendar.monthrange(year, month + 1)[1]


def earlier(moment: Moment, before: str) -> Moment:
    """The moment a year earlier: the `same_moment`, or that year's `year_end`; itself for an empty `before`."""
    if not before:
        return moment
    return replace(moment, year=moment.year - 1, month=FINAL if before == "year_end" else moment.month)


@dataclass(frozen=True, slots=True)
class Window:
    """Columns `[start, end)` of an axis for each moment, and how many calendar months they span."""

    start: NDArray[np.intp]
    end: NDArray[np.intp]
    months: NDArray[np.int64]

    def total(self, monthly: Numbers) -> Numbers:
        """Sums over each window, exact for integers."""
        running = np.zeros((*monthly.shape[:-1], monthly.shape[-1] + 1), monthly.dtype)
        np.cumsum(monthly, axis=-1, out=running[..., 1:])
        total: Numbers = running[..., self.end] - running[..., self.start]
        return total

    def any(self, monthly: Flags) -> Flags:
        """Whether any month of each window is true."""
        return np.asarray(self.total(monthly.astype(np.int64)) > 0)


def window(name: str, axis: Axis, moments: Sequence[Moment]) -> Window:
    """The window called `name` (`period`, `year_to_date`, `trailing_12`, `month_end`, `running`, `integral`)."""
    ends = np.array([place_of(m.year, m.month) - axis.first + 1 for m in moments], np.intp)
    months = np.array([min(m.month, FINAL - 1) for m in moments], np.int64)
    is_final = np.array([m.is_final for m in moments], np.bool_)
    opening = ends - months - is_final
    starts = {
        "year_to_date": opening,
        "integral": opening,
        "period": ends - 1 - is_final,
        "month_end": ends - 1 - is_final,
        "trailing_12": np.where(is_final, opening, ends - PLACES),
        "running": np.zeros_like(ends),
    }
    spans = {"year_to_date": months, "integral": months, "trailing_12": np.full_like(months, 12)}
    spans |= {"running": (ends - starts["running"]).astype(np.int64)}
    start = np.clip(starts[name], 0, axis.count)
    return Window(start, np.clip(ends, 0, axis.count), spans.get(name, np.ones_like(months)))


def latest(
    monthly: Numbers, stated: Flags, axis: Axis, moments: Sequence[Moment], within: int = LATEST
) -> tuple[Numbers, Flags]:
    """What the latest month states at each moment, and whether one does of the last `within` (a quarter) months.

    At a final moment the closing comes before December.
    """
    ends = np.array([place_of(m.year, m.month) - axis.first for m in moments], np.intp)
    values = np.zeros((*monthly.shape[:-1], len(moments)), monthly.dtype)
    found = np.zeros(values.shape, np.bool_)
    oldest = np.array([place_of(m.year, min(m.month, FINAL - 1)) for m in moments], np.intp)
    for back in range(LATEST + 2):  # a closing may lie between two months
        place = ends - back
        usable = (
            (place >= 0) & (place < axis.count) & (_month_count(oldest) - _month_count(place + axis.first) < within)
        )
        column = np.clip(place, 0, axis.count - 1)
        take = usable & stated[..., column] & ~found
        values = np.where(take, monthly[..., column], values)
        found |= take
    return values, found


def _month_count(places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Months since the year 0; a closing counts with its December."""
    years, months = np.divmod(places, PLACES)
    return np.asarray(years * 12 + np.minimum(months, 11))


def state_days(net: Numbers, weighted: Numbers, axis: Axis) -> Numbers:
    """The integral over each month of a level that changes by `net`: what stood before times the days, plus `weighted`.

    `weighted` are the changes times the days left in the month, the day itself included.
    """
    level = np.cumsum(net, axis=-1)
    return (level - net) * axis.days() + weighted
