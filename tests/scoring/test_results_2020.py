"""R4: the results of 2020 that the printed figures reproduce exactly; R5: how gaps climb a tree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from piramide.methodology.model import Node
from tests.half_up import half_up
from tests.scoring.scenes import Scene, exactly, group, indicator, leaf

OBJECTIVES: dict[str, tuple[Node, ...]] = {
    "customer_care": (leaf("care", 1, 102),),
    "cessation_of_work": (leaf("cessation", "0.9", 103), leaf("project", "0.1", 100)),
    "administrative_appeals": (leaf("appeals", "0.9", 103), leaf("opinions", "0.1", 103)),
    "wellbeing": (
        leaf("agile_staff", "0.3", 10),
        leaf("lawsuits", "0.2", 318),
        leaf("works", "0.3", 100),
        leaf("wellbeing_project", "0.2", 100),
    ),
    "public_employees": (leaf("positions", "0.5", 100), leaf("times", "0.5", 100)),
}
VALUES = {
    "care": "117.03",
    "cessation": "119.75",
    "project": "100",
    "appeals": "96.06",
    "opinions": "120.05",
    "agile_staff": "19.09",
    "lawsuits": "264",
    "works": "166.20",
    "wellbeing_project": "100",
    "positions": "99.53",
    "times": "87.09",
}
RULES = {"lawsuits": "gap_down", "project": "milestone", "wellbeing_project": "milestone"}


def entity() -> Scene:
    indicators = tuple(indicator(name, RULES.get(name, "gap_up")) for name in VALUES)
    tree = tuple(group(name, Fraction(1, 5), *leaves) for name, leaves in OBJECTIVES.items())
    return Scene(indicators, {"nazionale": tree})


@pytest.mark.parametrize(
    ("objective", "printed"),
    [
        ("customer_care", "14.74"),
        ("cessation_of_work", "14.64"),
        ("administrative_appeals", "-4.41"),
        ("wellbeing", "33.40"),
        ("public_employees", "-6.69"),
    ],
)
def test_it_reproduces_the_printed_result(objective: str, printed: str) -> None:
    rows = [("nazionale", name, "2024", value) for name, value in VALUES.items()]

    index = exactly(entity(), rows, "2024").index("nazionale", objective)

    assert index is not None
    assert half_up(index - 100, 2) == Decimal(printed)


def test_it_carries_a_gap_up_through_objective_line_and_entity() -> None:
    """R5: +0.269% of one objective is 0.032 points of the entity."""
    objective = group(
        "objective",
        "0.4",
        leaf("pending_days", "0.3", 70),
        leaf("clearance_rate", "0.3", "1.02"),
        leaf("projects", "0.3", 100),
        leaf("dispatch", "0.1", 100),
    )
    scene = Scene(
        (
            indicator("pending_days", "gap_down"),
            indicator("clearance_rate"),
            *(indicator(name, "milestone") for name in ("projects", "dispatch", "rest_of_line", "rest")),
        ),
        {
            "nazionale": (
                group("line", "0.3", objective, leaf("rest_of_line", "0.6", 100)),
                leaf("rest", "0.7", 100),
            )
        },
    )
    values = {"pending_days": 68, "clearance_rate": "1.00"}
    on_target = dict.fromkeys(("projects", "dispatch", "rest_of_line", "rest"), 100)

    scores = scene.score([("nazionale", name, "2024", value) for name, value in (values | on_target).items()], "2024")

    assert scores.node("objective", "nazionale").index == pytest.approx(100.269, abs=5e-4)
    assert scores["nazionale"].index == pytest.approx(100.032, abs=5e-4)


def test_it_puts_the_pyramid_on_three_performances() -> None:
    """R31: +2.40, -1.85 and 0.00, a third each, are 100.18."""
    performances = {"managerial": "102.40", "institutional": "98.15", "strategic": "100.00"}
    scene = Scene(
        tuple(indicator(name, "zero_gap") for name in performances),
        {"nazionale": tuple(leaf(name, Fraction(1, 3)) for name in performances)},
    )
    rows = [("nazionale", name, "2024", value) for name, value in performances.items()]

    index = exactly(scene, rows, "2024").index("nazionale")

    assert index is not None
    assert half_up(index, 2) == Decimal("100.18")


def test_it_caps_leaves_and_nothing_above_them() -> None:
    """R2: a mean of capped gaps needs no cap of its own."""
    scene = Scene(
        (indicator("high"), indicator("low")),
        {"nazionale": (group("line", 1, leaf("high", "0.9", 10), leaf("low", "0.1", 10)),)},
    )

    scores = scene.score([("nazionale", "high", "2024", 100), ("nazionale", "low", "2024", 10)], "2024")

    assert scores.node("line", "nazionale").index == pytest.approx(145)
