"""The plan of production of a year: need, hours, what is lacking, levers with their cost, and every month's flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.production.flow import Coming, Produced, produce
from piramide.planning.production.levers import LeverLimit, LeverUsed, levers_for
from piramide.planning.production.need import hours_needed, to_resolve
from piramide.planning.targets import Families, Targets, ceilings, days_left

Floats = NDArray[np.float64]

QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Year:
    """What a year brings and who is there: see `Coming`; `incoming_points` [office, line] are of all receipts.

    `hours` [office, month] are at hand, `points_per_hour` [office].
    """

    coming: Coming
    incoming_points: Floats
    hours: Floats
    points_per_hour: Floats


@dataclass(frozen=True, slots=True)
class Production:
    """The plan: what has to be resolved [office, group] in points, hours, levers by office, and every month's flow."""

    families: Families
    targets: Targets
    ceiling: Floats
    wanted: Floats
    need_hours: Floats
    hours: Floats
    levers: tuple[tuple[LeverUsed, ...], ...]
    flow: Produced
    year: Year

    @property
    def shortfall(self) -> Floats:
        """Hours that are lacking at each office before any lever."""
        lacking: Floats = np.maximum(self.need_hours - self.hours, 0.0)
        return lacking

    @property
    def uncovered(self) -> Floats:
        """Hours that are lacking after all levers."""
        found = np.array([sum(lever.hours for lever in used) for used in self.levers])
        left: Floats = np.maximum(self.shortfall - found, 0.0)
        return left

    def days(self) -> Floats:
        """Days of receipts that are left at the end of the year, [office, group]; NaN where nothing comes."""
        left = self.families.by_group(self.flow.pending_points[..., -1])
        return days_left(left, self.families.by_group(self.year.incoming_points))

    def clearance(self) -> Floats:
        """Points resolved over those received by hand in the year, [office, group]; NaN where nothing comes."""
        done = self.families.by_group(self.flow.points.sum(axis=2))
        came = self.families.by_group(self.year.coming.received_points.sum(axis=2))
        return np.divide(done, came, out=np.full_like(done, np.nan), where=came > 0)

    def profile(self) -> Floats:
        """Part of the year's points resolved by the end of each quarter, [office, quarter]; NaN where nothing is."""
        return profile_of(self.flow.points.sum(axis=1))


def profile_of(by_month: Floats) -> Floats:
    """Cumulated parts of the whole at the end of each quarter, [row, quarter], from figures [row, month]."""
    reached = np.cumsum(by_month, axis=1)
    whole = reached[:, -1:]
    ends = reached[:, QUARTER - 1 :: QUARTER]
    return np.divide(ends, whole, out=np.full_like(ends, np.nan), where=whole > 0)


def plan_production(year: Year, families: Families, targets: Targets, levers: Sequence[LeverLimit]) -> Production:
    """Plan a year: for what is left to stay within the targets, with the hours at hand and then the cheapest levers.

    An office that lacks hours after all levers resolves what its hours do, and its shortfall is told.
    """
    coming = year.coming
    opening = families.by_group(coming.opening_points)
    received = families.by_group(coming.received_points.sum(axis=2))
    ceiling = ceilings(targets.days, families.by_group(year.incoming_points))
    wanted = to_resolve(opening, received, ceiling, targets.clearance)
    need = hours_needed(wanted.sum(axis=1), year.points_per_hour)
    at_hand = year.hours.sum(axis=1)
    lacking = np.where(np.isfinite(need), np.maximum(need - at_hand, 0.0), 0.0)
    used = tuple(tuple(levers_for(float(hours), levers)) for hours in lacking)
    added = np.array([sum(lever.hours for lever in each) for each in used])
    even = np.full(year.hours.shape, 1.0 / year.hours.shape[1])
    part = np.divide(year.hours, at_hand[:, None], out=even, where=at_hand[:, None] > 0)
    capacity = (year.hours + added[:, None] * part) * year.points_per_hour[:, None]
    flow = produce(coming, families, wanted, capacity)
    return Production(families, targets, ceiling, wanted, need, at_hand, used, flow, year)
