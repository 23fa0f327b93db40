"""From the values of the cells to their gaps, one kind of rule at a time, for one scenario or a thousand.

The arrays are floats, or fractions where every printed figure comes from; the rules are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from piramide.scoring.arrays import Flags, Numbers
from piramide.scoring.cells import Cells
from piramide.scoring.rules import bands, composite, missing, relative, threshold
from piramide.scoring.rules.work import Known, Reach, Work


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Gaps of the cells, not yet capped (`raw`) and as they count (`capped`), both (cells, scenarios).

    `share` (cells,) is how much of a gap is known: 1, 0 (the gap is then 0 and means nothing), or between for a
    threshold that is partly seen, whose gap is that of the part. `scored` (cells,) are those known whole. `values`,
    `targets` and `points` are what was compared, (cells, scenarios): the parts' sum for a composite, the quarter
    before for a progressive reduction. `compared` (cells,) says where they were: what is not due too, which has no gap.
    """

    raw: Numbers
    capped: Numbers
    scored: Flags
    share: Numbers
    values: Numbers
    targets: Numbers
    points: Numbers
    has_target: Flags
    compared: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """The least and the greatest gap of each cell within its cap, (cells,): a point where the gap is known (R44).

    `reaches` is false for what has no reach because it is only reported.
    """

    low: Numbers
    high: Numbers
    reaches: Flags


def gaps_of(cells: Cells, values: Numbers, known: Known) -> Gaps:
    """Score every cell. `values` is (moments, cells, scenarios), 0 where nothing is known; it is not changed."""
    return _gaps(_scored(cells, values, known))


def gaps_and_bounds(cells: Cells, values: Numbers, known: Known) -> tuple[Gaps, Bounds]:
    """Score every cell and say what it can still come to; `values` is (moments, cells, 1)."""
    work = _scored(cells, values, known)
    reach = Reach(work)
    relative.reach(work, reach)
    threshold.reach(work, reach)
    bands.reach(work, reach)
    for group in cells.composites:
        composite.reach(work, reach, group)
    reaches = cells.reaches & ~cells.late
    low, high = (np.where(reaches, work.capped(end)[:, 0], 0) for end in (reach.low, reach.high))
    return _without(_gaps(work), cells.late), Bounds(low, high, reaches)


def _without(gaps: Gaps, late: Flags) -> Gaps:
    """The same without the gaps of what is not due (R13)."""
    return replace(
        gaps,
        raw=np.where(late[:, None], 0, gaps.raw),
        capped=np.where(late[:, None], 0, gaps.capped),
        scored=gaps.scored & ~late,
        share=np.where(late, 0, gaps.share),
    )


def _gaps(work: Work) -> Gaps:
    return Gaps(
        work.raw,
        work.capped(work.raw),
        work.scored,
        work.share,
        work.values,
        work.targets,
        work.points,
        work.has_target,
        work.scored,
    )


def _scored(cells: Cells, values: Numbers, known: Known) -> Work:
    work = Work(cells, values, known)
    relative.score(work)
    threshold.score(work)
    bands.score(work)
    missing.score_worst(work)
    for group in cells.composites:
        composite.score(work, group)
    work.raw[work.share == 0] = 0
    return work
