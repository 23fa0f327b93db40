"""From the values of the cells to their gaps, one kind of rule at a time, for one scenario or a thousand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from piramide.scoring.cells import CURRENT, Cells, CompositeGroup
from piramide.scoring.rules import (
    FULL,
    MOST_SHARES,
    Flags,
    Floats,
    capped,
    checkpoint_gap,
    points_of_bands,
    relative_gap,
    weighted_sum,
)


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


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Gaps of the cells, not yet capped (`raw`) and as they count (`capped`), both (cells, scenarios).

    `scored` (cells,) says which cells have a gap; the others hold 0. `values`, `targets` and `points` are what was
    compared, (cells, scenarios): the parts' sum for a composite, the quarter before for a progressive reduction.
    """

    raw: Floats
    capped: Floats
    scored: Flags
    values: Floats
    targets: Floats
    points: Floats
    has_target: Flags


def gaps_of(cells: Cells, values: Floats, known: Known) -> Gaps:
    """Score every cell. `values` is (moments, cells, scenarios), 0 where nothing is known; it is not changed."""
    work = _Work(cells, values, known)
    work.score_relative()
    work.score_checkpoints()
    work.score_points()
    work.score_worst()
    for group in cells.composites:
        work.score_composites(group)
    low, high = -cells.caps[:, None], cells.high[:, None]
    work.raw[~work.scored] = 0.0
    return Gaps(
        work.raw, capped(work.raw, low, high), work.scored, work.values, work.targets, work.points, work.has_target
    )


class _Work:
    """Arrays that the kinds of rule fill one after the other."""

    def __init__(self, cells: Cells, values: Floats, known: Known) -> None:
        self.cells, self.known, self.all_values = cells, known, values
        self.present = known.values[CURRENT]
        self.values = values[CURRENT].copy()
        self.targets = np.broadcast_to(cells.targets[:, None], self.values.shape).copy()
        self.has_target = cells.has_target.copy()
        self.raw = np.zeros_like(self.values)
        self.points = np.zeros_like(self.values)
        self.scored = np.zeros(len(self.values), np.bool_)
        self._look_back()

    def _look_back(self) -> None:
        """Progressive reduction: inside the year the target is the value of the quarter before (R13)."""
        cells, place = self.cells.looks_back, self.known.quarter_before
        if not len(cells):
            return
        if place >= 0:
            self.targets[cells] = self.all_values[place, cells]
            self.has_target[cells] = self.known.values[place, cells]
        else:
            before = [self.cells.items[cell].before for cell in cells]
            self.has_target[cells] = [value is not None for value in before]
            self.targets[cells] = np.array([float(value or 1) for value in before])[:, None]
        self.has_target[cells] &= (self.targets[cells] > 0).all(axis=1)
        self.targets[~self.has_target] = 1.0

    def score_relative(self) -> None:
        """Relative distances: gap up and down, zero gap, milestone, sum of shares, ratio points."""
        cells = self.cells
        compared = np.minimum(self.values, cells.ceilings[:, None])
        here = cells.relative & self.present & self.has_target & (self.targets > 0).all(axis=1)
        self.raw[here] = relative_gap(compared[here], self.targets[here], cells.signs[here, None])
        self.scored |= here
        self.points[here] = (1.0 + self.raw[here]) * cells.ratio_points[here, None]

    def score_checkpoints(self) -> None:
        """Thresholds: what is met at the checkpoints up to now."""
        group = self.cells.checkpoints
        if not len(group.cells):
            return
        values = self.all_values[group.moments, group.owners]
        met = (values >= group.least) & (values <= group.most)
        known = np.broadcast_to(self.known.values[group.moments, group.owners][:, None], met.shape)
        gaps, any_known = checkpoint_gap(met, known, group.mandatory, group.starts)
        self.raw[group.cells] = gaps
        self.scored[group.cells] = any_known[:, 0] & self.present[group.cells]

    def score_points(self) -> None:
        """Bands: the points of the value, against the target in points where there is one."""
        for group in self.cells.bands:
            within = np.clip(self.values[group.cells], group.edges[0], group.edges[-1])
            self.points[group.cells], _ = points_of_bands(within, group.edges, group.points)
            self.raw[group.cells] = self.points[group.cells] / self.targets[group.cells] - 1.0
            self.scored[group.cells] = self.present[group.cells] & self.has_target[group.cells]

    def score_worst(self) -> None:
        """What is missing under the policy `worst` stands at the cap."""
        worst = self.known.is_worst & ~self.present
        self.raw[worst] = -self.cells.caps[worst, None]
        self.scored |= worst

    def score_composites(self, group: CompositeGroup) -> None:
        """Composites without a value of their own, from their parts; with one, from that."""
        if group.of == "points":
            value, target, scored = self._sum_of_points(group)
        else:
            value, target, scored = self._sum_of_gaps(group)
        cells = group.cells
        own = self.present[cells][:, None]
        value = np.where(own, self.values[cells], value)
        target = np.where(own, self.targets[cells], target)
        scored = scored | own[:, 0]
        if group.of == "shares":
            value = np.minimum(value, MOST_SHARES)
        if group.of in {"gap", "capped_gap"}:
            raw = value - target
        else:
            scored = scored & self.has_target[cells] & (target > 0).all(axis=1)
            raw = np.divide(value - target, target, out=np.zeros_like(value), where=target != 0)
        settled = self.known.is_worst[cells] & ~scored
        self.raw[cells] = np.where(settled[:, None], self.raw[cells], raw)
        self.scored[cells] = scored | settled
        self.values[cells], self.targets[cells] = value, target

    def _sum_of_gaps(self, group: CompositeGroup) -> tuple[Floats, Floats, Flags]:
        """Attainments, gaps or capped gaps of the parts, weighted (R18-R20, R24, R25, R27)."""
        parts = self.raw[group.parts]
        if group.of == "capped_gap":
            parts = capped(parts, -self.cells.caps[group.parts, None], self.cells.high[group.parts, None])
        if group.of in {"attainment", "shares"}:
            parts = 1.0 + parts
        value = weighted_sum(parts, group.shares, group.starts)
        scored = np.logical_and.reduceat(self.scored[group.parts], group.starts)
        return value * (FULL if group.of == "shares" else 1.0), self.targets[group.cells], scored

    def _sum_of_points(self, group: CompositeGroup) -> tuple[Floats, Floats, Flags]:
        """Points of the parts; a part that is not applicable leaves, and the target shrinks with it (R26)."""
        absent = self.known.not_applicable[group.parts]
        known = self.present[group.parts] | self.scored[group.parts]
        points = np.where(known[:, None], self.points[group.parts], 0.0)
        value = weighted_sum(points, group.shares, group.starts)
        reach = np.add.reduceat(group.most_points, group.starts, axis=0)
        left = np.add.reduceat(np.where(absent[:, None], 0.0, group.most_points), group.starts, axis=0)
        share = np.divide(left, reach, out=np.zeros_like(left), where=reach > 0)
        scored = np.logical_and.reduceat(known | absent, group.starts) & (left > 0)[:, 0]
        return value, self.targets[group.cells] * share, scored
