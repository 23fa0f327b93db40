"""Met or not met at each checkpoint that is due (R22, R23, R36, R40, R41).

    gap = mean of the shares of the checkpoints due - 1

The share of a checkpoint is 1 when its value lies within its bounds, else 0; without bounds it is the value itself. A
mandatory checkpoint failed makes the gap -1. A checkpoint without a value is missing weight: met or failed, who knows.
Of what does not apply any more nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from piramide.methodology.model import Checkpoint
from piramide.scoring.arrays import Flags, Numbers, counted, summed
from piramide.scoring.rules.work import Reach, Work


def share_met(point: Checkpoint, value: Fraction) -> Fraction:
    """How much of a checkpoint a value meets: what the arrays count, for one figure that is told."""
    if point.takes_the_value:
        return max(Fraction(0), min(value, Fraction(1)))
    least, most = ends_of(point)
    return Fraction((least is None or value >= least) and (most is None or value <= most))


def ends_of(point: Checkpoint) -> tuple[Fraction | None, Fraction | None]:
    """What a checkpoint admits, tolerance included; the whole where it takes the value for its share."""
    if point.takes_the_value:
        return Fraction(1), None
    least = None if point.least is None else point.least - point.tolerance
    return least, None if point.most is None else point.most + point.tolerance


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What the checkpoints of each threshold come to.

    How many are `due` and `known`, (thresholds,); the sum of the known `shares` and whether a mandatory one is
    `failed`, (thresholds, scenarios); whether one of the unseen is mandatory and `may_fail`, (thresholds,).
    """

    due: Numbers
    known: Numbers
    shares: Numbers
    failed: Flags
    may_fail: Flags


def _judged(work: Work) -> _Judged:
    group = work.cells.checkpoints
    values = work.all_values[group.moments, group.owners]
    seen = work.known.values[group.moments, group.owners] & ~work.known.not_applicable[group.owners]
    met = counted((values >= group.least) & (values <= group.most), exact=work.exact)
    shares = np.where(group.is_free[:, None], np.minimum(np.maximum(values, 0), 1), met)
    failed = group.mandatory[:, None] & seen[:, None] & (shares < 1)
    return _Judged(
        due=summed(counted(np.ones_like(seen), exact=work.exact), group.starts),
        known=summed(counted(seen, exact=work.exact), group.starts),
        shares=summed(np.where(seen[:, None], shares, 0), group.starts),
        failed=np.logical_or.reduceat(failed, group.starts, axis=0),
        may_fail=np.logical_or.reduceat(group.mandatory & ~seen, group.starts),
    )


def score(work: Work) -> None:
    """The gap of the checkpoints known; whole where these are all that are due, or where a policy fails the rest."""
    cells = work.cells.checkpoints.cells
    if not len(cells):
        return
    judged, worst = _judged(work), work.known.is_worst[cells]
    counting = np.where(worst | (judged.known == 0), judged.due, judged.known)[:, None]
    failed = judged.failed | (worst & judged.may_fail)[:, None]
    work.raw[cells] = np.where(failed, -1, judged.shares / counting - 1)
    work.share[cells] = np.where(worst, 1, judged.known / judged.due)
    work.scored[cells] = worst | (judged.known == judged.due)


def reach(work: Work, reach: Reach) -> None:
    """The unseen checkpoints all failed, or all met."""
    cells = work.cells.checkpoints.cells
    if not len(cells):
        return
    judged = _judged(work)
    due, failed = judged.due[:, None], judged.failed[:, :1]
    least, most = judged.shares[:, :1], judged.shares[:, :1] + (judged.due - judged.known)[:, None]
    low = np.where(failed | judged.may_fail[:, None], -1, least / due - 1)
    high = np.where(failed, -1, most / due - 1)
    reach.narrow(cells, low, high)
