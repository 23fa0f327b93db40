"""R22, R23, R36, R41: met or not met, at the checkpoints up to now."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from piramide.methodology.model import Checkpoint
from piramide.scoring.result import NodeScore
from tests.scoring.scenes import Scene, exactly, indicator, leaf, one_leaf

FORECAST = (
    *(Checkpoint(quarter, None, Fraction("1.05")) for quarter in ("Q1", "Q2", "Q3")),
    Checkpoint("Q4", Fraction("0.95"), Fraction("1.05")),
)
TRANSIT_2024 = (
    Checkpoint("Q1", None, Fraction("0.05")),
    Checkpoint("Q2", None, Fraction("0.04")),
    Checkpoint("Q3", None, Fraction("0.03")),
    Checkpoint("Q4", Fraction(0), Fraction(0), mandatory=True, tolerance=Fraction("0.005")),
)


def over_the_year(checkpoints: tuple[Checkpoint, ...], values: dict[str, str], period: str) -> NodeScore:
    scene = Scene((indicator("x", "threshold", checkpoints=checkpoints),), {"lazio": (leaf("x"),)})
    rows = [("lazio", "x", moment, value) for moment, value in values.items()]
    node = scene.score(rows, period).node("x")
    exact = exactly(scene, rows, period).gap_raw("lazio", "x")
    assert node.gap_raw == (None if exact is None else pytest.approx(float(exact)))
    return node


@pytest.mark.parametrize(
    ("use", "quarter", "is_met"),
    [
        ("104900", "Q3", True),
        ("105000", "Q3", True),
        ("106000", "Q3", False),
        ("90000", "Q3", True),
        ("90000", "Q4", False),
        ("95000", "Q4", True),
    ],
)
def test_it_judges_the_use_of_a_forecast_of_one_hundred_thousand(use: str, quarter: str, is_met: bool) -> None:
    ratio = str(float(Fraction(use) / 100_000))

    node = over_the_year(FORECAST, {f"2024-{quarter}": ratio}, f"2024-{quarter}")

    assert node.gap_raw == (0.0 if is_met else -1.0)


@pytest.mark.parametrize(("balance", "is_met"), [("0.039", True), ("0.04", True), ("0.041", False)])
def test_it_judges_the_transit_account_in_the_second_quarter(balance: str, is_met: bool) -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q2": balance}, "2024-Q2")

    assert (node.target, node.gap) == (0.04, 0.0 if is_met else -0.5)


def test_it_scores_the_share_of_checkpoints_met_so_far() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-03": "0.06", "2024-06": "0.03", "2024-09": "0.02"}, "2024-Q3")

    assert node.gap_raw == pytest.approx(2 / 3 - 1)


def test_it_lets_a_failed_mandatory_checkpoint_decide_alone() -> None:
    quarters = {"2024-Q1": "0", "2024-Q2": "0", "2024-Q3": "0", "2024-Q4": "0.01"}

    assert over_the_year(TRANSIT_2024, quarters, "2024-Q4").gap_raw == -1.0


def test_it_takes_half_a_cent_for_zero() -> None:
    assert over_the_year(TRANSIT_2024, {"2024-Q4": "0.004"}, "2024-Q4").gap == 0.0


def test_it_leaves_out_checkpoints_without_a_value_and_says_so() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q1": "0.06", "2024-Q3": "0.01"}, "2024-Q3")

    assert node.gap_raw == pytest.approx(-0.5)
    assert "Q2" in node.note


def test_it_reads_the_fourth_checkpoint_of_a_final_year_in_the_final_value() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q4": "0.01", "2024": "0"}, "2024")

    assert node.gap_raw == 0.0


def test_it_does_not_score_before_the_first_checkpoint() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-02": "0.01"}, "2024-02")

    assert (node.status, node.value, node.index) == ("measured", 0.01, None)
    assert node.note


@pytest.mark.parametrize(("delay", "gap"), [("-3", 0.0), ("0", 0.0), ("1", -0.5)])
def test_it_pays_nothing_for_a_late_payment(delay: str, gap: float) -> None:
    """R36: there is no credit for being a little late."""
    checkpoints = (Checkpoint("any", None, Fraction(0)),)

    assert one_leaf("threshold", delay, checkpoints=checkpoints).gap == gap


@pytest.mark.parametrize(
    ("direction", "target", "value", "is_met"),
    [
        ("up", "0.82", "0.82", True),
        ("up", "0.82", "0.81", False),
        ("down", "0.055", "0.06", False),
        ("down", "0.11", "0.06", True),
    ],
)
def test_it_takes_the_structures_own_target_as_its_staff_threshold(
    direction: str, target: str, value: str, is_met: bool
) -> None:
    """R41: the same share of staff is fine in Lazio and too much elsewhere."""
    fields: dict[str, Any] = {"direction": direction}

    assert one_leaf("threshold", value, target, **fields).gap_raw == (0.0 if is_met else -1.0)
