"""R22, R23, R36, R41: met or not met, at the checkpoints up to now."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from piramide.kernel.note import worded
from piramide.methodology.model import Checkpoint, MissingPolicy
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


MET_BEFORE = {"2024-Q1": "0", "2024-Q2": "0", "2024-Q3": "0"}


def over_the_year(
    checkpoints: tuple[Checkpoint, ...],
    values: dict[str, str],
    period: str,
    **fields: Any,  # noqa: ANN401
) -> NodeScore:
    scene = Scene((indicator("x", "threshold", checkpoints=checkpoints, **fields),), {"lazio": (leaf("x"),)})
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
    before = {f"2024-Q{q}": "1" for q in range(1, int(quarter[1]))}

    node = over_the_year(FORECAST, {**before, f"2024-{quarter}": ratio}, f"2024-{quarter}")

    assert node.gap_raw == (0.0 if is_met else pytest.approx(-1 / (len(before) + 1)))


@pytest.mark.parametrize(("balance", "is_met"), [("0.039", True), ("0.04", True), ("0.041", False)])
def test_it_judges_the_transit_account_in_the_second_quarter(balance: str, is_met: bool) -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q1": "0", "2024-Q2": balance}, "2024-Q2")

    assert (node.target, node.gap) == (0.04, 0.0 if is_met else -0.5)


def test_it_scores_the_share_of_checkpoints_met_so_far() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-03": "0.06", "2024-06": "0.03", "2024-09": "0.02"}, "2024-Q3")

    assert node.gap_raw == pytest.approx(2 / 3 - 1)
    assert worded(node.note, "it") == "Soglie rispettate: 2 su 3."


def test_it_lets_a_failed_mandatory_checkpoint_decide_alone() -> None:
    quarters = {"2024-Q1": "0", "2024-Q2": "0", "2024-Q3": "0", "2024-Q4": "0.01"}

    assert over_the_year(TRANSIT_2024, quarters, "2024-Q4").gap_raw == -1.0


def test_it_takes_half_a_cent_for_zero() -> None:
    assert over_the_year(TRANSIT_2024, {**MET_BEFORE, "2024-Q4": "0.004"}, "2024-Q4").gap == 0.0


def test_it_takes_a_checkpoint_that_is_not_known_for_missing_weight() -> None:
    """R40: one of four known and met covers a quarter; the whole gap lies between -0.75 and 0."""
    node = over_the_year(FORECAST, {"2024-Q1": "1"}, "2024-Q4", cap=1)

    assert (node.index, node.gap, node.coverage) == (None, None, 0.25)
    assert (node.index_measured, node.index_low, node.index_high) == (100.0, 25.0, 100.0)
    left_out = "Checkpoints that are due and not known: second quarter, third quarter, fourth quarter."
    assert worded(node.note, "en") == f"Thresholds met: 1 of 1. {left_out}"


def test_it_holds_the_band_of_the_unseen_within_the_cap() -> None:
    node = over_the_year(FORECAST, {"2024-Q1": "1"}, "2024-Q4")

    assert (node.index_low, node.index_high) == (50.0, 100.0)


def test_it_lets_an_unseen_mandatory_checkpoint_fall_to_the_bottom() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q1": "0", "2024-Q2": "0", "2024-Q3": "0"}, "2024-Q4", cap=1)

    assert (node.index, node.coverage, node.index_low, node.index_high) == (None, 0.75, 0.0, 100.0)


def test_it_knows_the_gap_of_a_failed_mandatory_checkpoint_whatever_the_others() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q4": "0.01"}, "2024-Q4")

    assert (node.index, node.coverage) == (None, 0.25)
    assert (node.index_measured, node.index_low, node.index_high) == (50.0, 50.0, 50.0)


def test_it_shows_what_is_known_of_a_threshold_beside_its_siblings() -> None:
    """A quarter of half the weight is known, at 100; the other half is at 110: (0.5 x 110 + 0.125 x 100) / 0.625."""
    scene = Scene(
        (indicator("x", "threshold", checkpoints=FORECAST), indicator("y")),
        {"lazio": (leaf("x", "0.5"), leaf("y", "0.5", 100))},
    )
    rows = [("lazio", "x", "2024-Q1", "1"), ("lazio", "y", "2024-Q4", "110")]

    sheet, exact = scene.score(rows)["lazio"], exactly(scene, rows)

    assert (sheet.index, sheet.coverage) == (None, 0.625)
    assert (sheet.index_measured, sheet.index_low, sheet.index_high) == (108.0, 80.0, 105.0)
    assert exact.index_measured("lazio") == 108
    assert exact.index_low("lazio") == 80
    assert exact.index_high("lazio") == 105


def test_it_needs_no_value_in_a_month_without_a_checkpoint() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q1": "0.06"}, "2024-05")

    assert (node.value, node.gap_raw, node.status, node.coverage) == (None, -1.0, "measured", 1.0)


def test_it_judges_nothing_of_what_does_not_apply() -> None:
    scene = Scene((indicator("x", "threshold", checkpoints=FORECAST),), {"lazio": (leaf("x"),)})
    node = scene.score([("lazio", "x", "2024-Q1", "1"), ("lazio", "x", "2024-05", None, "not_applicable")], "2024-05")

    assert (node.node("x").status, node.node("x").index, node.node("x").coverage) == ("not_applicable", None, 0.0)


def test_it_shows_the_value_of_a_month_without_judging_it() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-Q1": "0.01", "2024-05": "0.9"}, "2024-05")

    assert (node.value, node.gap_raw) == (0.9, 0.0)


def test_it_fails_the_unseen_checkpoints_where_the_pack_counts_the_worst() -> None:
    node = over_the_year(FORECAST, {"2024-Q1": "1", "2024-Q4": "1"}, "2024-Q4", missing=MissingPolicy.WORST)

    assert (node.gap_raw, node.status) == (-0.5, "estimated")
    assert node.index == node.index_low == node.index_high == 50.0


@pytest.mark.parametrize(
    ("shares", "gap"),
    [
        ((Fraction(22, 23), 1, 1, Fraction(20, 23)), -0.0434783),
        ((Fraction(1, 2), 1, None, None), -0.25),
    ],
)
def test_it_takes_the_value_of_a_checkpoint_without_bounds_for_its_share(shares: tuple[Any, ...], gap: float) -> None:
    """R22: 22, 23, 23, 20 of 23 chapters are a gap of -0.0434783; 1 of 2, then 10 of 10, are -0.25, not 11/12 - 1."""
    free = tuple(Checkpoint(quarter, None, None) for quarter in ("Q1", "Q2", "Q3", "Q4"))
    values = {f"2024-Q{q}": f"{float(share):.17f}" for q, share in enumerate(shares, 1) if share is not None}

    node = over_the_year(free, values, f"2024-Q{len(values)}")

    assert node.gap_raw == pytest.approx(gap, abs=1e-7)
    assert node.value == pytest.approx(float(shares[len(values) - 1]))


def test_it_reads_the_fourth_checkpoint_of_a_final_year_in_the_final_value() -> None:
    node = over_the_year(TRANSIT_2024, {**MET_BEFORE, "2024-Q4": "0.01", "2024": "0"}, "2024")

    assert node.gap_raw == 0.0


def test_it_does_not_score_before_the_first_checkpoint() -> None:
    node = over_the_year(TRANSIT_2024, {"2024-02": "0.01"}, "2024-02")

    assert (node.status, node.value, node.index) == ("not_due", 0.01, None)
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
