"""From the gaps of the leaves to the indices of every node and sheet, as floats or as fractions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.scoring.arrays import FULL, Flags, Numbers
from piramide.scoring.gaps import Bounds, Gaps
from piramide.scoring.layout import Layout

CLOSE: Final = 1e-9
"""How far from one the weights of a complete sheet may add up."""


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Indices on 100 at every position of the layout.

    `complete` and `measured` say where the first two hold, `reaches` where the band does. `total` is the weighted sum
    of the gaps below, each by the share of it that is known.
    """

    total: Numbers
    index: Numbers
    index_measured: Numbers
    index_low: Numbers
    index_high: Numbers
    coverage: Numbers
    complete: Flags
    measured: Flags
    reaches: Flags


def roll_up(layout: Layout, gaps: Gaps, bounds: Bounds) -> Indices:
    """Indices of every node and sheet: weighted means of the leaves below, and the band of what is missing.

    A sheet is complete when no leaf that weighs lacks a part of its gap. What it lacks lies anywhere within the reach
    of its rule (R44).
    """
    leaves = slice(0, len(layout.leaves))
    scored, share = gaps.scored[leaves], gaps.share[leaves]
    known = share * gaps.capped[leaves, 0]
    total, coverage = layout.roll_up(known), layout.roll_up(share)
    absent = layout.roll_up((~scored).astype(np.float64))
    below = layout.roll_up(np.where(scored, 0, bounds.low[leaves] - known))
    above = layout.roll_up(np.where(scored, 0, bounds.high[leaves] - known))
    complete = (absent == 0) & (np.abs(coverage.astype(np.float64) - 1) < CLOSE)
    measured = coverage > 0
    index: Numbers = (total + 1) * FULL
    partly = np.flatnonzero(measured & ~complete)
    index_measured = index.copy()
    index_measured[partly] = (total[partly] / coverage[partly] + 1) * FULL
    missing = np.flatnonzero(~complete)
    index_low, index_high = index.copy(), index.copy()
    index_low[missing] = (total[missing] + below[missing]) * FULL + FULL
    index_high[missing] = (total[missing] + above[missing]) * FULL + FULL
    reaches = np.ones(layout.size, np.bool_)
    reaches[layout.leaves] = bounds.reaches[leaves]
    return Indices(
        total=total,
        index=index,
        index_measured=index_measured,
        index_low=index_low,
        index_high=index_high,
        coverage=np.where(complete, 1, coverage),
        complete=complete,
        measured=measured,
        reaches=reaches,
    )
