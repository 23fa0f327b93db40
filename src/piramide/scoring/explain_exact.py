"""The exact figures of one sheet as its table of results keeps them: shares, indices, and the points that travel up."""

from __future__ import annotations

from fractions import Fraction

from piramide.scoring.arrays import FULL
from piramide.scoring.paths import Paths, Scored, basis, index_on
from piramide.scoring.result import NodeScore


class ExactIndices:
    """Exact weights that count, indices and points by node, from the figures of the table, which alone are told."""

    def __init__(self, tree: Paths) -> None:
        self.tree = tree
        self.weights = {node.id: node.counts.exact for node in tree.nodes.values()}
        self._points: dict[tuple[str, str, bool], Fraction | None] = {}

    def index(self, scored: Scored) -> Fraction:
        """The number that is told of `scored`: the index, or the partial one."""
        told = index_on(scored, basis(scored))
        return Fraction(FULL) if told is None else told.exact

    def coverage(self, scored: Scored) -> Fraction:
        """Share of the weight that is known."""
        return scored.coverage.exact

    def points(self, node: NodeScore, ancestor: Scored) -> Fraction | None:
        """Points that a node brings to the number of an ancestor; `None` when either has none."""
        key = (node.id, ancestor.id, isinstance(ancestor, NodeScore))
        if key not in self._points:
            self._points[key] = self._new_points(node, ancestor)
        return self._points[key]

    def _new_points(self, node: NodeScore, ancestor: Scored) -> Fraction | None:
        share, told = self.effective_share(node, ancestor), index_on(node, basis(ancestor))
        return None if share is None or told is None else share * (told.exact - FULL)

    def effective_share(self, node: NodeScore, ancestor: Scored) -> Fraction | None:
        """Weight of a node in the number of an ancestor, re-scaled on what is measured where the index is null."""
        on, share = basis(ancestor), self.share(node, ancestor)
        if not on:
            return None
        return share if on == "index" else share * self.coverage(node) / self.coverage(ancestor)

    def share(self, node: NodeScore, ancestor: Scored) -> Fraction:
        """Weight of a node in an ancestor."""
        share = self.weights[node.id]
        for above in self.tree.above(node):
            if above is ancestor:
                break
            share *= self.weights[above.id]
        return share
