"""How far what is not known can move the index of each structure, for who scores many scenarios at once."""

from __future__ import annotations

import numpy as np

from piramide.scoring.arrays import Floats
from piramide.scoring.gaps import Scoring
from piramide.scoring.indices import roll_up
from piramide.scoring.plan import Plan
from piramide.scoring.rules.work import Known
from piramide.scoring.score_of import with_scores


def open_reach(plan: Plan, known: Known, values: Floats) -> tuple[Floats, Floats]:
    """Points of index below and above that of what is known, by structure of the layout (R44); nothing where all is.

    `values` (cells,) are those of one scenario: they matter where a cell is known in part.
    """
    moments = np.zeros((len(plan.moments), len(values), 1))
    moments[0, :, 0] = values
    gaps, bounds = with_scores(plan.layout, plan.takings, Scoring(plan.cells, moments, known))
    indices = roll_up(plan.layout, gaps, bounds)
    roots = slice(len(plan.layout.nodes), None)
    low, high = ((ends - indices.index)[roots].astype(np.float64) for ends in (indices.index_low, indices.index_high))
    return low, high
