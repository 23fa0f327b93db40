"""The points of the band that holds the value, against the target in points (R26, R35).

    gap = points / target - 1

A band goes from above its low edge up to and including its high one; beyond the scale the outermost band holds.
"""

from __future__ import annotations

import numpy as np

from piramide.scoring.arrays import Numbers, within
from piramide.scoring.rules.work import Reach, Work


def points_of_bands(values: Numbers, edges: Numbers, points: Numbers) -> Numbers:
    """Points of the band that holds each value.

    `edges` are the low edge of the first band, which belongs to it, and the high edges of all; they rise.
    """
    held = within(values, edges[0], edges[-1])
    answer: Numbers = points[np.searchsorted(edges[1:], held, side="left")]
    return answer


def score(work: Work) -> None:
    """Points of every value; a gap where there is a target in points."""
    for group in work.cells.bands:
        work.points[group.cells] = points_of_bands(work.values[group.cells], group.edges, group.points)
        work.raw[group.cells] = work.points[group.cells] / work.targets[group.cells] - 1
        here = np.zeros_like(work.scored)
        here[group.cells] = work.present[group.cells] & work.has_target[group.cells]
        work.settle(here)


def reach(work: Work, reach: Reach) -> None:
    """The points of the worst and of the best band that the value can lie in."""
    cells = work.cells
    here = np.flatnonzero(cells.in_bands & work.has_target)
    least, most = cells.least_points[here, None], cells.most_points[here, None]
    reach.narrow(here, least / work.targets[here, :1] - 1, most / work.targets[here, :1] - 1)
