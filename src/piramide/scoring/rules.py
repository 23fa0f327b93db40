"""From values to gaps: the few kinds of rule, each on arrays.

Shapes: `values` is (cells, scenarios); what belongs to a cell (target, cap, bounds) is (cells, 1). Gaps are fractions,
positive when favourable, not yet capped: `capped` does that, at the leaves alone (R2). Absence never enters here: the
caller masks what has no value.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]

FULL: Final = 100.0
"""What an index, a milestone and a sum of shares aim at."""
MOST_SHARES: Final = 150.0
"""A sum of shares counts up to here (R25)."""


def relative_gap(values: Floats, targets: Floats, signs: Floats) -> Floats:
    """Signed relative distance from the target: (A - T) / T, or (T - A) / T where `signs` is -1 (R1)."""
    return signs * ((values - targets) / targets)


def capped(gaps: Floats, low: Floats, high: Floats) -> Floats:
    """Gaps within `[low, high]`: the cap on both sides, or nothing above zero where gains do not count (R2, R9)."""
    return np.minimum(np.maximum(gaps, low), high)


def checkpoint_gap(met: Flags, known: Flags, mandatory: Flags, starts: Positions) -> tuple[Floats, Flags]:
    """Share of known checkpoints met, less one; a mandatory one failed is -1 (R22, R23, R36, R41).

    `met` and `known` are (checkpoints, scenarios), `mandatory` is (checkpoints, 1); the checkpoints of one cell follow
    each other from `starts[cell]` on. Answers the gaps and whether any checkpoint was known.
    """
    count = np.add.reduceat(known, starts, axis=0, dtype=np.float64)
    passed = np.add.reduceat(met & known, starts, axis=0, dtype=np.float64)
    failed = np.logical_or.reduceat(mandatory & known & ~met, starts, axis=0)
    share = np.divide(passed, count, out=np.zeros_like(passed), where=count > 0)
    return np.where(failed, -1.0, share - 1.0), count > 0


def points_of_bands(values: Floats, edges: Floats, points: Floats) -> tuple[Floats, Flags]:
    """Points of the band that holds each value: above its low edge, up to and including its high one (R26, R35).

    `edges` are the low edge of the first band, which belongs to it, and the high edges of all; they rise. Answers the
    points (0 outside the scale) and whether the value lies on the scale.
    """
    inside = (values >= edges[0]) & (values <= edges[-1])
    band = np.searchsorted(edges[1:], np.where(inside, values, edges[0]), side="left")
    return np.where(inside, points[band], 0.0), inside


def weighted_sum(parts: Floats, shares: Floats, starts: Positions) -> Floats:
    """Sum of share x part for each composite; its parts follow each other from `starts[composite]` on.

    `parts` is (parts, scenarios), `shares` is (parts, 1) (R18-R20, R24-R27).
    """
    return np.add.reduceat(shares * parts, starts, axis=0)


def safe_harbour(parameters: Floats, values: Floats, cluster_means: Floats, full: float) -> Floats:
    """The step parameter, or the full one for a site that already does better than its cluster's mean (R35)."""
    return np.where(values > cluster_means, full, parameters)
