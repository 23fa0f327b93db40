"""From the values of the cells to their gaps, one kind of rule at a time, for one scenario or a thousand.

The arrays are floats, or fractions where every printed figure comes from; the rules are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from piramide.scoring.arrays import FULL, Flags, Numbers
from piramide.scoring.cells import Cells
from piramide.scoring.rules import bands, composite, curve, missing, phases, relative, threshold
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


def gaps_of(cells: Cells, values: Numbers, known: Known, taken: Mapping[int, TakenScore]) -> Gaps:
    """Score every cell. `values` is (moments, cells, scenarios), 0 where nothing is known; it is not changed.

    `taken` are the scores of others by the cell that takes them.
    """
    work = _scored(cells, values, known)
    for cell, score in taken.items():
        _take(work, cell, score)
    if taken:
        for group in cells.composites:
            composite.score(work, group)
        work.raw[work.share == 0] = 0
    return _without(_gaps(work), cells.late)


class Scoring:
    """The cells of a plan scored at one moment, and what each can still come to; `values` is (moments, cells, 1).

    What takes the score of others is filled in afterwards, and then what is made of it.
    """

    def __init__(self, cells: Cells, values: Numbers, known: Known) -> None:
        self.cells = cells
        self._work = _scored(cells, values, known)
        self._reach = reach = Reach(self._work)
        relative.reach(self._work, reach)
        threshold.reach(self._work, reach)
        bands.reach(self._work, reach)
        curve.reach(self._work, reach)
        phases.reach(self._work, reach)
        for group in cells.composites:
            composite.reach(self._work, reach, group)

    def now(self) -> tuple[Gaps, Bounds]:
        """Gaps and bounds of all cells, as far as they are filled in."""
        work, cells = self._work, self.cells
        reaches = cells.reaches & ~cells.late
        low, high = (np.where(reaches, work.capped(end)[:, 0], 0) for end in (self._reach.low, self._reach.high))
        return _without(_gaps(work), cells.late), Bounds(low, high, reaches)

    @property
    def exact(self) -> bool:
        """Whether the numbers are fractions."""
        return self._work.exact

    def take(self, cell: int, score: TakenScore) -> None:
        """Fill in a cell that takes the score of others."""
        _take(self._work, cell, score)
        self._reach.low[cell], self._reach.high[cell] = score.low, score.high

    def put_together(self) -> None:
        """Score again what is made of other cells, now that more of them are filled in."""
        work, reach = self._work, self._reach
        for group in self.cells.composites:
            composite.score(work, group)
            composite.reach(work, reach, group)
            whole = group.cells[work.scored[group.cells]]
            reach.low[whole] = reach.high[whole] = work.raw[whole, :1]
        work.raw[work.share == 0] = 0


@dataclass(frozen=True, slots=True)
class TakenScore:
    """The score of others as a gap, the share of it that is known, and between what it must lie, before its cap.

    The gap is one number, or one of each scenario.
    """

    gap: Fraction | float | Numbers
    share: Fraction | float
    is_whole: bool
    low: Fraction | float
    high: Fraction | float


def _take(work: Work, cell: int, score: TakenScore) -> None:
    work.raw[cell], work.values[cell], work.share[cell] = score.gap, FULL * (1 + score.gap), score.share
    work.scored[cell] = score.is_whole


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
    curve.score(work)
    phases.score(work)
    missing.score_worst(work)
    for group in cells.composites:
        composite.score(work, group)
    work.raw[work.share == 0] = 0
    return work
