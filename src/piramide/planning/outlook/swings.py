"""What offices did in the past beside what their hours promised: errors that draws of a year take whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.outlook.working import Opening, worked
from piramide.planning.staff import productivity_of
from piramide.planning.state import BACK, WorkState

MOST: Final = 12
"""Starts of the past that are tried."""
LEAST: Final = 1.0
"""Points or pieces below which a promise is too small to be compared with what came."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Swings:
    """By start of the past and office: points resolved over those promised, and pieces for a point over those promised.

    The promise is what the hours that there were do of what there was, at the productivity known at the start.
    """

    hours: Floats
    pieces: Floats

    def __len__(self) -> int:
        return len(self.hours)


def swings_of(state: WorkState, ahead: int) -> Swings:
    """Swings over as many months as lie ahead, from the last starts that have them behind; ones without any."""
    count = len(state.months)
    starts = range(max(BACK, count - ahead - MOST + 1), count - ahead + 1)
    found = [_swing(state, start, ahead) for start in starts]
    if not found:
        ones = np.ones((1, len(state.offices)))
        return Swings(ones, ones.copy())
    return Swings(np.stack([one[0] for one in found]), np.stack([one[1] for one in found]))


def _swing(state: WorkState, start: int, ahead: int) -> tuple[Floats, Floats]:
    before, during = state.up_to(state.months[start - 1]), slice(start, start + ahead)
    come_by_hand = (state.received + state.reopened - state.automatic)[..., during]
    come_points = state.received_points[..., during]
    hours = state.staff_hours[:, during] * productivity_of(before).points_per_hour[:, None]
    opening = Opening.of(before)
    count = state.received.shape[0] * state.received.shape[1]
    months = [
        (pieces.reshape(1, count), points.reshape(1, count))
        for pieces, points in zip(np.moveaxis(come_by_hand, -1, 0), np.moveaxis(come_points, -1, 0), strict=True)
    ]
    left = worked(opening, months, hours.T[:, None], np.ones((1, len(state.offices))))
    cells = (*state.received.shape[:2],)
    points = _of_office(opening.points + come_points.sum(axis=2).ravel() - left.points[0], cells)
    pieces = _of_office(opening.pieces + come_by_hand.sum(axis=2).ravel() - left.pieces[0], cells)
    came_points = state.resolved_points[..., during].sum(axis=(1, 2))
    came = (state.resolved - state.automatic)[..., during].sum(axis=(1, 2))
    of_hours = _over(came_points, points)
    return of_hours, _over(_over(came, pieces), of_hours)


def _of_office(cells: Floats, shape: tuple[int, ...]) -> Floats:
    total: Floats = cells.reshape(shape).sum(axis=1)
    return total


def _over(came: Floats, said: Floats) -> Floats:
    """What came over what was said; 1 where too little was said, or nothing came."""
    ratio: Floats = np.divide(came, said, out=np.ones_like(said), where=(said >= LEAST) & (came > 0))
    return ratio
