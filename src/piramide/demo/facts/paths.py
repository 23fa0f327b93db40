"""Where pending work should stand at the end of each month, so that each year ends where the calibration asks.

Between two year ends pending moves on a line, bent by the seasons: receipts and working hours do not peak together, and
lines with more pending work take more of the swing.
"""

from __future__ import annotations

import numpy as np

from piramide.demo.facts.catalogue import Lines
from piramide.demo.facts.hashing import Integers, Reals
from piramide.demo.facts.staffing import INSPECTION, Staffing
from piramide.demo.facts.workload import Workload, seasons


def expected_pending(of: Lines, work: Workload, staff: Staffing, by_hand: Reals) -> Integers:
    """Hundredths of a standard hour pending by [month, site, line]."""
    season, sites = seasons(of), work.received.shape[1]
    months = []
    for year in range(len(work.received)):
        coming = (work.received[year] * by_hand)[:, ~of.where(*INSPECTION)]
        shape = coming @ season[~of.where(*INSPECTION)]
        capacity = staff.capacity[year * 12 : year * 12 + 12, :sites].T
        swing = np.cumsum(shape, axis=1) - np.cumsum(capacity / capacity.sum(axis=1, keepdims=True), axis=1) * (
            coming.sum(axis=1, keepdims=True)
        )
        for month in range(12):
            part = (month + 1) / 12
            line = work.pending[year] * (1 - part) + work.pending[year + 1] * part
            months.append(line * (1 + swing[:, month] / np.maximum(line.sum(axis=1), 1e-9))[:, None])
    expected: Integers = np.rint(np.maximum(np.array(months), 0.0) * 100).astype(np.int64)
    return expected
