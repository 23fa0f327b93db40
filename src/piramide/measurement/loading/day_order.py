"""The order in which the rows of one case and one day are read: the one in which they can have happened.

Days have no hours. A reversal follows the entry that it takes back when both are of the same day, and comes before the
entry that states again what an earlier day had: how the case stood when the day began tells the two apart.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]

BACK: Final = 4
ADDS_RECEIVED: Final = np.array([1, 0, 0, 0, -1, 0, 0, 0], dtype=np.int8)
"""What each event adds to the times that its case was received; the position is kind + 4 when reversed."""
ADDS_RESOLVED: Final = np.array([0, 0, 1, -1, 0, 0, -1, 1], dtype=np.int8)
_PLACE: Final = np.array([7, 3, 5, 1, 0, 4, 2, 6], dtype=np.int64)
"""Events in the order of what they add: those that add the same stand together, the one that takes back last."""
_EVENT_BITS: Final = 3
_DAY_BITS: Final = 32


def order_of(event: Numbers, day: Numbers, number: Numbers, received: Numbers, resolved: Numbers) -> Numbers:
    """Rows sorted by case (`number`) and day, and inside a day in turn.

    `received` and `resolved` are the times that each case (by number) was received and resolved before these rows. A
    day has each event of a case once. A case that is not resolved can first be resolved (or its reopening be taken
    back), then reopened (or its resolution be taken back), and so on; of two that fit, what happened comes before what
    is taken back. Receipts likewise.
    """
    day = (number << _DAY_BITS) + day  # the days of each case in order, case by case
    by = np.argsort((day << _EVENT_BITS) + _PLACE[event])
    event, day, number = event[by], day[by], number[by]
    rank = np.zeros(len(by), dtype=np.int8)
    for adds, before in ((ADDS_RECEIVED, received), (ADDS_RESOLVED, resolved)):
        change = adds[event]
        stands = before[number] + running(change, number) - running(change, day)
        follows = np.zeros(len(by), dtype=bool)
        follows[1:] = (change[1:] == change[:-1]) & (day[1:] == day[:-1])
        turn = 2 * follows + (change != np.where(stands > 0, -1, 1))
        rank = np.where(change != 0, turn, rank)
    return by[np.argsort((day << _EVENT_BITS) + rank)]


def running(changes: Numbers, group: Numbers) -> Numbers:
    """Running sum inside each group; the rows of a group stand together."""
    total = np.cumsum(changes, dtype=np.int64)
    if not len(total):
        return total
    starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    before = np.repeat(total[starts] - changes[starts], np.diff(np.append(starts, len(total))))
    sums: Numbers = total - before
    return sums
