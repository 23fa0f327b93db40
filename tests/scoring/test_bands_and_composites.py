"""R18-R20, R24-R28: what is made of parts; R26, R35: what takes its points from a scale."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from piramide.kernel.findings import Place, Refusal
from piramide.methodology.model import Band, Scale
from piramide.scoring.result import NodeScore
from piramide.scoring.rules.bands import points_of_bands
from tests.scoring.by_hand import regional_shares, sum_of_shares
from tests.scoring.scenes import ACT, Scene, composite, exactly, indicator, leaf

BANDS = {
    "checked": (("0", "0.7", 1), ("0.7", "0.9", 3), ("0.9", "0.995", 5), ("0.995", "1", 7)),
    "error": (("0", "0.02", 6), ("0.02", "0.05", 4), ("0.05", "0.09", 2), ("0.09", "1", 0)),
    "regularised": (("0", "0.7", 0), ("0.7", "0.9", 3), ("0.9", "0.995", 5), ("0.995", "1", 7)),
    "in_time": (("0", "0.5", 1), ("0.5", "0.8", 2), ("0.8", "0.995", 3), ("0.995", "1", 4)),
}
SCALES = {
    name: Scale(name, name, tuple(Band(Fraction(a), Fraction(b), Fraction(c)) for a, b, c in bands), ACT, Place())
    for name, bands in BANDS.items()
}


def made_of(
    kind: str,
    shares: Mapping[str, Fraction | int],
    parts: dict[str, tuple[str, str | None, Any]],
    target: str | None = None,
    **more: Any,  # noqa: ANN401
) -> NodeScore:
    """A composite beside its parts: each part is (rule, target, value), a value of `None` being `not_applicable`."""
    rule = more.pop("rule", "composite")
    indicators = [indicator(name, rule_of, scale=name) for name, (rule_of, _, _) in parts.items()]
    indicators.append(indicator("whole", rule, composite=composite(kind, shares)))
    leaves = [leaf(name, 0, part_target) for name, (_, part_target, _) in parts.items()]
    scene = Scene(tuple(indicators), {"lazio": (*leaves, leaf("whole", 1, target))}, {"scales": SCALES, **more})
    rows = [
        ("lazio", name, "2024-Q4", value, "" if value is not None else "not_applicable")
        for name, (_, _, value) in parts.items()
    ]
    node = scene.score(rows).node("whole")
    exact = exactly(scene, rows).index("lazio")
    assert node.index == (None if exact is None else pytest.approx(float(exact), abs=1e-10))
    return node


def test_it_weighs_the_attainment_of_two_sections() -> None:
    """R18: 110% and 95%, 70 and 30, are 105.5%."""
    shares = {"revenue": Fraction("0.7"), "benefits": Fraction("0.3")}
    node = made_of("attainment", shares, {"revenue": ("gap_up", "200", 220), "benefits": ("gap_up", "100", 95)})

    assert node.value == pytest.approx(1.055)
    assert node.gap == pytest.approx(0.055)


def test_it_weighs_two_areas_alike() -> None:
    """R19: 102% and 97% are 99.5%."""
    shares = {"assessments": Fraction(1, 2), "cash": Fraction(1, 2)}
    node = made_of("attainment", shares, {"assessments": ("gap_up", "100", 102), "cash": ("gap_up", "100", 97)})

    assert node.index == pytest.approx(99.5)


def test_it_weighs_gaps_of_either_direction() -> None:
    """R20: +2.36, -1.06 and +1.23 are +0.84%."""
    third = Fraction(1, 3)
    node = made_of(
        "gap",
        {"profitability": third, "cost_per_point": third, "needs": third},
        {
            "profitability": ("gap_up", "2.54", "2.60"),
            "cost_per_point": ("gap_down", "148.42", "150.0"),
            "needs": ("gap_down", "100.23", "99"),
        },
    )

    assert node.gap == pytest.approx(0.0084, abs=5e-5)


def test_it_weighs_the_gaps_of_two_balances() -> None:
    """R24: +4.0% and -2.78% are +0.61%."""
    half = Fraction(1, 2)
    node = made_of(
        "gap",
        {"receivable": half, "suspense": half},
        {"receivable": ("gap_down", "950000", 912000), "suspense": ("gap_down", "180000", 185000)},
    )

    assert node.gap == pytest.approx(0.0061, abs=5e-5)


def test_it_adds_the_percentages_of_a_sum_of_shares() -> None:
    """R25: 35 of 50 units and 0.9 of 3 million are 70 + 30 = 100: reached."""
    node = made_of(
        "attainment",
        {"units": 1, "amount": 1},
        {"units": ("gap_up", "50", 35), "amount": ("gap_up", "3000000", 900000)},
        rule="sum_of_shares",
    )

    assert [node.value, node.target, node.gap] == pytest.approx([100, 100, 0])
    assert sum_of_shares([(Fraction(35), Fraction(50)), (Fraction("0.9"), Fraction(3))]) == 100


def test_it_counts_a_sum_of_shares_up_to_one_hundred_and_fifty() -> None:
    assert sum_of_shares([(Fraction(80), Fraction(50)), (Fraction(3), Fraction(3))]) == 150


def test_it_adds_the_points_of_process_controls() -> None:
    """R26: 950 of 1000 checked, 20 notified, 80 regularised (60 with success, 70 in time) are 17 points of 20."""
    node = made_of(
        "points",
        dict.fromkeys(BANDS, 1),
        {
            "checked": ("bands", None, "0.95"),
            "error": ("bands", None, str(float(Fraction(80, 950) * Fraction(100, 950)))),
            "regularised": ("bands", None, "0.8"),
            "in_time": ("bands", None, "0.875"),
        },
        target="20",
    )

    assert [node.value, node.gap] == pytest.approx([17, -0.15])


def test_it_rescales_the_target_on_the_points_that_apply() -> None:
    """R26: without anything to regularise the other three can reach 17 of 24 points."""
    node = made_of(
        "points",
        dict.fromkeys(BANDS, 1),
        {
            "checked": ("bands", None, "1"),
            "error": ("bands", None, "0"),
            "regularised": ("bands", None, None),
            "in_time": ("bands", None, "1"),
        },
        target="24",
    )

    assert (node.value, node.target, node.gap) == (17.0, 17.0, 0.0)
    assert "regularised" in node.note


@pytest.mark.parametrize(("value", "points"), [("0", 1), ("0.7", 1), ("0.70001", 3), ("0.995", 5), ("0.9951", 7)])
def test_it_puts_an_edge_in_the_lower_band(value: str, points: float) -> None:
    edges = np.array([0.0, 0.7, 0.9, 0.995, 1.0])

    given = points_of_bands(np.array([[float(value)]]), edges, np.array([1.0, 3.0, 5.0, 7.0]))

    assert given[0, 0] == points


def test_it_adds_two_regional_projects_to_the_national_ones() -> None:
    """R27: +4% with +20 and -10 is +4.1%."""
    shares = regional_shares({"n": Fraction(1)}, ["a", "b"])
    node = made_of(
        "capped_gap",
        shares,
        {"n": ("gap_up", "100", 104), "a": ("gap_up", "100", 120), "b": ("gap_up", "100", 90)},
    )

    assert node.gap == pytest.approx(0.041)


def test_it_holds_four_regional_projects_to_fifteen_per_cent() -> None:
    """R27: +4% with +20, -10, +30 and 0 is +4.9%."""
    shares = regional_shares({"n": Fraction(1)}, ["a", "b", "c", "d"])
    values = {"n": 104, "a": 120, "b": 90, "c": 130, "d": 100}
    node = made_of("capped_gap", shares, {name: ("gap_up", "100", value) for name, value in values.items()})

    assert node.gap == pytest.approx(0.049)


def test_it_caps_each_project_before_it_weighs_them() -> None:
    node = made_of(
        "capped_gap",
        {"a": Fraction(1, 2), "b": Fraction(1, 2)},
        {"a": ("gap_up", "100", 300), "b": ("gap_up", "100", 100)},
    )

    assert node.gap == pytest.approx(0.25)


def test_it_lets_the_value_given_for_a_composite_win_over_its_parts() -> None:
    scene = Scene(
        (indicator("a"), indicator("whole", "composite", composite=composite("points", {"a": 1}))),
        {"lazio": (leaf("a", 0, 1), leaf("whole", 1, 23))},
    )

    node = scene.score([("lazio", "whole", "2024-Q4", 23)]).node("whole")

    assert (node.value, node.gap) == (23.0, 0.0)


def test_it_reads_parts_that_stand_in_no_tree() -> None:
    scene = Scene(
        (
            indicator("checked", "bands", scale="checked"),
            indicator("whole", "composite", composite=composite("points", {"checked": 1})),
        ),
        {"lazio": (leaf("whole", 1, 7),)},
        {"scales": SCALES},
    )

    assert scene.score([("lazio", "checked", "2024-Q4", "0.95")]).node("whole").value == 5.0


def test_it_leaves_a_composite_missing_when_a_part_is() -> None:
    node = made_of(
        "gap",
        {"a": Fraction(1, 2), "b": Fraction(1, 2)},
        {"a": ("gap_up", "100", 120), "b": ("gap_up", "100", None)},
    )

    assert (node.index, node.value, node.status) == (None, None, "missing")
    assert "b" in node.note


def test_it_refuses_a_composite_made_of_itself() -> None:
    scene = Scene(
        (
            indicator("a", "composite", composite=composite("gap", {"b": 1})),
            indicator("b", "composite", composite=composite("gap", {"a": 1})),
        ),
        {"lazio": (leaf("a", "0.5"), leaf("b", "0.5"))},
    )

    with pytest.raises(Refusal, match="SC042"):
        scene.score([("lazio", "a", "2024-Q4", None)])


def test_it_measures_work_sharing_in_pieces_done_over_planned() -> None:
    """R28: 956,452 over 428,710 is an attainment of 223%, whose gap is the printed 123%."""
    node = made_of("attainment", {"pieces": 1}, {"pieces": ("gap_up", "428710", 956452)})

    assert node.value == pytest.approx(2.23, abs=0.005)
    assert node.gap_raw == pytest.approx(1.23, abs=0.005)
