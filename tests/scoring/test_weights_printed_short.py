"""Weights that miss one by what their print leaves open count on their own scale; further off, nothing is scored."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from piramide.kernel.findings import Severity
from piramide.methodology.checks.trees import check_weights_sum_to_one
from piramide.methodology.weights import printed_unit
from tests.scoring.scenes import Scene, exactly, indicator, leaf


def scene(*weights: str) -> Scene:
    names = [f"n{place}" for place in range(len(weights))]
    tree = tuple(
        replace(leaf(name, weight, 100), weight_unit=printed_unit(weight))
        for name, weight in zip(names, weights, strict=True)
    )
    return Scene(tuple(indicator(name) for name in names), {"lazio": tree})


def rows(*values: int) -> list[tuple[str, ...]]:
    return [("lazio", f"n{place}", "2024-Q4", str(value)) for place, value in enumerate(values)]


def test_three_times_a_third_counts_as_thirds() -> None:
    thirds, values = scene("0.333", "0.333", "0.333"), rows(100, 110, 90)

    scores = thirds.score(values)

    assert scores["lazio"].index == pytest.approx(100, abs=1e-12)
    assert exactly(thirds, values).index("lazio") == 100
    assert [node.counted for node in scores["lazio"].nodes] == [pytest.approx(1 / 3)] * 3
    assert scores["lazio"].coverage == 1


def test_what_counts_is_the_weight_on_its_own_scale() -> None:
    uneven, values = scene("0.667", "0.334"), rows(130, 100)

    assert exactly(uneven, values).index("lazio") == 100 + 30 * Fraction(667, 1001)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        (("0.333", "0.333", "0.333"), "PK052"),
        (("0.33", "0.33", "0.33"), "PK052"),
        (("0.330", "0.330", "0.330"), "PK002"),
        (("0.3", "0.3", "0.3"), "PK002"),
        (("0.3", "0.3", "0.39"), "PK052"),
        (("0.17",) * 6, "PK002"),
        (("0.167",) * 6, "PK052"),
        (("1/3", "1/3", "0.333"), "PK052"),
        (("1/3", "1/3", "33/100"), "PK002"),
        (("0.3334", "0.333", "0.333"), "PK052"),
        (("0.331", "0.333", "0.333"), "PK002"),
    ],
)
def test_it_tells_a_slip_of_the_print_from_a_wrong_weight(weights: tuple[str, ...], code: str) -> None:
    (finding,) = check_weights_sum_to_one(scene(*weights).pack)

    assert finding.code == code
    assert finding.level is (Severity.WARNING if code == "PK052" else Severity.ERROR)


def test_wrong_weights_have_no_index() -> None:
    scores = scene("0.6", "0.3").score(rows(100, 100))

    assert scores["lazio"].index is None


def test_the_scale_is_that_of_what_is_due() -> None:
    items = (indicator("costo", "gap_down", unit="eur", profile="year_end"), indicator("x"), indicator("y"))
    thirds = tuple(replace(leaf(name, "0.333", 100), weight_unit=Fraction(1, 1000)) for name in ("costo", "x", "y"))
    values = [("lazio", "costo", "2024-Q1", "1"), ("lazio", "x", "2024-Q1", "120"), ("lazio", "y", "2024-Q1", "90")]
    half = Scene(items, {"lazio": thirds})

    scores = half.score(values, "2024-Q1")

    assert exactly(half, values, "2024-Q1").index("lazio") == 105
    assert scores["lazio"].due == pytest.approx(2 / 3)
