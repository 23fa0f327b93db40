"""Futures of the work: draws of receipts, what the hours resolve of them, and what is left at the end, all cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.calendar import DAYS_OF_YEAR, MONTHS
from piramide.planning.forecast.ahead import automatic_part
from piramide.planning.forecast.forecast import Forecast
from piramide.planning.staff import productivity_of
from piramide.planning.state import WorkState

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_CAPACITY: Final = 11
"""Tells the chance of what an hour does from that of what comes."""
CHUNK: Final = 256
"""Futures at a time: what a nation has in them stays below some hundred megabytes."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The futures that draws choose among, each once: origins of errors [future, month], hours [month, future, office].

    `of_draw` is the future of each draw.
    """

    origins: Places
    capacity: Floats
    of_draw: Places


def chosen(state: WorkState, forecast: Forecast, capacity: Floats, draws: int, seed: int) -> Chosen:
    """Choose futures; the same seed chooses the same. `capacity` are points by office and month, [office, month].

    Receipts are those of `Forecast.draws`. What an hour does follows months of the last year, one after the other from
    one that the draw takes, the same for all offices.
    """
    swings = swings_of(state)
    taken = forecast.origins_of(draws, seed)
    chance = np.random.Generator(np.random.PCG64([seed, _CAPACITY]))
    start = chance.integers(0, swings.shape[1], draws)
    apart, of_draw = np.unique(np.column_stack([taken, start]), axis=0, return_inverse=True)
    months = (apart[:, -1:] + np.arange(taken.shape[1])) % swings.shape[1]
    hours = capacity[None] * np.moveaxis(swings[:, months], 0, 1)
    return Chosen(apart[:, :-1], np.moveaxis(hours, 2, 0), of_draw.reshape(-1))


def futures(state: WorkState, forecast: Forecast, chosen: Chosen) -> Iterator[Futures]:
    """The futures that were chosen, in pieces: everything there is is resolved, within the hours."""
    year = _Year.of(state, forecast, forecast.from_origins())
    for start in range(0, len(chosen.origins), CHUNK):
        piece = slice(start, start + CHUNK)
        yield year.worked(chosen.origins[piece], chosen.capacity[:, piece])


@dataclass(frozen=True, slots=True)
class _Year:
    """What waits, [office, line], and what can come: [month, origin, office × line], in pieces, by hand and in points.

    What has no points takes no hours, and is resolved with the rest.
    """

    shape: tuple[int, int]
    opening: Floats
    opening_points: Floats
    received: Floats
    by_hand: Floats
    points: Floats

    @classmethod
    def of(cls, state: WorkState, forecast: Forecast, received: Floats) -> _Year:
        months, origins = received.shape[:2]
        of_hand = np.moveaxis(_points_of_piece(forecast), -1, 0)[:, None]
        rows = (months, origins, -1)
        return cls(
            shape=received.shape[2:],
            opening=np.maximum(state.pending[..., -1], 0.0).ravel(),
            opening_points=np.maximum(state.pending_points[..., -1], 0.0).ravel(),
            received=received.reshape(rows),
            by_hand=(received * (1 - automatic_part(state))).reshape(rows),
            points=(received * of_hand).reshape(rows),
        )

    def worked(self, origins: Places, capacity: Floats) -> Futures:
        """What comes of some origins, one in every month [future, month], and hours [month, future, office].

        What `produce` makes of each when everything is to be resolved as soon as it can: the part of all points that
        the hours do is the same for every line of an office.
        """
        count = len(origins)
        cube = (count, *self.shape)
        pieces, points = (np.repeat(each[None], count, axis=0) for each in (self.opening, self.opening_points))
        come, come_points = np.zeros_like(pieces), np.zeros_like(points)
        days, days_points = np.zeros_like(pieces), np.zeros_like(points)
        for month in range(origins.shape[1]):
            taken = origins[:, month]
            more, more_points = self.received[month, taken], self.points[month, taken]
            come += more
            come_points += more_points
            pieces += self.by_hand[month, taken]
            points += more_points
            total = points.reshape(cube).sum(axis=2)
            left = 1.0 - np.minimum(np.divide(capacity[month], total, out=np.ones_like(total), where=total > 0), 1.0)
            points.reshape(cube)[...] *= left[:, :, None]
            pieces.reshape(cube)[...] *= left[:, :, None]
            days += pieces
            days_points += points
        month_days = DAYS_OF_YEAR / MONTHS
        return Futures(
            pieces=_flows(cube, self.opening, come, pieces, days * month_days),
            points=_flows(cube, self.opening_points, come_points, points, days_points * month_days),
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


def swings_of(state: WorkState) -> Floats:
    """What each office did in an hour in each of the last twelve months, over what it does in an hour, [office, month].

    A draw takes whole months of it, the same for all offices; 1 where an office had no hours.
    """
    per_hour = productivity_of(state).points_per_hour[:, None]
    done, hours = state.done_points[..., -MONTHS:].sum(axis=1), state.staff_hours[:, -MONTHS:]
    usual = hours * per_hour
    swings: Floats = np.divide(done, usual, out=np.ones_like(done), where=usual > 0)
    return swings
