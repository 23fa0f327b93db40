"""R1-R3, R8, R9, R37: one value against one target."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.scoring.by_hand import points_of_ratio
from tests.scoring.scenes import Scene, exactly, indicator, leaf, one_leaf


def test_it_measures_the_distance_above_a_target() -> None:
    node = one_leaf("gap_up", "1.02", "1.01")

    assert node.gap_raw == pytest.approx(0.009900990099009901, abs=1e-15)
    assert node.index == pytest.approx(100.99009900990099, abs=1e-12)


def test_it_counts_fewer_lawsuits_as_a_gain_on_the_target() -> None:
    """R1: 264 against 318 is (318 - 264) / 318; 318 / 264 - 1 would give another total than the printed one."""
    assert one_leaf("gap_down", "264", "318").gap_raw == pytest.approx(0.1698, abs=5e-5)


def test_it_counts_less_interest_as_a_gain_on_the_target() -> None:
    assert one_leaf("gap_down", "4091820", "13614449").gap_raw == pytest.approx(0.6995, abs=5e-5)


def test_it_caps_a_gain_at_half() -> None:
    node = one_leaf("gap_up", "19.09", "10")

    assert node.gap_raw == pytest.approx(0.909)
    assert node.gap == 0.5
    assert node.index == 150.0


def test_it_caps_a_loss_at_half() -> None:
    assert one_leaf("gap_up", "10", "100").gap == -0.5


def test_it_takes_the_cap_of_the_indicator() -> None:
    assert one_leaf("gap_up", "150", "100", cap=Fraction(3, 10)).gap == 0.3


def test_it_gives_nothing_for_gains_where_the_act_clips_them() -> None:
    node = one_leaf("zero_gap", "103.21", clip_positive=True)

    assert node.gap_raw == pytest.approx(0.0321)
    assert node.gap == 0.0


def test_it_reads_a_zero_gap_as_an_index_on_one_hundred() -> None:
    """R9: 103.21 on the dashboard is +3.21%."""
    node = one_leaf("zero_gap", "103.21")

    assert node.target == 100.0
    assert node.gap == pytest.approx(0.0321)


def test_it_gives_a_delivered_milestone_no_gap() -> None:
    assert one_leaf("milestone", "100").gap == 0.0


def test_it_holds_an_undelivered_milestone_at_the_cap() -> None:
    node = one_leaf("milestone", "0")

    assert (node.gap_raw, node.gap, node.index) == (-1.0, -0.5, 50.0)


def test_it_gives_a_milestone_credit_for_validated_progress() -> None:
    assert one_leaf("milestone", "80").gap == pytest.approx(-0.2)


def test_it_gives_points_in_the_ratio_of_result_and_target() -> None:
    """R37: 2.73 of 4 on 30 points; the printed total sums the rounded parts, the exact one is 69.881."""
    node = one_leaf("ratio_points", "2.73", "4", points=Fraction(30))
    satisfaction = points_of_ratio(Fraction("2.73"), Fraction(4), Fraction(30))
    objectives = points_of_ratio(Fraction("70.58"), Fraction(100), Fraction(70))

    assert node.points == pytest.approx(20.475)
    assert round(float(satisfaction), 3) == 20.475
    assert satisfaction + objectives == Fraction("69.881")


@pytest.mark.parametrize(
    ("rule", "value", "target"),
    [
        ("gap_up", "117.03", "102"),
        ("gap_down", "264", "318"),
        ("zero_gap", "96.5", None),
        ("milestone", "30", None),
        ("sum_of_shares", "210", None),
        ("ratio_points", "2.73", "4"),
    ],
)
def test_it_gives_the_exact_fraction_that_the_float_stands_for(rule: str, value: str, target: str | None) -> None:
    scene = Scene((indicator("x", rule),), {"lazio": (leaf("x", 1, target),)})
    rows = [("lazio", "x", "2024-Q4", value)]

    exact = exactly(scene, rows).index("lazio")

    assert exact is not None
    assert scene.score(rows)["lazio"].index == pytest.approx(float(exact), abs=1e-12)


def test_it_refuses_a_target_of_zero_under_a_relative_rule() -> None:
    with pytest.raises(Exception, match="SC041"):
        one_leaf("gap_up", "1", "0")
