"""R13: what the quarterly programme makes of a target."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from piramide.methodology.model import Profile
from piramide.methodology.profile_kinds import ProfileKind
from piramide.scoring.result import NodeScore
from tests.scoring.scenes import ACT, Scene, exactly, indicator, leaf


def fractions(*numbers: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(number) for number in numbers)


PROFILES = {
    "sharing": Profile("sharing", ProfileKind("share"), fractions("0.2", "0.5", "0.7", "1"), ACT),
    "production": Profile("production", ProfileKind("share"), fractions("0.25", "0.5", "0.75", "1"), ACT),
    "productivity": Profile("productivity", ProfileKind("level"), fractions("100", "108", "116", "124"), ACT),
    "pending": Profile("pending", ProfileKind("reduction"), (), ACT),
}


def at(
    profile: str,
    rule: str,
    target: str,
    values: dict[str, str],
    period: str,
    history: dict[str, Fraction] | None = None,
) -> NodeScore:
    more: dict[str, Any] = {"profiles": PROFILES, "history": {("lazio", "x"): history or {}}}
    scene = Scene((indicator("x", rule, profile=profile),), {"lazio": (leaf("x", 1, target),)}, more)
    rows = [("lazio", "x", moment, value) for moment, value in values.items()]
    node = scene.score(rows, period).node("x")
    exact = exactly(scene, rows, period).gap_raw("lazio", "x")
    assert node.gap_raw == (None if exact is None else pytest.approx(float(exact)))
    return node


def test_it_asks_for_a_share_of_the_year() -> None:
    """Work sharing by September: 70% of 134,990 is 94,493; 90,000 is -4.75%."""
    node = at("sharing", "gap_up", "134990", {"2024-Q3": "90000"}, "2024-Q3")

    assert node.target == 94493.0
    assert node.gap == pytest.approx(-0.0475, abs=5e-5)


@pytest.mark.parametrize(("period", "target"), [("2024-01", 30.0), ("2024-04", 120.0), ("2024-11", 330.0)])
def test_it_asks_for_months_on_the_straight_line_between_quarters(period: str, target: float) -> None:
    assert at("production", "gap_up", "360", {period: "1"}, period).target == target


@pytest.mark.parametrize(("period", "target"), [("2024-Q1", 100), ("2024-Q2", 108), ("2024-09", 116), ("2024", 124)])
def test_it_asks_for_the_level_of_the_quarter(period: str, target: float) -> None:
    assert at("productivity", "gap_up", "124", {period: "110"}, period).target == target


def test_it_asks_to_better_the_quarter_before() -> None:
    node = at("pending", "gap_down", "30", {"2024-Q1": "44", "2024-Q2": "40"}, "2024-Q2")

    assert [node.target, node.gap] == pytest.approx([44, 4 / 44])


def test_it_asks_the_first_quarter_to_better_the_year_before() -> None:
    node = at("pending", "gap_down", "30", {"2024-Q1": "44"}, "2024-Q1", {"actual_before": Fraction(50)})

    assert [node.target, node.gap] == pytest.approx([50, 6 / 50])


@pytest.mark.parametrize("period", ["2024-Q4", "2024"])
def test_it_asks_the_year_for_its_own_target(period: str) -> None:
    assert at("pending", "gap_down", "30", {"2024-Q3": "32", period: "30"}, period).target == 30.0


def test_it_does_not_score_a_reduction_from_nobody_knows_where() -> None:
    node = at("pending", "gap_down", "30", {"2024-Q2": "40"}, "2024-Q2")

    assert (node.value, node.target, node.index) == (40.0, None, None)
    assert node.note
