"""Rounding of printed figures: the exact rational value, half away from zero (R39).

Italian practice rounds a half up in magnitude, so −4.405 prints −4,41 as 4.405 prints 4,41. A float is never rounded
by its own luck: the array paths find the cells that lie too close to a tie and recompute only those exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LARGEST: Final = 2**63 - 1
# Scaling by a power of ten and adding one half lose at most two units in the last place together.
_SCALING_ERROR: Final = 2.0**-51


def round_scaled(value: Fraction | int, decimals: int) -> int:
    """`value` × 10^`decimals` as the nearest integer, half away from zero.

    >>> round_scaled(Fraction(1, 8), 2), round_scaled(Fraction(-1, 8), 2)
    (13, -13)
    """
    top: int = value.numerator * 10 ** max(decimals, 0)
    bottom: int = value.denominator * 10 ** max(-decimals, 0)
    magnitude = (2 * abs(top) + bottom) // (2 * bottom)
    return magnitude if top >= 0 else -magnitude


def round_half_up(value: Fraction | int, decimals: int) -> Decimal:
    """`value` rounded half away from zero, with exactly `decimals` decimals (negative: tens, hundreds…).

    >>> round_half_up(Fraction("-4.4087"), 2)
    Decimal('-4.41')
    """
    scaled = round_scaled(value, decimals)
    return Decimal((int(scaled < 0), tuple(int(digit) for digit in str(abs(scaled))), -decimals))


def round_ratios(numerators: NDArray[np.int64], denominators: NDArray[np.int64], decimals: int) -> NDArray[np.int64]:
    """Round `numerators / denominators` cell by cell, exactly, to integers scaled by 10^`decimals`.

    Shapes broadcast. Cells whose products leave 64 bits are computed with integers of any size.
    Raises `ZeroDivisionError` on a zero denominator (mask the cells that have no value first) and `OverflowError`
    when a result does not fit 64 bits.
    """
    tops, bottoms = np.broadcast_arrays(np.asarray(numerators, np.int64), np.asarray(denominators, np.int64))
    if (bottoms == 0).any():
        raise ZeroDivisionError("a ratio over zero has no value: mask its cell")
    scale = 10**decimals
    top, bottom = np.abs(tops), np.abs(bottoms)  # the smallest int64 has no absolute value and stays negative
    narrow = (top >= 0) & (bottom > 0) & (bottom <= _LARGEST // (2 * scale + 1))
    whole, rest = np.divmod(np.where(narrow, top, 0), np.where(narrow, bottom, 1))
    narrow &= whole < _LARGEST // scale - 1
    whole, rest, bottom = np.where(narrow, whole, 0), np.where(narrow, rest, 0), np.where(narrow, bottom, 1)
    # With a scale beyond 64 bits no cell is narrow, and what stands here is not used.
    fitting = min(scale, _LARGEST // 4)
    magnitude = whole * fitting + (2 * fitting * rest + bottom) // (2 * bottom)
    scaled: NDArray[np.int64] = np.where((tops < 0) != (bottoms < 0), -magnitude, magnitude)
    for cell in np.flatnonzero(~narrow):
        ratio = Fraction(int(tops.flat[cell]), int(bottoms.flat[cell]))
        scaled.flat[cell] = _within_64_bits(round_scaled(ratio, decimals))
    return scaled


def round_cells(
    approx: NDArray[np.float64],
    error_bound: NDArray[np.float64] | float,
    decimals: int,
    exact: Callable[[int], Fraction],
) -> NDArray[np.int64]:
    """Round floats as their exact values would be, to integers scaled by 10^`decimals`.

    `approx` is within `error_bound` (absolute, broadcast to its shape) of the exact value of each cell; `exact(i)`
    gives that of the flat cell `i` and is called only for the cells so close to a tie that the bound cannot decide.
    Raises `ValueError` on a cell or bound that is not finite, `OverflowError` when a result does not fit 64 bits.
    """
    scaled = np.asarray(approx, np.float64) * 10.0**decimals
    doubt = np.asarray(error_bound, np.float64) * 10.0**decimals + np.abs(scaled) * _SCALING_ERROR
    if not (np.isfinite(scaled).all() and np.isfinite(doubt).all() and (doubt >= 0).all()):
        raise ValueError("only finite cells with a finite bound can be rounded: mask those that have no value")
    magnitude = np.abs(scaled)
    whole = np.floor(magnitude)
    undecided = np.broadcast_to(np.abs(magnitude - whole - 0.5) <= doubt, scaled.shape)
    rounded = np.where(undecided, 0.0, np.copysign(np.floor(magnitude + 0.5), scaled)).astype(np.int64)
    for cell in np.flatnonzero(undecided):
        rounded.flat[cell] = _within_64_bits(round_scaled(exact(int(cell)), decimals))
    return rounded


def _within_64_bits(scaled: int) -> int:
    if abs(scaled) > _LARGEST:
        raise OverflowError("a rounded figure does not fit 64 bits: round it to fewer decimals")
    return scaled


def sum_error_bound(terms: int, magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest error of a float sum of `terms` products, each of inputs rounded once, in whatever order.

    `magnitude` is the sum of the absolute values of the products, per cell. Every term meets at most `terms` + 5
    roundings (three in its inputs, two in its product and its quotient); twice that covers their compounding.
    """
    return magnitude * (2 * (terms + 5) * 2.0**-53)
