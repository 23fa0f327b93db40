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
from piramide.scoring.cells import CURRENT, compile_cells
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


class ExactScores:
    """The same by name: `node` is the id of a node, or `None` for the whole sheet.

    Indices are on 100, gaps and shares are fractions. A figure is `None` exactly where the score table has none.
    `KeyError` for a structure or node that is not scored.
    """

    def __init__(self, scored: Scored) -> None:
        self._scored, self._table = scored, ExactTable(scored)

    def index(self, structure: str, node: str | None = None) -> Fraction | None:
        """The index; `None` unless every leaf below that weighs has a gap."""
        at = self._positions[structure, node]
        return self._table.index(at) if self._scored.indices.complete[at] else None

    def index_measured(self, structure: str, node: str | None = None) -> Fraction | None:
        """The index of what is known below; `None` where nothing is."""
        at = self._positions[structure, node]
        return self._table.measured(at) if self._scored.indices.measured[at] else None

    def index_low(self, structure: str, node: str | None = None) -> Fraction | None:
        """The least that the whole index can come to; `None` for what is only reported (R44)."""
        at = self._positions[structure, node]
        return self._table.low(at) if self._scored.indices.reaches[at] else None

    def index_high(self, structure: str, node: str | None = None) -> Fraction | None:
        """The greatest that the whole index can come to; `None` for what is only reported (R44)."""
        at = self._positions[structure, node]
        return self._table.high(at) if self._scored.indices.reaches[at] else None

    def coverage(self, structure: str, node: str | None = None) -> Fraction:
        """Share of the weight that is known."""
        return self._table.coverage(self._positions[structure, node])

    def contributions(self, structure: str, node: str) -> dict[str | None, Fraction | None]:
        """Points that a node brings to each node above, nearest first, then to the structure (`None`).

        They are of the number that is told of the node above: its index, or else the partial one, with the weights
        scaled as that does; no points where either has no number.
        """
        here, nodes, measured = self._positions[structure, node], self._scored.plan.layout.nodes, self._measured
        return {
            (nodes[above].id if above < len(nodes) else None): points if measured(here) and measured(above) else None
            for above, points in self._table.contributions(here)
        }

    def gap_raw(self, structure: str, key: str) -> Fraction | None:
        """Gap of a leaf or of a part before its cap; `None` unless it is known whole."""
        cell = self._cells[structure, key]
        return self._table.gap_raw(cell) if self._scored.gaps.scored[cell] else None

    def gap(self, structure: str, key: str) -> Fraction | None:
        """Gap of a leaf or of a part within its cap."""
        cell = self._cells[structure, key]
        return self._table.gap(cell) if self._scored.gaps.scored[cell] else None

    def value(self, structure: str, key: str, moment: int = CURRENT) -> Fraction | None:
        """The value that a leaf or a part reads from the file at a moment of the plan."""
        cell = self._cells[structure, key]
        return figure(self._table.read[moment, :, 0], cell) if self._scored.readings.known[moment, cell] else None

    def _measured(self, position: int) -> bool:
        return bool(self._scored.indices.measured[position])

    @cached_property
    def _positions(self) -> dict[tuple[str, str | None], int]:
        layout = self._scored.plan.layout
        owners = [layout.structures[owner] for owner in layout.owners.tolist()]
        positions: dict[tuple[str, str | None], int] = {
            (owner, node.id): at for at, (owner, node) in enumerate(zip(owners, layout.nodes, strict=True))
        }
        return positions | {(name, None): len(layout.nodes) + at for at, name in enumerate(layout.structures)}

    @cached_property
    def _cells(self) -> dict[tuple[str, str], int]:
        return {(cell.structure, cell.key): place for place, cell in enumerate(self._scored.plan.cells.items)}


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
