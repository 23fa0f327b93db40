"""Funnel plots: every office of a cluster with its number of cases, and limits that are wide where cases are few.

Read beside a ranking, they tell which differences chance and the usual spread between offices explain: inside the
limits an office of eight people is not worse than its neighbours, it is small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.measurement.alarms.facts import Counts, Facts
from piramide.measurement.alarms.indicators import Share, sums
from piramide.measurement.alarms.judging import fit, groups
from piramide.measurement.alarms.reference import expit, logit
from piramide.measurement.alarms.tails import Floats, normal_score
from piramide.measurement.alarms.unlike import without_past
from piramide.measurement.alarms.window import Window

INNER, OUTER = 0.95, 0.998
_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Point:
    """An office: cases in the denominator, value of the indicator, score (distance in units of chance and spread)."""

    office: str
    denominator: int
    value: float
    score: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Where 95 % and 99.8 % of honest offices lie that have this denominator."""

    denominator: float
    low_outer: float
    low_inner: float
    high_inner: float
    high_outer: float


@dataclass(frozen=True, slots=True)
class FunnelPlot:
    """What a chart needs: points, mean of the cluster, limits along the denominators, spread between offices."""

    indicator: str
    cluster: str
    mean: float
    spread: float
    points: tuple[Point, ...]
    limits: tuple[Limits, ...]


def funnel_plots(facts: Facts, window: Window, indicator: Share) -> tuple[FunnelPlot, ...]:
    """One plot for each cluster of at least eight offices; `indicators.declared` has the indicators."""
    counts = without_past(sums(facts, window).counts(indicator))
    return tuple(_plot(group, facts, indicator.id) for group in groups(counts.of(counts.whole > 0), facts))


def limits(mean: float, spread: float, denominators: Floats) -> tuple[Limits, ...]:
    """Limits at some denominators around a mean share, on the scale of log-odds and back.

    >>> [round(limit.high_inner, 3) for limit in limits(0.5, 0.0, np.array([20.0, 2000.0]))]
    [0.706, 0.522]
    """
    reach = np.sqrt(1.0 / (denominators * mean * (1.0 - mean)) + spread**2)
    inner, outer = (normal_score((1.0 - covered) / 2.0) for covered in (INNER, OUTER))
    middle = logit(np.array(mean))
    bounds = [expit(middle + factor * reach) for factor in (-outer, -inner, inner, outer)]
    return tuple(Limits(*map(float, row)) for row in zip(denominators, *bounds, strict=True))


def _plot(group: Counts, facts: Facts, indicator: str) -> FunnelPlot:
    fitted = fit(group)
    mean = float(fitted.share[0])
    rows = zip(group.offices, group.part, group.whole, fitted.scores, strict=True)
    points = tuple(
        Point(facts.structures.get(int(office), str(office)), int(whole), float(part / whole), float(score))
        for office, part, whole, score in rows
    )
    grid = np.geomspace(max(float(group.whole.min()), 1.0), float(group.whole.max()), _STEPS)
    cluster = facts.cluster(int(group.offices[0]))
    return FunnelPlot(indicator, cluster, mean, fitted.common_spread, points, limits(mean, fitted.common_spread, grid))
