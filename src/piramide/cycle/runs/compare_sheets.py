"""Two results of one structure side by side, node by node: another year, or another version of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from piramide.cycle.runs.standing import change, stands
from piramide.kernel.figure import Figure, preview
from piramide.scoring.paths import Paths, paths
from piramide.scoring.result import NOTHING, NodeScore, StructureScore

_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node in both results; `before` or `now` is `None` where one has no such node.

    `points` is what the node moves in the index of the structure, from its points before to its points now: those of
    the leaves sum to the whole change; `None` unless the index is complete in both. `changed` names what the plan asks
    otherwise: `weight`, `target`, `rule`, `place` in the tree.
    """

    id: str
    depth: int
    before: NodeScore | None
    now: NodeScore | None
    points: Figure | None
    changed: tuple[str, ...]

    @property
    def node(self) -> NodeScore:
        """The node as it is now, else as it was."""
        found = self.now or self.before
        assert found is not None  # noqa: S101 - it is in one of the two
        return found


@dataclass(frozen=True, slots=True)
class SheetComparison:
    """Both results of a structure; `change` is of its index, `None` unless it is complete in both."""

    before: StructureScore
    now: StructureScore
    nodes: tuple[NodeChange, ...]
    change: Figure | None
    is_partial: bool

    @property
    def leaves(self) -> tuple[NodeChange, ...]:
        """Indicators that move the index, the largest move first."""
        moved = [n for n in self.nodes if n.node.indicator and n.points is not None and abs(n.points) > _SAME]
        return tuple(sorted(moved, key=lambda n: -abs(n.points or 0.0)))


def compare_sheets(before: StructureScore, now: StructureScore) -> SheetComparison:
    """Every node of either result, in the order of the one of now; those that it lacks stand at the end."""
    old, new = paths(before), paths(now)
    is_partial = before.index is None or now.index is None
    return SheetComparison(before, now, tuple(_changes(old, new)), change(stands(now), stands(before)), is_partial)


def _changes(old: Paths, new: Paths) -> Iterator[NodeChange]:
    for name, node in new.nodes.items():
        yield _change(old.nodes.get(name), node, old, new)
    for name, node in old.nodes.items():
        if name not in new.nodes:
            yield _change(node, None, old, new)


def _change(before: NodeScore | None, now: NodeScore | None, old: Paths, new: Paths) -> NodeChange:
    node, tree = (now, new) if now else (before, old)
    assert node is not None  # noqa: S101 - it is in one of the two
    points = None
    if old.top.index is not None and new.top.index is not None:
        points = (_points(now, new) if now else NOTHING) - (_points(before, old) if before else NOTHING)
    depth = sum(1 for _ in tree.above(node))
    return NodeChange(node.id, depth, before, now, points, tuple(_changed(before, now)) if before and now else ())


def _points(node: NodeScore, tree: Paths) -> Figure:
    """Points that a node brings to the index of its structure; worked out again for a run that kept none."""
    return preview(tree.points(node, tree.top) or 0.0) if node.contribution is None else node.contribution


def _changed(before: NodeScore, now: NodeScore) -> Iterator[str]:
    if abs(before.weight - now.weight) > _SAME:
        yield "weight"
    if before.parent != now.parent:
        yield "place"
    if (before.target is None) != (now.target is None) or abs((before.target or 0) - (now.target or 0)) > _SAME:
        yield "target"
    if before.rule != now.rule:
        yield "rule"
