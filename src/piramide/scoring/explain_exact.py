"""The indices of one sheet as exact fractions, so that no printed figure is a float's luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from piramide.kernel.numbers import from_float
from piramide.methodology.model import Node
from piramide.scoring.paths import Paths, Scored, basis, index_on
from piramide.scoring.result import NodeScore

NOISE = 1e-9


class ExactIndices:
    """Exact weights by node, and exact indices and points from them and from the exact `gaps` of the leaves.

    Should an exact figure differ from the scored one by more than noise, the scored one holds.
    """

    def __init__(self, tree: Paths, printed: Mapping[str, Node], gaps: Mapping[str, Fraction | None]) -> None:
        self.tree, self.gaps = tree, gaps
        self.weights = {node.id: _weight(node, printed[node.id]) for node in tree.nodes.values()}
        self._sums: dict[str, tuple[Fraction, Fraction]] = {}
        self._points: dict[tuple[str, str, bool], Fraction | None] = {}
        self._top = self._of_children(tree.below(tree.top))

    def sums(self, node: NodeScore) -> tuple[Fraction, Fraction]:
        """Coverage of a node and weighted sum of the gaps below it."""
        if node.id not in self._sums:
            below = self.tree.below(node)
            gap = self.gaps.get(node.id)
            leaf = (Fraction(gap is not None), gap or Fraction(0))
            self._sums[node.id] = self._of_children(below) if below else leaf
        return self._sums[node.id]

    def index(self, scored: Scored) -> Fraction:
        """The number that is told of `scored`: the index, or the partial one."""
        coverage, total = self.sums(scored) if isinstance(scored, NodeScore) else self._top
        is_partial = basis(scored) == "measured"
        told = index_on(scored, basis(scored)) or 0.0
        return _checked(100 * (1 + (total / coverage if is_partial and coverage else total)), told)

    def coverage(self, scored: Scored) -> Fraction:
        """Share of the weight that has a value."""
        return self.sums(scored)[0] if isinstance(scored, NodeScore) else self._top[0]

    def points(self, node: NodeScore, ancestor: Scored) -> Fraction | None:
        """Points that a node brings to the number of an ancestor; `None` when either has none."""
        key = (node.id, ancestor.id, isinstance(ancestor, NodeScore))
        if key not in self._points:
            self._points[key] = self._new_points(node, ancestor)
        return self._points[key]

    def _new_points(self, node: NodeScore, ancestor: Scored) -> Fraction | None:
        told = self.tree.points(node, ancestor)
        if not told:
            return None if told is None else Fraction(0)
        share = self.share(node, ancestor)
        coverage, total = self.sums(node)
        covered = self.coverage(ancestor) if basis(ancestor) == "measured" else coverage
        return _checked(100 * share * total / (covered or 1), told)

    def share(self, node: NodeScore, ancestor: Scored) -> Fraction:
        """Weight of a node in an ancestor."""
        share = self.weights[node.id]
        for above in self.tree.above(node):
            if above is ancestor:
                break
            share *= self.weights[above.id]
        return share

    def _of_children(self, children: Sequence[NodeScore]) -> tuple[Fraction, Fraction]:
        parts = [(self.weights[child.id], *self.sums(child)) for child in children if self.weights[child.id]]
        return (
            sum((weight * covered for weight, covered, _ in parts), Fraction(0)),
            sum((weight * gap for weight, _, gap in parts), Fraction(0)),
        )


def _weight(node: NodeScore, printed: Node) -> Fraction:
    return printed.weight if float(printed.weight) == node.weight else node.weight.exact


def _checked(exact: Fraction, told: float) -> Fraction:
    return exact if abs(float(exact) - told) < NOISE else from_float(told)
