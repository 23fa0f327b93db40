"""What a future makes of a measure of work: what is known of the year, and its part of the months ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.planning.outlook.futures import Flow, Futures
from piramide.planning.outlook.history import Changes, Going, Whole

Floats = NDArray[np.float64]

ENOUGH = 12.0
"""Pieces or points of a year below which a structure's own part of a flow says too little, and the nation's holds."""

LEAST_MOVE, MOST_MOVE = 0.5, 2.0
"""No part halves or doubles from a year to the next: what says so had little to say."""


@dataclass(frozen=True, slots=True)
class WorkMeasure:
    """A measure that adds up work, for every structure: `known` of the year so far, `part` of the flow ahead.

    `lines` are the parts of each product line that count (0 to 1). What is known of a structure may be NaN. `part` goes
    on as it did in earlier years.
    """

    flow: Flow
    in_points: bool
    lines: Floats
    known: Floats
    part: Going

    def at_end(self, future: Futures, below: Floats) -> Floats:
        """Its value at the end of the year, [structure, draw]; `below` [structure, office] says who adds up to whom."""
        cells = (future.points if self.in_points else future.pieces)[self.flow]
        by_office = (cells.reshape(-1, cells.shape[2]) @ self.lines).reshape(cells.shape[:2])
        by_structure = below @ by_office.T
        ahead = self.part.at_end(future.picks) * by_structure
        return ahead if self.flow is Flow.PENDING else self.known[:, None] + ahead


def part_of(measured: Floats, flow: Floats) -> Floats:
    """What a measure was of a flow, by structure; of all together where a structure had little of it."""
    there = np.isfinite(measured) & (flow >= ENOUGH)
    whole = flow[there].sum()
    common = measured[there].sum() / whole if whole > 0 else 0.0
    return np.divide(measured, flow, out=np.full_like(flow, common), where=there)


def going_of(part: Floats, before: Floats, after: Floats, kinds: Whole) -> Going:
    """How a part goes on: what it was in the same months of earlier years beside those years whole.

    `before` and `after` are [year, structure], NaN where a structure had little of the flow. Without any it stays.
    """
    moved = np.divide(after, before, out=np.full_like(after, np.nan), where=(before > 0) & (after > 0))
    there = np.isfinite(moved).any(axis=1)
    if not there.any():
        return Going.still(part)
    return Going.of(Changes(np.clip(moved[there], LEAST_MOVE, MOST_MOVE), is_ratio=True), part, kinds)
