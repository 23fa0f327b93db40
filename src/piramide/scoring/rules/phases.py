"""An objective made of phases: the mean of the progress of those that are due, by their weights.

    gap = sum of weight x progress / (100 x sum of weight) - 1, never positive

Progress counts from 0 to 100. A phase that is due and has no figure is missing weight: not begun or done, who knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from piramide.scoring.arrays import FULL, Flags, Numbers, counted, summed, within
from piramide.scoring.rules.work import Reach, Work


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What the phases due of each objective come to.

    Weight that is `due` and `known`, (objectives, 1); the weighted `progress` that is known, (objectives, scenarios);
    whether all is `complete`, (objectives,).
    """

    due: Numbers
    known: Numbers
    progress: Numbers
    complete: Flags


def _judged(work: Work) -> _Judged:
    group = work.cells.phases
    worst = work.known.is_worst[group.parts]
    seen = work.present[group.parts] | worst
    low, high = (ends[group.parts, None] for ends in (work.cells.floors, work.cells.ceilings))
    values = within(np.where(worst[:, None], 0, work.values[group.parts]), low, high)
    weights = group.weights * counted(seen, exact=work.exact)[:, None]
    return _Judged(
        due=summed(group.weights, group.starts),
        known=summed(weights, group.starts),
        progress=summed(weights * values, group.starts),
        complete=np.logical_and.reduceat(seen | (group.weights[:, 0] == 0), group.starts),
    )


def score(work: Work) -> None:
    """The mean progress of the phases known; whole where these are all that are due."""
    cells = work.cells.phases.cells
    if not len(cells):
        return
    judged = _judged(work)
    nothing = judged.known == 0
    value = judged.progress / np.where(nothing, judged.due, judged.known)
    work.values[cells] = value
    work.raw[cells] = value / FULL - 1
    work.share[cells] = (judged.known / judged.due)[:, 0]
    work.scored[cells] = judged.complete


def reach(work: Work, reach: Reach) -> None:
    """The phases of which nothing is known all at 0, or all at 100."""
    cells = work.cells.phases.cells
    if not len(cells):
        return
    judged = _judged(work)
    known = judged.progress[:, :1]
    low, high = known / judged.due, (known + FULL * (judged.due - judged.known)) / judged.due
    reach.narrow(cells, low / FULL - 1, high / FULL - 1)
