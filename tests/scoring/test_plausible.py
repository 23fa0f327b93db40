"""A value a hundred or a thousand times from its target is asked about, never changed."""

from __future__ import annotations

import pytest

from piramide.kernel.figure import figure_of, preview
from piramide.methodology.loading import find_pack, load_pack
from piramide.scoring.plausible import implausible_values, values_told_twice
from piramide.scoring.result import NOTHING, NodeScore, ScoreTable, StructureScore


def _sheet(*nodes: NodeScore) -> StructureScore:
    return StructureScore(id="lazio", label="Lazio", kind="region", source="stated", coverage=NOTHING, nodes=nodes)


def table(value: float, target: float | None, unit: str) -> ScoreTable:
    told, asked = preview(value), None if target is None else preview(target)
    node = NodeScore(
        id="x", kind="indicator", label="Voce", weight=figure_of(1), weight_source="stated", indicator="x",
        rule="gap_up", unit=unit, value=told, target=asked,
    )  # fmt: skip
    sheet = _sheet(node)
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


@pytest.mark.parametrize(("other", "asked"), [(510_000.0, ["SC039"]), (500_000.0, [])])
def test_it_asks_about_one_figure_that_stands_twice_with_two_values(other: float, asked: list[str]) -> None:
    plan = load_pack(find_pack("inps-2021", []))
    names = ("progetto_c_rvpa", "lavorazioni_effettive_rvpa")  # the cases of project C, in two places of the plan
    labels = [plan.indicators[name].label for name in names]
    nodes = tuple(
        NodeScore(
            id=name,
            kind="indicator",
            label=label,
            weight=figure_of(1),
            weight_source="stated",
            indicator=name,
            rule="gap_up",
            unit="pieces",
            value=preview(value),
            target=preview(1.0),
        )
        for name, label, value in zip(names, labels, (500_000.0, other), strict=True)
    )
    sheet = _sheet(*nodes)

    found = list(values_told_twice(plan, ScoreTable("inps-2021", "2021", (sheet,))))

    assert [finding.code for finding in found] == asked
    assert all(label in finding.message("it") for finding in found for label in labels)
