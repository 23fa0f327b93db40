"""Two results of a structure: points moved sum to the change, and what the plan asks otherwise is named."""

from __future__ import annotations

import pytest

from piramide.cycle.runs.compare_sheets import compare_sheets
from piramide.kernel.figure import figure_of, preview
from piramide.scoring.result import NOTHING, NodeScore, StructureScore

ALL = figure_of(1)


def sheet(*nodes: NodeScore) -> StructureScore:
    """A sheet whose index is the weighted mean of its leaves."""
    index = preview(sum(node.weight * (node.index or 0) for node in nodes))
    return StructureScore(
        id="bari", label="Bari", kind="provincial_office", source="stated", index=index, index_measured=index,
        index_low=index, index_high=index, coverage=ALL, nodes=nodes,
    )  # fmt: skip


def leaf(name: str, weight: float, index: float, target: float = 1.0, rule: str = "gap_up") -> NodeScore:
    told = preview(index)
    return NodeScore(
        id=name, parent=None, kind="indicator", label=name, weight=preview(weight), weight_source="stated",
        indicator=name, rule=rule, target=preview(target), index=told, index_measured=told, index_low=told,
        index_high=told, coverage=ALL,
    )  # fmt: skip


def test_points_moved_sum_to_the_change() -> None:
    found = compare_sheets(
        sheet(leaf("a", 0.5, 96), leaf("b", 0.5, 100)), sheet(leaf("a", 0.25, 104), leaf("b", 0.75, 98))
    )

    assert found.change == pytest.approx(1.5)
    moved = {change.id: change.points for change in found.leaves}
    assert moved == {"a": pytest.approx(0.25 * 4 + 0.5 * 4), "b": pytest.approx(-1.5)}
    assert [change.id for change in found.leaves] == ["a", "b"]
    assert found.nodes[0].changed == ("weight",)


def test_it_names_targets_rules_and_what_came_and_went() -> None:
    before = sheet(leaf("a", 0.5, 100), leaf("gone", 0.5, 110))
    now = sheet(leaf("a", 0.5, 100, target=1.1, rule="threshold"), leaf("new", 0.5, 90))
    found = compare_sheets(before, now)

    assert {change.id: change.changed for change in found.nodes}["a"] == ("target", "rule")
    assert [change.id for change in found.nodes if change.before is None] == ["new"]
    assert [change.id for change in found.nodes if change.now is None] == ["gone"]
    assert sum(change.points or 0 for change in found.leaves) == pytest.approx(found.change)


def test_it_has_no_points_where_one_result_has_no_index() -> None:
    empty = StructureScore(
        id="bari", label="Bari", kind="provincial_office", source="stated", index_low=figure_of(50),
        index_high=figure_of(150), coverage=NOTHING, nodes=(),
    )  # fmt: skip
    found = compare_sheets(empty, sheet(leaf("a", 1.0, 100)))

    assert found.change is None
    assert found.leaves == ()
