"""R44: the band of what is missing goes as far as its rule can, and no further."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from piramide.kernel.findings import Place
from piramide.methodology.model import Band, MissingPolicy, Range, Scale
from piramide.scoring.result import StructureScore
from tests.scoring.scenes import ACT, Scene, composite, exactly, indicator, leaf

MEASURED = [("lazio", "known", "2024-Q4", "100")]


def band(weight: str, target: str | None, more: Mapping[str, Any] | None = None, **fields: Any) -> tuple[float, float]:  # noqa: ANN401
    """The band of a sheet with one missing leaf of a weight, beside one that stands on its target."""
    missing = indicator("missing", **fields)
    tree = (leaf("known", 1 - Fraction(weight), 100), leaf("missing", weight, target))
    scene = Scene((indicator("known"), missing), {"lazio": tree}, more or {})
    sheet: StructureScore = scene.score(MEASURED)["lazio"]
    exact = exactly(scene, MEASURED)
    low, high = exact.index_low("lazio"), exact.index_high("lazio")
    assert low is not None
    assert high is not None
    assert sheet.index_low == pytest.approx(float(low))
    assert sheet.index_high == pytest.approx(float(high))
    return float(low), float(high)


def test_a_missing_threshold_brings_nothing_above_its_target() -> None:
    """70 % at 100, 30 % on a missing threshold with cap 0.5: 85 to 100, not 85 to 115."""
    assert band("0.3", "5", rule="threshold", direction="down") == (85.0, 100.0)


@pytest.mark.parametrize(
    ("fields", "target", "expected"),
    [
        ({"rule": "gap_up"}, "2", (50, 150)),
        ({"rule": "gap_up", "clip_positive": True}, "2", (50, 100)),
        ({"rule": "gap_down"}, "2", (50, 150)),
        ({"rule": "zero_gap"}, None, (50, 150)),
        ({"rule": "milestone"}, "100", (50, 100)),
        ({"rule": "gap_up", "range": Range(Fraction(1), Fraction(5))}, "3.5", (50, pytest.approx(100 + 150 / 3.5))),
        ({"rule": "gap_up", "range": Range(Fraction(0)), "cap": Fraction(2)}, "2", (0, 300)),
        ({"rule": "gap_down", "range": Range(Fraction(0)), "cap": Fraction(2)}, "2", (-100, 200)),
        ({"rule": "sum_of_shares", "cap": Fraction(2)}, "100", (0, 150)),
        ({"rule": "ratio_points", "points": Fraction(30), "cap": Fraction(2)}, "4", (0, 300)),
        ({"rule": "gap_up", "missing": MissingPolicy.WORST}, "2", (50, 50)),
    ],
)
def test_a_missing_leaf_ends_where_its_rule_does(
    fields: dict[str, Any], target: str | None, expected: tuple[float, float]
) -> None:
    assert band("1", target, **fields) == expected


BANDS = (Band(Fraction(0), Fraction(1), Fraction(3)), Band(Fraction(1), Fraction(2), Fraction(6)))
SCALE = Scale("s", "s", BANDS, ACT, Place())


def test_bands_give_between_their_least_and_their_most_points() -> None:
    assert band("1", "5", {"scales": {"s": SCALE}}, rule="bands", scale="s") == (60, 120)


def test_bands_that_the_value_cannot_lie_in_give_nothing() -> None:
    declared = Range(most=Fraction(1))

    assert band("1", "5", {"scales": {"s": SCALE}}, rule="bands", scale="s", range=declared) == (60, 60)


def test_what_is_only_reported_reaches_nothing() -> None:
    scene = Scene((indicator("x"), indicator("told", "report_only")), {"lazio": (leaf("x", 1, 100), leaf("told", 0))})

    sheet = scene.score([("lazio", "x", "2024-Q4", "90")])["lazio"]

    assert (sheet.index, sheet.index_low, sheet.index_high) == (90.0, 90.0, 90.0)
    assert (sheet.nodes[1].index_low, sheet.nodes[1].index_high) == (None, None)


def test_a_composite_reaches_as_far_as_the_parts_that_it_lacks() -> None:
    """Half is known at +10 %, half is a milestone that can only fall: from 0.05 - 0.5 to 0.05, then the cap."""
    whole = indicator("whole", "composite", composite=composite("gap", {"a": Fraction(1, 2), "b": Fraction(1, 2)}))
    tree = (leaf("whole"), leaf("a", 0, 100), leaf("b", 0, 100))
    scene = Scene((whole, indicator("a"), indicator("b", "milestone")), {"lazio": tree})
    rows = [("lazio", "a", "2024-Q4", "110")]

    node, exact = scene.score(rows).node("whole"), exactly(scene, rows)

    assert node.index is None
    assert [node.index_low, node.index_high] == pytest.approx([55, 105])
    assert (exact.index_low("lazio", "whole"), exact.index_high("lazio", "whole")) == (Fraction(55), Fraction(105))


def test_a_band_that_nobody_can_reach_is_not_promised() -> None:
    """Five leaves of a fifth: a threshold, a quota without credit, a milestone, less is better, and one measured."""
    rules: dict[str, dict[str, Any]] = {
        "threshold": {"rule": "threshold", "direction": "down"},
        "quota": {"rule": "gap_up", "clip_positive": True},
        "milestone": {"rule": "milestone"},
        "delay": {"rule": "gap_down"},
        "known": {"rule": "gap_up"},
    }
    targets = {"milestone": "100", "threshold": "5", "delay": "5"}
    tree = tuple(leaf(name, "0.2", targets.get(name, "0.5")) for name in rules)
    scene = Scene(tuple(indicator(name, **fields) for name, fields in rules.items()), {"comune": tree})

    sheet = scene.score([("comune", "known", "2024-Q4", "0.5")])["comune"]

    assert (sheet.index_low, sheet.index_high) == (60.0, 110.0)
