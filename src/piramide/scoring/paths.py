"""One scored structure as a tree that can be walked: who is above whom, and how many points travel up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from piramide.kernel.figure import Figure
from piramide.scoring.result import NodeScore, StructureScore

FULL = 100.0
Scored = NodeScore | StructureScore
"""What has an index: a node, or the structure above all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """`top` is the structure; `nodes` by id; `children` by id of the parent, `None` for the top of the tree."""

    top: StructureScore
    nodes: Mapping[str, NodeScore]
    children: Mapping[str | None, Sequence[NodeScore]]

    def above(self, node: NodeScore) -> Iterator[NodeScore]:
        """Ancestors, nearest first; the structure is not among them."""
        parent = node.parent
        while parent is not None:
            yield self.nodes[parent]
            parent = self.nodes[parent].parent

    def below(self, scored: Scored) -> Sequence[NodeScore]:
        """Children, in the order of the paper."""
        return self.children.get(scored.id if isinstance(scored, NodeScore) else None, ())

    def leaves(self, scored: Scored) -> Iterator[NodeScore]:
        """Leaves at or below, in the order of the paper."""
        below = self.below(scored)
        if not below and isinstance(scored, NodeScore):
            yield scored
        for child in below:
            yield from self.leaves(child)

    def share(self, node: NodeScore, ancestor: Scored) -> float:
        """Weight of `node` in `ancestor`: the product of the weights on the way."""
        share, here = float(node.counts), node
        while here.parent is not None and here.parent != _name(ancestor):
            here = self.nodes[here.parent]
            share *= float(here.counts)
        return share

    def points(self, node: NodeScore, ancestor: Scored) -> float | None:
        """Points that `node` brings to the number of `ancestor` (`basis`); `None` when either has none."""
        share = self.effective_share(node, ancestor)
        told = index_on(node, basis(ancestor))
        return None if share is None or told is None else share * (float(told) - FULL)

    def effective_share(self, node: NodeScore, ancestor: Scored) -> float | None:
        """Weight of `node` in the number of `ancestor`, re-scaled on what is measured where the index is null."""
        match basis(ancestor):
            case "index":
                return self.share(node, ancestor)
            case "measured":
                return self.share(node, ancestor) * float(node.coverage) / float(ancestor.coverage)
            case _:
                return None


def paths(structure: StructureScore) -> Paths:
    """The tree of a scored structure."""
    children: dict[str | None, list[NodeScore]] = defaultdict(list)
    for node in structure.nodes:
        children[node.parent].append(node)
    return Paths(structure, {node.id: node for node in structure.nodes}, dict(children))


def basis(scored: Scored) -> str:
    """Which number of `scored` is told: `index`, else `measured` (the partial one), else none (empty)."""
    if scored.index is not None:
        return "index"
    return "measured" if scored.index_measured is not None and scored.coverage > 0 else ""


def index_on(scored: Scored, on: str) -> Figure | None:
    """The number of `scored` on a basis."""
    return scored.index if on == "index" else scored.index_measured if on == "measured" else None


def _name(scored: Scored) -> str | None:
    return scored.id if isinstance(scored, NodeScore) else None
