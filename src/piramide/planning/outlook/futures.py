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
from piramide.planning.production.flow import Coming, produce
from piramide.planning.staff import productivity_of
from piramide.planning.state import WorkState
from piramide.planning.targets import families_of

Floats = NDArray[np.float64]

_EVERYTHING: Final = 1e15
_CAPACITY: Final = 11
"""Tells the chance of what an hour does from that of what comes."""


class Flow(StrEnum):
    """What is added up of a future: receipts and production of the months ahead, what is left at the end, its days."""

    RECEIVED = "received"
    RESOLVED = "resolved"
    PENDING = "pending"
    PENDING_DAYS = "pending_days"


@dataclass(frozen=True, slots=True)
class Futures:
    """Some draws: `pieces[flow]` and `points[flow]` are [draw, office, line]; days are pending at month ends × 30."""

    pieces: dict[Flow, Floats]
    points: dict[Flow, Floats]


def futures(state: WorkState, forecast: Forecast, capacity: Floats, draws: int, seed: int) -> Iterator[Futures]:
    """Draw futures in pieces: everything there is is resolved, within the hours; the same seed gives the same."""
    by_hand = np.divide(
        forecast.received_points, forecast.received, out=np.zeros_like(forecast.received), where=forecast.received > 0
    )
    automatic = automatic_part(state)[..., None]
    chance = np.random.Generator(np.random.PCG64([seed, _CAPACITY]))
    swings = swings_of(state)
    for received in forecast.draws(draws, seed):
        taken = chance.integers(0, swings.shape[1], (len(received), capacity.shape[1]))
        swung = capacity[None] * np.moveaxis(swings[:, taken], 0, 1)
        yield _worked(state, received, (by_hand, automatic), swung.reshape(-1, capacity.shape[1]))


def swings_of(state: WorkState) -> Floats:
    """What each office did in an hour in each of the last twelve months, over what it does in an hour, [office, month].

    A draw takes whole months of it, the same for all offices; 1 where an office had no hours.
    """
    per_hour = productivity_of(state).points_per_hour[:, None]
    done, hours = state.done_points[..., -MONTHS:].sum(axis=1), state.staff_hours[:, -MONTHS:]
    usual = hours * per_hour
    return np.divide(done, usual, out=np.ones_like(done), where=usual > 0)


def _worked(state: WorkState, received: Floats, parts: tuple[Floats, Floats], capacity: Floats) -> Futures:
    count, offices, lines, months = received.shape
    by_hand, automatic = parts
    flat = (count * offices, lines, months)
    coming = Coming(
        opening=_repeated(np.maximum(state.pending[..., -1], 0.0), count),
        opening_points=_repeated(np.maximum(state.pending_points[..., -1], 0.0), count),
        received=received.reshape(flat),
        received_points=(received * by_hand).reshape(flat),
        automatic=(received * automatic).reshape(flat),
    )
    families = families_of([str(line) for line in range(lines)], {}, {})
    wanted = np.full((count * offices, len(families.groups)), _EVERYTHING)
    done = produce(coming, families, wanted, capacity, is_all_at_once=True)
    shape = (count, offices, lines)
    days = DAYS_OF_YEAR / MONTHS
    return Futures(
        pieces={
            Flow.RECEIVED: received.sum(axis=3),
            Flow.RESOLVED: done.resolved.sum(axis=2).reshape(shape),
            Flow.PENDING: done.pending[..., -1].reshape(shape),
            Flow.PENDING_DAYS: done.pending.sum(axis=2).reshape(shape) * days,
        },
        points={
            Flow.RECEIVED: coming.received_points.sum(axis=2).reshape(shape),
            Flow.RESOLVED: done.points.sum(axis=2).reshape(shape),
            Flow.PENDING: done.pending_points[..., -1].reshape(shape),
            Flow.PENDING_DAYS: done.pending_points.sum(axis=2).reshape(shape) * days,
        },
    )


def _repeated(cells: Floats, count: int) -> Floats:
    return np.tile(cells, (count, 1))
