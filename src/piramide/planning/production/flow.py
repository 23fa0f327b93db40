"""The year month by month: what is resolved with the hours there are, and what is left, in pieces and in points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.planning.targets import Families

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coming:
    """What is there and what comes, [office, line] and [office, line, month], in pieces and in points by hand.

    `automatic` are the pieces among those received that nobody works on; receipts hold what is reopened.
    """

    opening: Floats
    opening_points: Floats
    received: Floats
    received_points: Floats
    automatic: Floats


@dataclass(frozen=True, slots=True)
class Produced:
    """The production of each cell and month, [office, line, month]: resolved and left, in pieces and in points."""

    opening: Floats
    resolved: Floats
    pending: Floats
    points: Floats
    pending_points: Floats


def produce(
    coming: Coming, families: Families, wanted: Floats, capacity: Floats, *, is_all_at_once: bool = False
) -> Produced:
    """Resolve `wanted` points by office and group in the year with `capacity` points by office and month.

    Each month takes of what is still wanted the part that its capacity is of all capacity left (all of it, if
    `is_all_at_once`), never more than there is to work on nor than its capacity; the lines of a group are worked in the
    measure of what is there. The pieces of
    a line go with its points. Automatic pieces are resolved as they come, without points.
    """
    months = coming.received.shape[2]
    pieces, points = coming.opening.copy(), coming.opening_points.copy()
    left = wanted.copy()
    shape = coming.received.shape
    opening, resolved, pending = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    worked, pending_points = np.zeros(shape), np.zeros(shape)
    remaining = np.cumsum(capacity[:, ::-1], axis=1)[:, ::-1]
    for month in range(months):
        opening[..., month] = pieces
        by_hand = np.maximum(coming.received[..., month] - coming.automatic[..., month], 0.0)
        there, there_points = pieces + by_hand, np.maximum(points + coming.received_points[..., month], 0.0)
        part = 1.0 if is_all_at_once else _part(capacity[:, month], remaining[:, month])[:, None]
        asked = np.minimum(left * part, families.by_group(there_points))
        total = asked.sum(axis=1)
        asked *= _part(capacity[:, month], total)[:, None]
        share = np.divide(asked, families.by_group(there_points), out=np.zeros_like(asked), where=asked > 0)
        of_line = share[:, families.group_of_line]
        worked[..., month] = of_line * there_points
        done = of_line * there
        left = np.maximum(left - asked, 0.0)
        resolved[..., month] = done + coming.received[..., month] - by_hand
        pieces, points = there - done, there_points - worked[..., month]
        pending[..., month], pending_points[..., month] = pieces, points
    return Produced(opening, resolved, pending, worked, pending_points)


def _part(amount: Floats, whole: Floats) -> Floats:
    """The part that an amount is of a whole, at most all of it; all of it of nothing."""
    return np.minimum(np.divide(amount, whole, out=np.ones_like(amount), where=whole > 0), 1.0)
