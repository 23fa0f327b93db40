"""Futures of the work: draws of receipts, what the hours resolve of them, and what is left at the end, all cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.calendar import DAYS_OF_YEAR, MONTHS
from piramide.planning.forecast.ahead import automatic_part
from piramide.planning.forecast.forecast import Forecast
from piramide.planning.outlook.swings import swings_of
from piramide.planning.outlook.working import Habits, Opening, worked
from piramide.planning.state import WorkState

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_CAPACITY: Final = 11
"""Tells the chance of what an hour does from that of what comes."""
_PICKS: Final = 1 << 30
"""Far more changes than there are in any history."""
CHUNK: Final = 32
"""Futures at a time: what is worked on then stays in the cache of the processor."""


class Flow(StrEnum):
    """What is added up of a future: receipts and production of the months ahead, what is left at the end, its days."""

    RECEIVED = "received"
    RESOLVED = "resolved"
    PENDING = "pending"
    PENDING_DAYS = "pending_days"


@dataclass(frozen=True, slots=True)
class Futures:
    """Some futures: `pieces[flow]` and `points[flow]` are [future, office, line]; days are month ends × 30."""

    pieces: dict[Flow, Floats]
    points: dict[Flow, Floats]
    picks: Places | None = None
    """Which change of earlier years each future takes of what is no work; none: the middle one."""

    people: Floats | None = None
    """People more than there would be, [office, month]."""

    def helped(self, points: Floats) -> Futures:
        """The same where others work some points [draw, office, line] of what is left at the end."""
        left = self.points[Flow.PENDING]
        done = np.minimum(points, left)
        part = np.divide(done, left, out=np.zeros_like(left), where=left > 0)
        pieces = part * self.pieces[Flow.PENDING]
        more = {
            Flow.RESOLVED: self.pieces[Flow.RESOLVED] + pieces,
            Flow.PENDING: self.pieces[Flow.PENDING] - pieces,
        }
        of_points = {Flow.RESOLVED: self.points[Flow.RESOLVED] + done, Flow.PENDING: left - done}
        return replace(self, pieces=self.pieces | more, points=self.points | of_points)


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The futures that draws choose among, each once: origins of errors [future, month], and what the hours do.

    `capacity` [month, future, office] are points; `picks` are changes of earlier years that what is no work takes;
    `of_draw` is the future of each draw.
    """

    origins: Places
    capacity: Floats
    habits: Habits
    picks: Places
    of_draw: Places


def chosen(state: WorkState, forecast: Forecast, capacity: Floats, draws: int, seed: int) -> Chosen:
    """Choose futures; the same seed chooses the same. `capacity` are points by office and month, [office, month].

    Receipts are those of `Forecast.draws`. What the hours do is as far from its promise as it was from one start of the
    past, the same for all offices.
    """
    swings = swings_of(state, capacity.shape[1])
    taken = forecast.origins_of(draws, seed)
    chance = np.random.Generator(np.random.PCG64([seed, _CAPACITY]))
    start = chance.integers(0, len(swings), draws)
    apart, of_draw = np.unique(np.column_stack([taken, start]), axis=0, return_inverse=True)
    hours = capacity.T[:, None] * swings.hours[apart[:, -1]]
    picks = chance.integers(0, _PICKS, len(apart))
    habits = Habits(swings.lines[apart[:, -1]], swings.pieces[apart[:, -1]])
    return Chosen(apart[:, :-1], hours, habits, picks, of_draw.reshape(-1))


def futures(state: WorkState, forecast: Forecast, chosen: Chosen) -> Iterator[Futures]:
    """The futures that were chosen, in pieces: everything there is is resolved, within the hours."""
    year = _Coming.of(state, forecast, forecast.from_origins())
    for start in range(0, len(chosen.origins), CHUNK):
        piece = slice(start, start + CHUNK)
        habits = Habits(chosen.habits.favour[piece], chosen.habits.mix[piece])
        found = year.worked(chosen.origins[piece], chosen.capacity[:, piece], habits)
        yield replace(found, picks=chosen.picks[piece])


def middle_future(
    state: WorkState, forecast: Forecast, capacity: Floats, moved: tuple[Floats, Floats] | None = None
) -> Futures:
    """The one future in which what is forecast comes.

    `moved` are points [office, line] that others work for each office, and points [office] that each works for others.
    """
    helped, lent = moved or (np.zeros(forecast.received.shape[:2]), np.zeros(len(capacity)))
    whole = capacity.sum(axis=1)
    left = np.divide(np.maximum(whole - lent, 0.0), whole, out=np.ones_like(whole), where=whole > 0)
    coming = _Coming.of(state, forecast, np.moveaxis(forecast.received, -1, 0)[:, None])
    only = np.zeros((1, capacity.shape[1]), np.int64)
    found = coming.worked(only, (capacity * left[:, None]).T[:, None], _usual(state, capacity.shape[1]))
    return found.helped(helped[None]) if moved else found


def _usual(state: WorkState, ahead: int) -> Habits:
    """Habits as they mostly were."""
    swings = swings_of(state, ahead)
    return Habits(np.median(swings.lines, axis=0)[None], np.median(swings.pieces, axis=0)[None])


@dataclass(frozen=True, slots=True, eq=False)
class _Coming:
    """What waits, and what can come: [month, origin, office × line], in pieces, in those by hand and in points."""

    opening: Opening
    received: Floats
    by_hand: Floats
    points: Floats

    @classmethod
    def of(cls, state: WorkState, forecast: Forecast, received: Floats) -> _Coming:
        points = np.moveaxis(_points_of_piece(forecast), -1, 0)[:, None]
        rows = (*received.shape[:2], -1)
        return cls(
            opening=Opening.of(state),
            received=received.reshape(rows),
            by_hand=(received * (1 - automatic_part(state))).reshape(rows),
            points=(received * points).reshape(rows),
        )

    def worked(self, origins: Places, capacity: Floats, habits: Habits) -> Futures:
        """What comes of some origins, one in every month [future, month], with points by [month, future, office]."""
        shape = (len(origins), self.received.shape[2])
        come, come_points = np.zeros(shape), np.zeros(shape)

        def months() -> Iterator[tuple[Floats, Floats]]:
            nonlocal come, come_points
            for at, taken in enumerate(origins.T):
                points = self.points[at, taken]
                come += self.received[at, taken]
                come_points += points
                yield self.by_hand[at, taken], points

        left = worked(self.opening, months(), capacity, habits)
        cube = (len(origins), self.opening.offices, self.opening.lines)
        days = DAYS_OF_YEAR / MONTHS
        return Futures(
            pieces=_flows(cube, self.opening.pieces, come, left.pieces, left.pieces_of_months * days),
            points=_flows(cube, self.opening.points, come_points, left.points, left.points_of_months * days),
        )


def _flows(cube: tuple[int, int, int], opening: Floats, come: Floats, left: Floats, days: Floats) -> dict[Flow, Floats]:
    found = {
        Flow.RECEIVED: come,
        Flow.RESOLVED: opening + come - left,
        Flow.PENDING: left,
        Flow.PENDING_DAYS: days,
    }
    return {flow: figures.reshape(cube) for flow, figures in found.items()}


def _points_of_piece(forecast: Forecast) -> Floats:
    """Points by hand of a piece received, [office, line, month]."""
    pieces = forecast.received
    points: Floats = np.divide(forecast.received_points, pieces, out=np.zeros_like(pieces), where=pieces > 0)
    return points
