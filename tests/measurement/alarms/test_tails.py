from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.measurement.alarms.tails import binomial_tail, both_beyond, lower_tail, probability_beyond, upper_tail


def exactly(part: int, whole: int, share: Fraction) -> Fraction:
    return sum((comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(part, whole + 1)), Fraction(0))


@given(whole=st.integers(1, 60), data=st.data(), percent=st.integers(1, 99))
def test_it_sums_the_binomial_tail_exactly(whole: int, data: st.DataObject, percent: int) -> None:
    part = data.draw(st.integers(0, whole))
    expected = float(exactly(part, whole, Fraction(percent, 100)))

    assert binomial_tail(part, whole, percent / 100) == pytest.approx(max(expected, 1e-15), rel=1e-9, abs=1e-15)


@given(whole=st.integers(1, 400), data=st.data(), percent=st.integers(2, 98), spread=st.floats(0, 1))
def test_both_tails_share_the_count_itself(whole: int, data: st.DataObject, percent: int, spread: float) -> None:
    part = data.draw(st.integers(1, whole))
    share = percent / 100

    below = lower_tail(part - 1, whole, share, spread)

    assert upper_tail(part, whole, share, spread) + below == pytest.approx(1.0, abs=1e-9)


def test_a_large_count_is_summed_without_losing_its_tail() -> None:
    far = 500_000 + int(4.0 * 500)  # four standard deviations of a fair coin thrown a million times

    assert binomial_tail(far, 1_000_000, 0.5) == pytest.approx(probability_beyond(4.0), rel=0.01)


def test_a_count_beyond_all_floats_is_not_zero() -> None:
    assert 0.0 < upper_tail(90_000, 100_000, 0.1, 0.05) <= 1e-12


def test_offices_that_differ_make_the_same_count_less_rare() -> None:
    alone, together = upper_tail(150, 1000, 0.1, 0.0), upper_tail(150, 1000, 0.1, 0.2)

    assert together > 10 * alone


def test_two_scores_without_correlation_multiply() -> None:
    assert both_beyond(2.0, 0.0) == pytest.approx(probability_beyond(2.0) ** 2, rel=1e-3)


def test_two_scores_that_go_together_are_less_rare() -> None:
    assert probability_beyond(2.0) > both_beyond(2.0, 0.6) > 3 * both_beyond(2.0, 0.0)
