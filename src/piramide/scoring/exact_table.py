"""The exact figures of every node and sheet of a scored plan: the arrays say what there is, fractions what it is.

Indices, bands, coverage and contributions come up from the exact gaps of the leaves in one walk, made when the first
of them is asked for; figures of leaves are those of `ExactScores`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from piramide.scoring.exact import FULL, ExactScores
from piramide.scoring.scored import Scored

_NONE = Fraction(0)
_ALL = Fraction(1)


@dataclass(slots=True)
class _Sums:
    """Weighted sums at one position: of the gaps, of the weight that has one, of the worst and the best of the rest."""

    gap: Fraction = _NONE
    covered: Fraction = _NONE
    worst: Fraction = _NONE
    best: Fraction = _NONE

    def add(self, weight: Fraction, other: _Sums) -> None:
        """Take in a child."""
        self.gap += weight * other.gap
        self.covered += weight * other.covered
        self.worst += weight * other.worst
        self.best += weight * other.best


class ExactTable:
    """Exact figures by position of the layout (nodes, then the roots) and by leaf (position in `layout.leaves`)."""

    def __init__(self, scored: Scored) -> None:
        self._scored, self._exact = scored, ExactScores(scored)

    def index(self, position: int) -> Fraction:
        """The index of a complete position."""
        return FULL * (1 + self._sums[position].gap)

    def measured(self, position: int) -> Fraction:
        """The index on what is measured; the index itself where all is."""
        sums = self._sums[position]
        if self._scored.indices.complete[position] or not sums.covered:
            return FULL * (1 + sums.gap)
        return FULL * (1 + sums.gap / sums.covered)

    def low(self, position: int) -> Fraction:
        """The least that the index can be."""
        sums = self._sums[position]
        return FULL * (1 + sums.gap + sums.worst)

    def high(self, position: int) -> Fraction:
        """The most that the index can be."""
        sums = self._sums[position]
        return FULL * (1 + sums.gap + sums.best)

    def coverage(self, position: int) -> Fraction:
        """The share of weight that has a value."""
        return _ALL if self._scored.indices.complete[position] else self._sums[position].covered

    def contribution(self, position: int) -> Fraction:
        """Points that a node brings to the index of its structure, or to its partial one where that is all there is."""
        root = len(self._scored.plan.layout.nodes) + int(self._scored.plan.layout.owners[position])
        return FULL * self._shares[position] * self._sums[position].gap / (self.coverage(root) or _ALL)

    def value(self, leaf: int) -> Fraction:
        """The value of a leaf, or what its parts come to."""
        return self._exact.compared(*self._name(leaf))[0] or _NONE

    def target(self, leaf: int) -> Fraction:
        """What the value of a leaf was compared with."""
        return self._exact.compared(*self._name(leaf))[1] or _NONE

    def gap_raw(self, leaf: int) -> Fraction:
        """The gap of a leaf before its cap."""
        return self._exact.gap_raw(*self._name(leaf)) or _NONE

    def gap(self, leaf: int) -> Fraction:
        """The gap of a leaf within its cap."""
        return self._exact.gap(*self._name(leaf)) or _NONE

    def points(self, leaf: int) -> Fraction:
        """The points of a leaf."""
        return self._exact.points(*self._name(leaf))

    def _name(self, leaf: int) -> tuple[str, str]:
        cell = self._scored.plan.cells.items[leaf]
        return cell.structure, cell.key

    @cached_property
    def _sums(self) -> list[_Sums]:
        """Sums at every position: children stand after their parent, so that the last are taken in first."""
        layout, cells = self._scored.plan.layout, self._scored.plan.cells
        sums = [_Sums() for _ in range(layout.size)]
        for leaf, position in enumerate(layout.leaves.tolist()):
            if self._scored.gaps.scored[leaf]:
                sums[position] = _Sums(self.gap(leaf), _ALL)
            else:
                cap = cells.items[leaf].indicator.cap
                sums[position] = _Sums(worst=-cap, best=cap)
        parents = layout.parents.tolist()
        for position in range(len(layout.nodes) - 1, -1, -1):
            if weight := layout.nodes[position].weight:
                sums[parents[position]].add(weight, sums[position])
        return sums

    @cached_property
    def _shares(self) -> list[Fraction]:
        """The weight of every node in its sheet."""
        layout = self._scored.plan.layout
        shares: list[Fraction] = []
        for node, parent in zip(layout.nodes, layout.parents.tolist(), strict=True):
            shares.append(node.weight * (shares[parent] if parent < len(layout.nodes) else _ALL))
        return shares
