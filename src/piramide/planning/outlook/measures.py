"""What a future makes of a measure of work: what is known of the year, and its part of the months ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.planning.outlook.futures import Flow, Futures

Floats = NDArray[np.float64]

ENOUGH = 12.0
"""Pieces or points of a year below which a structure's own part of a flow says too little, and the nation's holds."""


@dataclass(frozen=True, slots=True)
class WorkMeasure:
    """A measure that adds up work, for every structure: `known` of the year so far, `part` of the flow ahead.

    `lines` are the parts of each product line that count (0 to 1). What is known of a structure may be NaN.
    """

    flow: Flow
    in_points: bool
    lines: Floats
    known: Floats
    part: Floats

    def at_end(self, future: Futures, below: Floats) -> Floats:
        """Its value at the end of the year, [structure, draw]; `below` [structure, office] says who adds up to whom."""
        cells = (future.points if self.in_points else future.pieces)[self.flow]
        by_office = (cells.reshape(-1, cells.shape[2]) @ self.lines).reshape(cells.shape[:2])
        by_structure = below @ by_office.T
        ahead = self.part[:, None] * by_structure
        return ahead if self.flow is Flow.PENDING else self.known[:, None] + ahead


def part_of(measured: Floats, flow: Floats) -> Floats:
    """What a measure was of a flow, by structure; of all together where a structure had little of it."""
    there = np.isfinite(measured) & (flow >= ENOUGH)
    whole = flow[there].sum()
    common = measured[there].sum() / whole if whole > 0 else 0.0
    return np.divide(measured, flow, out=np.full_like(flow, common), where=there)
