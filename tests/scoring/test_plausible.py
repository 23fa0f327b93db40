"""A value a hundred or a thousand times from its target is asked about, never changed."""

from __future__ import annotations

import pytest

from piramide.kernel.figure import figure_of, preview
from piramide.scoring.plausible import implausible_values
from piramide.scoring.result import NOTHING, NodeScore, ScoreTable, StructureScore


def table(value: float, target: float | None, unit: str) -> ScoreTable:
    told, asked = preview(value), None if target is None else preview(target)
    node = NodeScore("x", None, "indicator", "Voce", figure_of(1), "stated", "x", "gap_up", unit, told, asked)
    sheet = StructureScore("lazio", "Lazio", "region", "stated", None, None, None, None, NOTHING, (node,))
    return ScoreTable("prova", "2024", (sheet,))


@pytest.mark.parametrize(
    ("value", "target", "unit", "times"),
    [
        (335.469, 328588770.0, "eur", "1e-06"),
        (335469.0, 328588770.0, "eur", "0.001"),
        (101.0, 1.01, "ratio", "100"),
        (95.39, None, "ratio", "100"),
        (83994000.0, 83994.0, "pieces", "1000"),
    ],
)
def test_it_asks_about_a_slip_of_magnitude(value: float, target: float | None, unit: str, times: str) -> None:
    (finding,) = implausible_values(table(value, target, unit))

    assert finding.code == "SC028"
    assert f"circa {times} volte" in finding.message("it")


@pytest.mark.parametrize(
    ("value", "target", "unit"),
    [
        (0.0, 1.0, "ratio"),
        (1.5, 1.0, "ratio"),
        (12.0, 50.0, "points_per_head"),
        (-3.4, 0.0, "days"),
        (4.2, 4.2, "ratio"),
    ],
)
def test_it_is_silent_about_good_and_bad_results(value: float, target: float, unit: str) -> None:
    assert not list(implausible_values(table(value, target, unit)))
