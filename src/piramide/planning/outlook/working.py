"""Many futures worked at once: the part of all points that the hours do is the same for every line of an office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.planning.state import WorkState

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """What waits, [office × line], of so many offices and lines."""

    offices: int
    lines: int
    pieces: Floats
    points: Floats

    @classmethod
    def of(cls, state: WorkState) -> Opening:
        """What waits at the end of a state."""
        pieces, points = (np.maximum(each[..., -1], 0.0).ravel() for each in (state.pending, state.pending_points))
        offices, lines = state.pending.shape[:2]
        return cls(offices, lines, pieces, points)


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What is left at the end, [future, office × line], and what was left at the end of every month, added up."""

    pieces: Floats
    points: Floats
    pieces_of_months: Floats
    points_of_months: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How offices work what there is, in each future.

    `favour` [future, line] is how much sooner than the others a line is worked, `mix` [future, office] pieces resolved
    for one that a point stands for.
    """

    favour: Floats
    mix: Floats

    @classmethod
    def plain(cls, futures: int, opening: Opening) -> Habits:
        """No line before another, and a piece for a piece."""
        return cls(np.ones((futures, opening.lines)), np.ones((futures, opening.offices)))


def worked(opening: Opening, months: Iterable[tuple[Floats, Floats]], capacity: Floats, habits: Habits) -> Left:
    """Work month by month on what there is, as far as the hours go.

    `months` are pieces and points by hand that come, [future, office × line] each; `capacity` points that the hours do,
    [month, future, office]. With plain habits that is what `produce` makes of it when all is wanted; what has no points
    takes no hours then, and is resolved with the rest.
    """
    count = capacity.shape[1]
    cube = (count, opening.offices, opening.lines)
    pieces, points = (np.repeat(each[None], count, axis=0) for each in (opening.pieces, opening.points))
    of_months, points_of_months = np.zeros_like(pieces), np.zeros_like(points)
    for hours, (more, more_points) in zip(capacity, months, strict=True):
        pieces += more
        points += more_points
        total = np.matmul(points.reshape(cube), habits.favour[:, :, None])[:, :, 0]
        part = np.divide(hours, total, out=np.ones_like(total), where=total > 0)
        is_all = hours >= points.reshape(cube).sum(axis=2)
        done = np.minimum(part[:, :, None] * habits.favour[:, None, :], 1.0)
        done[is_all] = 1.0
        points.reshape(cube)[...] *= 1.0 - done
        done *= np.where(is_all, 1.0, habits.mix)[:, :, None]
        pieces.reshape(cube)[...] *= np.maximum(1.0 - done, 0.0)
        of_months += pieces
        points_of_months += points
    return Left(pieces, points, of_months, points_of_months)
