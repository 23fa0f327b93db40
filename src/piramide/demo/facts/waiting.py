"""Cases that wait, and who is served in a month: first come first served with priorities, as far as hours go.

A block is a run of offices. Its queues are one for each office and line, then one for each pair of work sharing that
gives work away. Cases lie sorted by queue and by the day that decides their turn, so one cumulated sum serves all.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.hashing import Integers

TURN_BITS = np.uint32(20)
"""A turn is a queue above and a day below: 4,096 queues of a block, a million days."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases of a block, one array a column: `turn`, product, day of receipt, standard hours (hundredths), case.

    `again` is true for a case that was resolved before.
    """

    turn: npt.NDArray[np.uint32]
    product: npt.NDArray[np.int16]
    received: npt.NDArray[np.int32]
    hours: npt.NDArray[np.int32]
    case: Integers
    again: npt.NDArray[np.bool_]

    @property
    def queue(self) -> npt.NDArray[np.uint32]:
        """Queue of each case."""
        queue: npt.NDArray[np.uint32] = self.turn >> TURN_BITS
        return queue

    def take(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Waiting:
        """Some of the cases, or all in another order."""
        return Waiting(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def merged(self, *others: Waiting) -> Waiting:
        """These and others, in the order of their turns; equal turns keep the order of arrival."""
        parts = (self, *others)
        turn = np.concatenate([part.turn for part in parts])
        order = np.argsort(turn, kind="stable")
        columns = [np.concatenate([getattr(part, field.name) for part in parts])[order] for field in fields(self)]
        return Waiting(*columns)


def turns(queue: npt.NDArray[np.int32], day: npt.NDArray[np.int32]) -> npt.NDArray[np.uint32]:
    """The turn of cases that wait in a queue since a day."""
    return (queue.astype(np.uint32) << TURN_BITS) + day.astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Served:
    """What a month's hours reach: `chosen` cases in order, their `place` in the month (0-1), hours left by queue."""

    chosen: npt.NDArray[np.int64]
    place: npt.NDArray[np.float32]
    left: Integers


def queue_hours(waiting: Waiting, queues: int) -> tuple[npt.NDArray[np.int64], Integers, Integers]:
    """Bounds of the queues in the sorted cases, the running sum of hours (one longer), and hours by queue."""
    edges = np.arange(queues + 1, dtype=np.uint64) << np.uint64(TURN_BITS)
    bounds = np.searchsorted(waiting.turn, edges.astype(np.uint32))
    running = np.zeros(len(waiting.turn) + 1, dtype=np.int64)
    np.cumsum(waiting.hours, out=running[1:])
    return bounds, running, running[bounds[1:]] - running[bounds[:-1]]


def serve(bounds: npt.NDArray[np.int64], running: Integers, hours: Integers) -> Served:
    """Serve each queue up to its hours; a case is served whole, and what is left stays with its queue."""
    reach = running[bounds[:-1]] + hours
    ends = np.minimum(np.searchsorted(running, reach, side="right") - 1, bounds[1:])
    lengths = ends - bounds[:-1]
    total = int(lengths.sum())
    starts = np.cumsum(lengths) - lengths
    chosen = np.arange(total) + np.repeat(bounds[:-1] - starts, lengths)
    done = running[chosen] - np.repeat(running[bounds[:-1]], lengths)
    place = (done / np.repeat(np.maximum(hours, 1), lengths)).astype(np.float32)
    left = np.where(ends < bounds[1:], hours - (running[ends] - running[bounds[:-1]]), 0)
    return Served(chosen, place, left)


def allotted(wanted: Integers, waiting: Integers, limit: Integers) -> Integers:
    """Hours of each office (rows) for its lines (columns): as wanted and within the limit, never more than waits.

    Hours to spare go to lines, and hours that lack are taken from lines, in proportion to what would still wait there:
    where little waits it is done, where much waits it takes the swing.
    """
    wish = np.minimum(wanted, waiting).astype(np.float64)
    bound = np.maximum(limit, 0)[:, None].astype(np.float64)
    rest = waiting - wish
    spare = bound - wish.sum(axis=1, keepdims=True)
    given = np.clip(wish + rest * (spare / np.maximum(rest.sum(axis=1, keepdims=True), 1.0)), 0.0, waiting)
    given *= np.minimum(1.0, bound / np.maximum(given.sum(axis=1, keepdims=True), 1.0))
    hours: Integers = np.floor(given).astype(np.int64)
    return hours
