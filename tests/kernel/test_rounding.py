"""Printed figures are the exact rational value rounded half up, and as many decimals as tell two of them apart."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.rounding import decimals_apart, round_scaled
from tests.half_up import half_up


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("-4.4087", 2, "-4.41"),
        ("14.6359", 2, "14.64"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1158599.2", 0, "1158599"),
        ("1250", -2, "1.3E+3"),
    ],
)
def test_it_rounds_half_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert Decimal(round_scaled(Fraction(value), decimals)).scaleb(-decimals) == Decimal(rounded)


@given(st.fractions(), st.integers(-3, 9))
def test_it_rounds_one_value_as_the_rule_says(value: Fraction, decimals: int) -> None:
    scaled = round_scaled(value, decimals)

    exact = value * Fraction(10) ** decimals
    assert abs(scaled - exact) <= Fraction(1, 2)
    assert abs(scaled) >= abs(exact) if abs(scaled - exact) == Fraction(1, 2) else True


@given(st.fractions(-1000, 1000), st.fractions(-1000, 1000), st.integers(0, 4))
def test_two_figures_that_differ_print_apart_in_their_order(one: Fraction, other: Fraction, decimals: int) -> None:
    enough = decimals_apart(one, [other], decimals)

    printed = half_up(one, enough), half_up(other, enough)
    assert (printed[0] > printed[1]) - (printed[0] < printed[1]) == (one > other) - (one < other)
    if enough > decimals:
        assert half_up(one, enough - 1) == half_up(other, enough - 1)
