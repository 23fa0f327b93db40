"""Who will be there: people by month as the staff plan says, what they can do in an hour, and the hours at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.calendar import WorkingTime
from piramide.planning.state import BACK, WorkState

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

ENOUGH_HOURS: Final = 200.0
"""Staff hours in twelve months below which an office's own productivity says too little, and its region's holds."""


class Change(StrEnum):
    """What a row of the staff plan says happens."""

    LEAVES = "leaves"
    JOINS = "joins"
    PART_TIME = "part_time"


@dataclass(frozen=True, slots=True)
class StaffChange:
    """A row of the staff plan: `month` counts from the first month planned; earlier ones are negative."""

    office: int
    month: int
    change: Change
    fte: float
    is_certain: bool = True


def counted_fte(
    base: Floats, changes: Iterable[StaffChange], months: int, learning: Sequence[float], *, only_certain: bool = False
) -> Floats:
    """Full-time equivalents that count for work, [office, month], from those of the last month known.

    Whoever leaves or goes part-time counts no more from that month on; whoever joins counts for `learning[k]` in the
    k-th month since, and in full after the last of them.
    """
    counted: Floats = np.repeat(np.asarray(base, np.float64)[:, None], months, axis=1)
    for change in changes:
        if only_certain and not change.is_certain:
            continue
        start = max(change.month, 0)
        if change.change is not Change.JOINS:
            counted[change.office, start:] -= change.fte
            continue
        for month in range(start, months):
            since = month - change.month
            counted[change.office, month] += change.fte * (learning[since] if since < len(learning) else 1.0)
    return np.maximum(counted, 0.0)


@dataclass(frozen=True, slots=True)
class Productivity:
    """Points that an hour of each office does, [office], over how many hours, and whether that is the region's.

    Zero where neither office nor region nor nation worked a single hour.
    """

    points_per_hour: Floats
    hours: Floats
    is_regional: Truth


def productivity_of(state: WorkState) -> Productivity:
    """Points done by hand at the office of work over its staff hours, in the last twelve months."""
    points = state.done_points[..., -BACK:].sum(axis=(1, 2))
    hours = state.staff_hours[:, -BACK:].sum(axis=1)
    regions = [office.region for office in state.offices]
    names = sorted(set(regions))
    at = np.array([names.index(region) for region in regions], np.intp)
    points_of, hours_of = (np.bincount(at, weights=each, minlength=len(names)) for each in (points, hours))
    nation = points.sum() / hours.sum() if hours.sum() > 0 else 0.0
    ratio = np.divide(points_of, hours_of, out=np.full(len(names), nation), where=hours_of > 0)
    few = hours < ENOUGH_HOURS
    own = np.divide(points, hours, out=np.zeros_like(points), where=hours > 0)
    return Productivity(np.where(few, ratio[at], own), hours, few)


@dataclass(frozen=True, slots=True)
class HoursAtHand:
    """Hours for cases of each office in each month ahead, and which of them come from history alone."""

    hours: Floats
    is_history: Truth


def hours_from_history(state: WorkState, months: int) -> Floats:
    """Hours of the same month a year before, [office, month]; of less than a year of history, its mean month."""
    known = state.staff_hours
    if known.shape[1] < BACK:
        mean = known.mean(axis=1, keepdims=True) if known.shape[1] else np.zeros((len(known), 1))
        return np.repeat(mean, months, axis=1)
    return known[:, -BACK:][:, np.arange(months) % BACK]


def hours_at_hand(
    state: WorkState, months: int, fte: Floats | None = None, time: WorkingTime | None = None
) -> HoursAtHand:
    """Hours of staff plan and calendar where both speak of an office and a month, else those of history."""
    history = hours_from_history(state, months)
    if fte is None or time is None:
        return HoursAtHand(history, np.ones(history.shape, bool))
    planned = time.hours(fte)
    unknown = np.isnan(planned)
    return HoursAtHand(np.where(unknown, history, planned), unknown)
