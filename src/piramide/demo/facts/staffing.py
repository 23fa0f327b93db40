"""Staff of each office and what it can do in a month: the bound on everything that is resolved.

Production staff follows from the points of a year and the published productivity; people leave through the year and
are hired in January. Hours are whole hundredths, so that no machine adds them differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.catalogue import Lines
from piramide.demo.facts.hashing import Integers, Reals, generator
from piramide.demo.facts.offices import Offices, Sharing
from piramide.demo.facts.published import PRODUCTIVITY_2020, PRODUCTIVITY_2021
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.workload import Workload

INSPECTION: Final = ("B2",)
AT_ONCE: Final = ("C4", "E1", "E2", "F1", "G")
"""Lines without pending work: what comes in is done within days."""

_STREAM = 5
_OFFICE_SPREAD = 0.04
_LEAVING = 0.04
_INSPECTION_POINTS_A_MONTH = 60.0


@dataclass(frozen=True, slots=True)
class Staffing:
    """By [month, office]: full-time equivalents in hundredths, capacity in hundredths of a staff hour.

    `effort` [year, office] is staff hours for a thousand standard hours; `lent` [month, pair] the staff hours that a
    provider keeps for the cases of others; `inspectors` [year, office] in hundredths of a full-time equivalent.
    """

    fte: Integers
    capacity: Integers
    effort: Integers
    lent: Integers
    inspectors: Integers


def shared_lines(of: Lines) -> npt.NDArray[np.bool_]:
    """Lines whose cases another office may work."""
    return ~of.where(*INSPECTION, *AT_ONCE)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a year asks of the staff of each [year, office]: `points` to resolve, those `by_hand`, those `inspected`.

    `moved` [year, pair] are the points that another office works.
    """

    points: Reals
    by_hand: Reals
    inspected: Reals
    moved: Reals


def demand_of(of: Lines, by_hand: Reals, at: Offices, pairs: Sharing, work: Workload) -> Demand:
    """Count work where it is done: at the provider, when it is shared."""
    count, years = len(at.ids), len(work.received)
    inspection, shareable = of.where(*INSPECTION), shared_lines(of)
    given = (work.received[:, pairs.receiver] * by_hand)[:, :, shareable]
    moved = given.sum(axis=2) * pairs.part
    points, manual, inspected = (np.zeros((years, count)) for _ in range(3))
    points[:, : at.sites] = work.resolved[:, :, ~inspection].sum(axis=2)
    inspected[:, : at.sites] = work.resolved[:, :, inspection].sum(axis=2)
    automatic = (work.received * (1 - by_hand))[:, :, ~inspection].sum(axis=2)
    manual[:, : at.sites] = points[:, : at.sites] - automatic
    for total in (points, manual):
        for year in range(years):
            total[year] += np.bincount(pairs.provider, moved[year], count)
            total[year] -= np.bincount(pairs.receiver, moved[year], count)
    return Demand(points, manual, inspected, moved)


def staffing(demand: Demand, pairs: Sharing, months: tuple[Month, ...], seed: int) -> Staffing:
    """Staff and capacity of every office and month."""
    years, count = demand.points.shape
    fte = _full_time_equivalents(demand.points, months, seed)
    hours = np.array([month.hours_a_head for month in months])
    capacity = np.floor(fte * hours[:, None]).astype(np.int64)
    yearly = capacity.reshape(years, 12, count).sum(axis=1)
    effort = np.maximum(np.rint(yearly / 100 / demand.by_hand * 1000), 1).astype(np.int64)
    inspectors = _whole(demand.inspected / 12 / _INSPECTION_POINTS_A_MONTH * 100)
    return Staffing(fte, capacity, effort, _lent(demand.moved, effort, capacity, pairs, years), inspectors)


def _whole(amounts: Reals) -> Integers:
    whole: Integers = np.ceil(amounts).astype(np.int64)
    return whole


def _full_time_equivalents(points: Reals, months: tuple[Month, ...], seed: int) -> Integers:
    """Hundredths of a full-time equivalent by [month, office], at least one hundredth."""
    rng = generator(seed, _STREAM)
    spread = np.exp(_OFFICE_SPREAD * rng.standard_normal(points.shape[1]))
    years = []
    for year in range(len(months) // 12):
        productivity = PRODUCTIVITY_2020 if year == 0 else PRODUCTIVITY_2021
        mean = points[year] * spread
        mean *= points[year].sum() / mean.sum() / 12 / productivity * 100
        leaving = 1 + _LEAVING * (0.5 - (np.arange(12) + 0.5) / 12)
        bumps = 1 + 0.004 * rng.standard_normal((12, points.shape[1]))
        shape = leaving[:, None] * bumps
        years.append(mean * shape / shape.mean(axis=0))
    fte: Integers = np.maximum(np.rint(np.concatenate(years)), 1).astype(np.int64)
    return fte


def _lent(moved: Reals, effort: Integers, capacity: Integers, pairs: Sharing, years: int) -> Integers:
    """Hundredths of a staff hour kept for each pair, spread through the year as the provider's capacity is."""
    months = []
    for month in range(years * 12):
        year = month // 12
        yearly = capacity[year * 12 : year * 12 + 12, pairs.provider].sum(axis=0)
        part = capacity[month, pairs.provider] / yearly
        months.append(moved[year] * effort[year, pairs.provider] / 10 * part)
    lent: Integers = np.floor(np.array(months)).astype(np.int64)
    return lent
