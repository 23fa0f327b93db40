"""The same scores in exact fractions: what is printed is the exact rational rounded half-up.

Inputs are the decimals that the file and the pack hold, and the rules are those of the arrays: each is declared once
(`rules`), and works on fractions as on floats. Whether a figure holds at all, the arrays say.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, cached_property

import numpy as np

from piramide.scoring.arrays import FULL, Numbers
from piramide.scoring.cells import compile_cells
from piramide.scoring.gaps import Bounds, Gaps, Scoring
from piramide.scoring.indices import Indices, roll_up
from piramide.scoring.score_of import with_scores
from piramide.scoring.scored import Scored


class ExactTable:
    """Exact figures by position of the layout (nodes, then the roots) and by cell, all computed together.

    They are worked out when the first one is asked for.
    """

    def __init__(self, scored: Scored) -> None:
        self.scored = scored

    def index(self, position: int) -> Fraction:
        """The index of a complete position."""
        return figure(self.indices.index, position)

    def measured(self, position: int) -> Fraction:
        """The index on what is measured; the index itself where all is."""
        return figure(self.indices.index_measured, position)

    def low(self, position: int) -> Fraction:
        """The least that the index can be (R44)."""
        return figure(self.indices.index_low, position)

    def high(self, position: int) -> Fraction:
        """The most that the index can be (R44)."""
        return figure(self.indices.index_high, position)

    def coverage(self, position: int) -> Fraction:
        """The share of weight that is known."""
        return figure(self.indices.coverage, position)

    def contribution(self, position: int) -> Fraction:
        """Points that a node brings to the index of its structure, or to its partial one where that is all there is."""
        layout = self.scored.plan.layout
        root = len(layout.nodes) + int(layout.owners[position])
        points = self._shares[position] * figure(self.indices.total, position) * FULL
        known = self.coverage(root)
        return points if known in {0, 1} else points / known

    def contributions(self, position: int) -> Iterator[tuple[int, Fraction]]:
        """Points that a node brings to the number of each position above, nearest first, the root last."""
        layout, indices, above, share = self.scored.plan.layout, self.indices, position, Fraction(1)
        total = figure(indices.total, position)
        while above < len(layout.nodes):
            share *= layout.exact_weights[above]
            above = int(layout.parents[above])
            yield above, FULL * share * total / (figure(indices.coverage, above) or 1)

    def value(self, cell: int) -> Fraction:
        """The value of a cell, or what its parts come to."""
        return figure(self.gaps.values[:, 0], cell)

    def target(self, cell: int) -> Fraction:
        """What the value of a cell was compared with."""
        return figure(self.gaps.targets[:, 0], cell)

    def gap_raw(self, cell: int) -> Fraction:
        """The gap of a cell before its cap."""
        return figure(self.gaps.raw[:, 0], cell)

    def gap(self, cell: int) -> Fraction:
        """The gap of a cell within its cap."""
        return figure(self.gaps.capped[:, 0], cell)

    def points(self, cell: int) -> Fraction:
        """The points of a cell."""
        return figure(self.gaps.points[:, 0], cell)

    @cached_property
    def read(self) -> Numbers:
        """What the file says, (moments, cells, 1)."""
        readings, values = self.scored.readings, self.scored.values
        answer = np.zeros((*readings.known.shape, 1), object)
        told: dict[int, Fraction] = {}
        for moment, place in np.argwhere(readings.known).tolist():
            row = int(readings.rows[moment, place])
            if row not in told:
                told[row] = values.exact(row)
            answer[moment, place, 0] = told[row]
        return answer

    @property
    def gaps(self) -> Gaps:
        """Gaps of the cells."""
        return self._gaps_and_bounds[0]

    @cached_property
    def indices(self) -> Indices:
        """Indices of the layout."""
        return roll_up(self.scored.plan.layout, *self._gaps_and_bounds)

    @cached_property
    def _shares(self) -> list[Fraction]:
        """The weight of every node in its whole sheet."""
        layout = self.scored.plan.layout
        shares: list[Fraction] = []
        for weight, parent in zip(layout.exact_weights, layout.parents.tolist(), strict=True):
            shares.append(weight * shares[parent] if parent < len(layout.nodes) else weight)
        return shares

    @cached_property
    def _gaps_and_bounds(self) -> tuple[Gaps, Bounds]:
        plan = self.scored.plan
        cells = compile_cells(plan.cells.items, plan.moments, exact=True)
        scoring = Scoring(cells, self.read, self.scored.readings.facts(plan.quarter_before))
        return with_scores(plan.layout, plan.takings, scoring)


def figure(figures: Numbers, place: int) -> Fraction:
    """One of the figures; a float among them would not be exact."""
    found = figures[place]
    if isinstance(found, float):
        raise TypeError(f"a float among exact figures: {found!r}")
    return found if isinstance(found, Fraction) else _whole(found)


@cache
def _whole(number: int) -> Fraction:
    """A whole number, of which most are 0, 1 or 100, once."""
    return Fraction(number)
