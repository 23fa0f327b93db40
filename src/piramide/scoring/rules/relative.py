"""The relative distance of a value from its target: gap up and down, zero gap, milestone, shares, ratio points.

    gap = sign x (value - target) / target        (R1, R8, R9, R25, R37)

The value counts from the least to the most that its kind can be. A missing one can be anything within its bounds (R44).
"""

from __future__ import annotations

import numpy as np

from piramide.scoring.arrays import within
from piramide.scoring.rules.kinds import relative_gap
from piramide.scoring.rules.work import Reach, Work


def score(work: Work) -> None:
    """Gaps of the cells that have a value and a target above zero."""
    cells = work.cells
    here = cells.relative & work.present & work.has_target & (work.targets > 0).all(axis=1)
    compared = within(work.values[here], cells.floors[here, None], cells.ceilings[here, None])
    work.raw[here] = relative_gap(compared, work.targets[here], cells.signs[here, None])
    work.points[here] = (1 + work.raw[here]) * cells.ratio_points[here, None]
    work.settle(here)


def reach(work: Work, reach: Reach) -> None:
    """From the gap of the least value to that of the greatest, or the other way round where less is better."""
    cells = work.cells
    here = np.flatnonzero(cells.relative & work.has_target & (work.targets[:, 0] > 0))
    signs, targets = cells.signs[here, None], work.targets[here, :1]
    ends = [relative_gap(bound[here, None], targets, signs) for bound in (cells.least, cells.most)]
    reach.narrow(here, np.minimum(*ends), np.maximum(*ends))
