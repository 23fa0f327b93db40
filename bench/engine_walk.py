"""Plain Python: each tree walked node by node in floats, on a slice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from measure import best_of, tell
from workload import make_workload

from piramide.methodology.model import Node, RuleKind

SLICE = 12


def main() -> None:
    """Time the engine and tell what it took."""
    workload = make_workload()
    values = workload.month(1, SLICE)
    rules = {name: indicator.rule for name, indicator in workload.pack.indicators.items()}
    trees = [[_plain(node, rules) for node in sheet.tree] for sheet in workload.pack.sheets.values()]
    columns = [values[:, scenario].tolist() for scenario in range(SLICE)]
    roots: list[float] = []

    def walk_all() -> None:
        roots.clear()
        for column in columns:
            following = iter(column).__next__
            for tree in trees:
                roots.append(_mean(tree, following))  # noqa: PERF401 - the walk is what is timed

    seconds = best_of(3, walk_all)
    tell(values.size, seconds, np.array(roots[: len(trees)]))


class _Plain:
    """A node as a programmer in a hurry would write it."""

    def __init__(self, node: Node, rules: dict[str, RuleKind]) -> None:
        self.weight = float(node.weight)
        self.rule = rules.get(node.id)
        self.target = float(node.target or 1)
        self.children = [_plain(child, rules) for child in node.children]
        self.index = 0.0


def _plain(node: Node, rules: dict[str, RuleKind]) -> _Plain:
    return _Plain(node, rules)


def _mean(nodes: list[_Plain], following: Callable[[], float]) -> float:
    total = 0.0
    for node in nodes:
        node.index = _mean(node.children, following) if node.children else _leaf(node, following())
        total += node.weight * node.index
    return total


def _leaf(node: _Plain, value: float) -> float:
    if node.rule is RuleKind.THRESHOLD:
        gap = 0.0 if value <= 1.0 else -1.0
    elif node.rule is RuleKind.GAP_DOWN:
        gap = (node.target - value) / node.target
    else:
        gap = (value - node.target) / node.target
    high = 0.0 if node.rule is RuleKind.MILESTONE else 0.5
    return 100.0 * (1.0 + max(-0.5, min(high, gap)))


if __name__ == "__main__":
    main()
