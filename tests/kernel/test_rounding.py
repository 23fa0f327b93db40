"""Printed figures are the exact rational value rounded half up, however they were computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays, mutually_broadcastable_shapes
from numpy.typing import NDArray

from piramide.kernel.rounding import round_cells, round_half_up, round_ratios, round_scaled, sum_error_bound

RATIOS = 800_000
MEANS = 250_000
DECIMALS = 4
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def half_up(value: Fraction, decimals: int) -> int:
    """The rule again, by hand: half away from zero, scaled."""
    nearest = math.floor(abs(value) * Fraction(10**decimals) + Fraction(1, 2))
    return nearest if value >= 0 else -nearest


@cache
def ratios() -> tuple[Integers, Integers, Integers]:
    """Numerators, denominators and, by fractions, their ratios rounded: plain ones, exact ties, near ties."""
    random = np.random.default_rng(20240930)
    third = RATIOS // 4
    plain = random.integers(-(10**12), 10**12, RATIOS - 3 * third), random.integers(1, 10**12, RATIOS - 3 * third)
    odd = 2 * random.integers(-(10**6), 10**6, third) + 1
    factor = random.integers(1, 10**3, third)
    ties = odd * factor, np.full(third, 2 * 10**DECIMALS) * factor
    wide = random.integers(10**9, 10**12, third)
    near = np.rint(odd / (2 * 10**DECIMALS) * wide).astype(np.int64), wide
    small = random.integers(-2000, 2000, third), random.choice(np.array([-16, 3, 7, 8, 64, 125, 1000, 2000]), third)
    tops, bottoms = (np.concatenate(parts) for parts in zip(plain, ties, near, small, strict=True))
    expected = [half_up(Fraction(n, d), DECIMALS) for n, d in zip(tops.tolist(), bottoms.tolist(), strict=True)]
    return tops, bottoms, np.array(expected, np.int64)


@cache
def means() -> tuple[Integers, Integers, Integers]:
    """Weights in hundredths, actuals and targets of three leaves: plain cells, exact ties and near ties."""
    random = np.random.default_rng(31122024)
    first = 5 * random.integers(1, 10, MEANS)
    second = 5 * random.integers(1, 10, MEANS)
    weights = np.stack([first, second, 100 - first - second])
    targets = random.choice(np.array([100, 200, 250, 500, 1000, 1600]), (3, MEANS))
    actuals = targets + random.integers(-120, 120, (3, MEANS))
    third = MEANS // 3
    targets[:, :third] = random.integers(10**6, 10**12, (3, third))
    actuals[:, :third] = (targets[:, :third] * random.uniform(0.4, 1.6, (3, third))).astype(np.int64)
    # One leaf carries the whole weight and lies as near to a tie as its fifteen digits allow.
    near = slice(third, 2 * third)
    weights[:, near] = np.array([[100], [0], [0]])
    targets[0, near] = random.integers(10**14, 10**15, third)
    gap = (2 * random.integers(-4999, 4999, third) + 1) / (2 * 10**DECIMALS)
    actuals[0, near] = targets[0, near] + np.rint(gap * targets[0, near]).astype(np.int64)
    return weights, actuals, targets


def exact_mean(cell: int) -> Fraction:
    """Weighted mean of the gaps of one cell, each within the cap."""
    weights, actuals, targets = means()
    half = Fraction(1, 2)
    total = Fraction(0)
    for leaf in range(3):
        actual, target = int(actuals[leaf, cell]), int(targets[leaf, cell])
        total += Fraction(int(weights[leaf, cell]), 100) * max(-half, min(half, Fraction(actual - target, target)))
    return total


@cache
def exact_means() -> tuple[Fraction, ...]:
    return tuple(exact_mean(cell) for cell in range(MEANS))


def float_means() -> tuple[Floats, Floats]:
    """The same by floats, as scoring computes them, with the bound of their error."""
    weights, actuals, targets = means()
    terms = weights / 100 * np.clip((actuals - targets) / targets, -0.5, 0.5)
    return terms.sum(axis=0), sum_error_bound(3, np.abs(terms).sum(axis=0))


@pytest.mark.slow
def test_it_rounds_a_million_cells_as_fractions_do() -> None:
    tops, bottoms, expected_ratios = ratios()
    approx, bound = float_means()
    asked: list[int] = []

    def exact(cell: int) -> Fraction:
        asked.append(cell)
        return exact_means()[cell]

    rounded_ratios = round_ratios(tops, bottoms, DECIMALS)
    rounded_means = round_cells(approx, bound, DECIMALS, exact)

    expected_means = np.array([half_up(value, DECIMALS) for value in exact_means()])
    assert tops.size + approx.size >= 1_000_000
    assert np.array_equal(rounded_ratios, expected_ratios)
    assert np.array_equal(rounded_means, expected_means)
    assert len(asked) < MEANS * 0.6  # the plain cells never ask


@pytest.mark.slow
def test_it_has_ties_in_plenty_among_its_cells() -> None:
    tops, bottoms, _ = ratios()
    doubled = 2 * 10**DECIMALS * tops[:600_000].astype(object) % (2 * bottoms[:600_000].astype(object))
    ties_of_means = sum(
        (2 * value * 10**DECIMALS).denominator == 1 and (value * 10**DECIMALS).denominator == 2
        for value in exact_means()
    )

    assert int((doubled == np.abs(bottoms[:600_000].astype(object))).sum()) > 100_000
    assert ties_of_means > 2_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "naive",
    [
        lambda approx: np.round(approx, DECIMALS) * 10**DECIMALS,
        lambda approx: np.rint(approx * 10**DECIMALS),
        lambda approx: np.copysign(np.floor(np.abs(approx) * 10**DECIMALS + 0.5), approx),
    ],
    ids=["numpy round", "half to even", "half up of the float"],
)
def test_it_would_catch_a_rounding_by_luck(naive: Callable[[Floats], Floats]) -> None:
    tops, bottoms, expected_ratios = ratios()
    approx, _ = float_means()

    of_ratios = np.rint(naive(tops / bottoms)).astype(np.int64)
    of_means = np.rint(naive(approx)).astype(np.int64)

    assert (of_ratios != expected_ratios).sum() > 100
    assert any(got != half_up(value, DECIMALS) for got, value in zip(of_means.tolist(), exact_means(), strict=True))


@pytest.mark.slow
def test_it_would_catch_a_bound_that_is_too_small() -> None:
    approx, _ = float_means()

    blind = np.copysign(np.floor(np.abs(approx) * 10**DECIMALS + 0.5), approx).astype(np.int64)
    careful = round_cells(approx, 2.0**-50, DECIMALS, lambda cell: exact_means()[cell])

    assert (blind != careful).any()


@pytest.mark.slow
def test_it_bounds_the_error_of_a_float_sum() -> None:
    approx, bound = float_means()
    cells = np.random.default_rng(1).choice(MEANS, 20_000, replace=False).tolist()

    errors = [
        abs(Fraction(float(approx[cell])) - exact_means()[cell]) / Fraction(float(bound[cell]))
        for cell in cells
        if bound[cell]
    ]

    assert max(errors) <= 1
    assert max(errors) > Fraction(1, 100)  # a bound no cell comes near would be worth nothing


INT64 = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=100)
@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4), st.integers(0, 8), st.data())
def test_it_rounds_ratios_of_any_shape_and_size(shapes: object, decimals: int, data: st.DataObject) -> None:
    left, right = shapes.input_shapes  # type: ignore[attr-defined]
    tops = data.draw(arrays(np.int64, left, elements=INT64))
    bottoms = data.draw(arrays(np.int64, right, elements=INT64.filter(bool)))
    exact = (
        [half_up(Fraction(int(n), int(d)), decimals) for n, d in np.nditer([tops, bottoms], flags=["zerosize_ok"])]
        if tops.size and bottoms.size
        else []
    )

    if all(abs(value) < 2**63 for value in exact):
        rounded = round_ratios(tops, bottoms, decimals)
        assert rounded.shape == np.broadcast_shapes(left, right)
        assert rounded.reshape(-1).tolist() == exact
    else:
        with pytest.raises(OverflowError):
            round_ratios(tops, bottoms, decimals)


@settings(max_examples=100)
@given(
    arrays(np.float64, st.tuples(st.integers(0, 4), st.integers(0, 4)), elements=st.floats(-1e12, 1e12)),
    st.integers(0, 5),
)
def test_it_rounds_floats_of_any_shape_as_their_exact_values(cells: Floats, decimals: int) -> None:
    exact = [Fraction(float(value)) for value in cells.flat]

    rounded = round_cells(cells, 0.0, decimals, lambda cell: exact[cell])

    assert rounded.shape == cells.shape
    assert rounded.reshape(-1).tolist() == [half_up(value, decimals) for value in exact]


def test_it_refuses_cells_that_have_no_value() -> None:
    with pytest.raises(ZeroDivisionError):
        round_ratios(np.array([1]), np.array([0]), 2)
    with pytest.raises(ValueError, match="mask"):
        round_cells(np.array([np.nan]), 0.0, 2, lambda _: Fraction(0))
    with pytest.raises(ValueError, match="bound"):
        round_cells(np.array([1.0]), np.inf, 2, lambda _: Fraction(0))


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
    assert str(round_half_up(Fraction(value), decimals)) == rounded
    assert round_half_up(Fraction(value), decimals) == Decimal(rounded)


@given(st.fractions(), st.integers(-3, 9))
def test_it_rounds_one_value_as_the_rule_says(value: Fraction, decimals: int) -> None:
    scaled = round_scaled(value, decimals)

    exact = value * Fraction(10) ** decimals
    assert abs(scaled - exact) <= Fraction(1, 2)
    assert abs(scaled) >= abs(exact) if abs(scaled - exact) == Fraction(1, 2) else True
