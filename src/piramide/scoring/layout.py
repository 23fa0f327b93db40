"""The ragged trees of all structures in one flat layout, and sums from the leaves up.

    nodes     every node of every tree, in the order of the paper, parents first
    roots     one more position per structure, after the nodes: the whole sheet

Weights are shares inside the parent; a node of weight 0 is reported and counts for nothing above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from piramide.methodology.model import Node, Sheet, with_ancestors
from piramide.scoring.arrays import Floats, Numbers, Positions, is_exact, numbers


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Trees of `structures` as arrays; a position below `len(nodes)` is a node, the others are the roots.

    `parents`, `owners` (position in `structures`), `weights` and `exact_weights` are (nodes,); `leaves` are
    positions of nodes, owner by owner; `levels` are the positions of each depth, deepest first. The weights are those
    that count: a plan sets them where they are not the printed ones.
    """

    structures: tuple[str, ...]
    nodes: tuple[Node, ...]
    parents: Positions
    owners: Positions
    weights: Floats
    exact_weights: Numbers
    leaves: Positions
    levels: tuple[Positions, ...]

    @property
    def size(self) -> int:
        """Number of positions: nodes and roots."""
        return len(self.nodes) + len(self.structures)

    def roll_up(self, at_leaves: Numbers) -> Numbers:
        """Weighted sums at every position of what the (leaves,) hold, children added in the order of the paper.

        The order never changes, so the same inputs give the same bits on every machine; fractions give fractions.
        """
        if is_exact(at_leaves):
            return self._rolled_up_exactly(at_leaves)
        sums = np.zeros(self.size)
        sums[self.leaves] = at_leaves
        for level in self.levels:
            sums += np.bincount(self.parents[level], self.weights[level] * sums[level], minlength=self.size)
        return sums

    def _rolled_up_exactly(self, at_leaves: Numbers) -> Numbers:
        """The same in fractions: numerators over one denominator per position, brought to their least terms once."""
        parents, weights = self.parents.tolist(), self.exact_weights
        tops, bottoms = [0] * self.size, [1] * self.size
        for position, number in zip(self.leaves.tolist(), at_leaves, strict=True):
            tops[position], bottoms[position] = number.numerator, number.denominator
        for level in self.levels:
            for position in level.tolist():
                if not tops[position]:
                    continue
                _reduce(tops, bottoms, position)
                weight, above = weights[position], parents[position]
                top, bottom = tops[position] * weight.numerator, bottoms[position] * weight.denominator
                shared = gcd(bottoms[above], bottom)
                tops[above] = tops[above] * (bottom // shared) + top * (bottoms[above] // shared)
                bottoms[above] *= bottom // shared
        return numbers(
            (Fraction(top, bottom) if top else 0 for top, bottom in zip(tops, bottoms, strict=True)), exact=True
        )

    def path_weights(self) -> Iterator[tuple[Positions, Positions, Floats]]:
        """Every pair of a leaf and a position above it, one generation at a time.

        Yields positions in `leaves`, positions above, and the share of the leaf in them: the product of the weights
        on the way.
        """
        which = np.arange(len(self.leaves))
        above = self.parents[self.leaves]
        shares = self.weights[self.leaves]
        while len(which):
            yield which, above, shares
            goes_on = above < len(self.nodes)
            which, above, shares = which[goes_on], above[goes_on], shares[goes_on]
            shares = shares * self.weights[above]
            above = self.parents[above]

    def shares(self) -> Floats:
        """The weight of every node in its whole sheet: the product of the weights on the way."""
        shares = np.zeros(self.size)
        shares[len(self.nodes) :] = 1.0
        for level in reversed(self.levels):
            shares[level] = self.weights[level] * shares[self.parents[level]]
        return shares[: len(self.nodes)]

    def counting(self, weights: Sequence[Fraction]) -> Layout:
        """The same trees with the weights by which nodes count, where those are not the printed ones."""
        return replace(self, weights=numbers(weights, exact=False), exact_weights=numbers(weights, exact=True))


def _reduce(tops: list[int], bottoms: list[int], position: int) -> None:
    shared = gcd(tops[position], bottoms[position])
    if shared > 1:
        tops[position] //= shared
        bottoms[position] //= shared


def lay_out(sheets: Sequence[Sheet]) -> Layout:
    """Flatten the trees of `sheets`."""
    nodes: list[Node] = []
    parents: list[int] = []
    owners: list[int] = []
    depths: list[int] = []
    total = sum(1 for sheet in sheets for _ in sheet.walk())

    for owner, sheet in enumerate(sheets):
        line: list[int] = [total + owner]
        """Positions of the node above at each depth, the root of the sheet first."""
        for node, above in with_ancestors(sheet.tree):
            depth = len(above)
            line[depth + 1 :] = [len(nodes)]
            nodes.append(node)
            parents.append(line[depth])
            owners.append(owner)
            depths.append(depth)
    depth_of = _positions(depths)
    return Layout(
        tuple(sheet.structure for sheet in sheets),
        tuple(nodes),
        _positions(parents),
        _positions(owners),
        numbers((node.weight for node in nodes), exact=False),
        numbers((node.weight for node in nodes), exact=True),
        _positions([position for position, node in enumerate(nodes) if node.is_leaf]),
        tuple(np.flatnonzero(depth_of == depth) for depth in range(max(depths, default=-1), -1, -1)),
    )


def _positions(numbers: Sequence[int]) -> NDArray[np.intp]:
    return np.array(numbers, np.intp)
