"""What offices did in the past beside what their hours promised: errors that draws of a year take whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.outlook.working import Habits, Opening, worked
from piramide.planning.staff import productivity_of
from piramide.planning.state import BACK, WorkState

MOST: Final = 12
"""Starts of the past that are tried."""
LEAST_FAVOUR, MOST_FAVOUR = 0.1, 10.0
"""No line is worked ten times as soon as the others: what says so had little to say."""
LEAST: Final = 1.0
"""Points or pieces below which a promise is too small to be compared with what came."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Swings:
    """By start of the past: what was resolved over what was promised.

    `hours` and `pieces` are [start, office]: points over points, and pieces for a point over those promised. `lines`
    [start, line] are points over points of each line of the nation, when all lines are worked alike. The promise is
    what the hours that there were do of what there was, at the productivity known at the start.
    """

    hours: Floats
    pieces: Floats
    lines: Floats

    def __len__(self) -> int:
        return len(self.hours)


def swings_of(state: WorkState, ahead: int) -> Swings:
    """Swings over as many months as lie ahead, from the last starts that have them behind; ones without any."""
    count = len(state.months)
    starts = range(max(BACK, count - ahead - MOST + 1), count - ahead + 1)
    found = [_swing(state, start, ahead) for start in starts]
    if not found:
        offices, lines = np.ones((1, len(state.offices))), np.ones((1, len(state.lines)))
        return Swings(offices, offices.copy(), lines)
    hours, pieces, lines = (np.stack(parts) for parts in zip(*found, strict=True))
    return Swings(hours, pieces, lines)


def _swing(state: WorkState, start: int, ahead: int) -> tuple[Floats, Floats, Floats]:
    before, during = state.up_to(state.months[start - 1]), slice(start, start + ahead)
    by_hand = (state.received + state.reopened - state.automatic)[..., during]
    points = state.received_points[..., during]
    hours = (state.staff_hours[:, during] * productivity_of(before).points_per_hour[:, None]).T[:, None]
    opening = Opening.of(before)
    months = list(zip(_rows(by_hand), _rows(points), strict=True))
    came = state.resolved_points[..., during].sum(axis=2)
    came_pieces = (state.resolved - state.automatic)[..., during].sum(axis=(1, 2))
    plain = Habits.plain(1, opening)
    said = opening.points + points.sum(axis=2).ravel() - worked(opening, months, hours, plain).points[0]
    lines = np.clip(_over(came.sum(axis=0), said.reshape(came.shape).sum(axis=0)), LEAST_FAVOUR, MOST_FAVOUR)
    left = worked(opening, months, hours, Habits(lines[None], plain.mix))
    said = (opening.points + points.sum(axis=2).ravel() - left.points[0]).reshape(came.shape).sum(axis=1)
    pieces = (opening.pieces + by_hand.sum(axis=2).ravel() - left.pieces[0]).reshape(came.shape).sum(axis=1)
    of_hours = _over(came.sum(axis=1), said)
    return of_hours, _over(_over(came_pieces, pieces), of_hours), lines


def _rows(cells: Floats) -> list[Floats]:
    """Figures [office, line, month] as one row for each month."""
    return [month.reshape(1, -1) for month in np.moveaxis(cells, -1, 0)]


def _over(came: Floats, said: Floats) -> Floats:
    """What came over what was said; 1 where too little was said, or nothing came."""
    ratio: Floats = np.divide(came, said, out=np.ones_like(said), where=(said >= LEAST) & (came > 0))
    return ratio
