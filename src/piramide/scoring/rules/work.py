"""What the kinds of rule fill, one after the other: gaps first, then what the missing ones can still reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from piramide.scoring.arrays import UNBOUND, Flags, Numbers, Positions, is_exact, within
from piramide.scoring.cells import CURRENT, Cells


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the values hold, the same for all scenarios.

    `values` is (moments, cells); `not_applicable` and `is_worst` are (cells,); `quarter_before` is the place of the
    quarter before among the moments, or -1.
    """

    values: Flags
    not_applicable: Flags
    is_worst: Flags
    quarter_before: int


class Work:
    """Gaps under way.

    `values` and `targets` are what is compared, `raw` the gap before its cap, `points` those of a band or a ratio,
    all (cells, scenarios). `share` (cells,) is how much of the gap is known: 1, 0, or between for a threshold that is
    partly seen, whose `raw` is that of the part. `scored` (cells,) are those known whole.
    """

    def __init__(self, cells: Cells, values: Numbers, known: Known) -> None:
        self.cells, self.known, self.all_values = cells, known, values
        self.present = known.values[CURRENT]
        self.values = values[CURRENT].copy()
        self.targets = np.broadcast_to(cells.targets[:, None], self.values.shape).copy()
        self.has_target = cells.has_target.copy()
        self.raw = np.zeros_like(self.values)
        self.points = np.zeros_like(self.values)
        self.share = np.zeros_like(cells.caps)
        self.scored = np.zeros(len(self.values), np.bool_)
        self._look_back()

    @property
    def exact(self) -> bool:
        """Whether the numbers are fractions."""
        return is_exact(self.values)

    def _look_back(self) -> None:
        """Progressive reduction: inside the year the target is the value of the quarter before (R13)."""
        cells, place = self.cells.looks_back, self.known.quarter_before
        if not len(cells):
            return
        if place >= 0:
            self.targets[cells] = self.all_values[place, cells]
            self.has_target[cells] = self.known.values[place, cells]
        else:
            self.targets[cells] = self.cells.before[cells, None]
            self.has_target[cells] = self.cells.has_before[cells]
        self.has_target[cells] &= (self.targets[cells] > 0).all(axis=1)
        self.targets[~self.has_target] = 1

    def settle(self, cells: Flags) -> None:
        """Mark cells whose gap is known whole."""
        self.scored |= cells
        self.share[cells] = 1

    def capped(self, gaps: Numbers, cells: Positions | None = None) -> Numbers:
        """Gaps of all cells, or of some, within their caps (R2)."""
        if cells is None:
            return within(gaps, self.cells.low[:, None], self.cells.high[:, None])
        return within(gaps, self.cells.low[cells, None], self.cells.high[cells, None])


class Reach:
    """The least and the greatest gap that each cell can come to, before its cap: both (cells, 1).

    What is scored is a point; what nothing bounds runs to infinity and is held by its cap.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        scored, raw = work.scored[:, None], work.raw[:, :1]
        self.low = np.where(scored, raw, -UNBOUND)
        self.high = np.where(scored, raw, UNBOUND)

    def narrow(self, cells: Positions, low: Numbers, high: Numbers) -> None:
        """Bound those of `cells` that are not scored; `low` and `high` are (those cells, 1)."""
        missing = ~self.work.scored[cells]
        here = cells[missing]
        self.low[here] = np.maximum(self.low[here], low[missing])
        self.high[here] = np.minimum(self.high[here], high[missing])
