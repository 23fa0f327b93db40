"""Rounding of printed figures: the exact rational value, half away from zero (R39).

Italian practice rounds a half up in magnitude, so −4.405 prints −4,41 as 4.405 prints 4,41.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

_MOST: Final = 60
"""Decimals after which two figures are left alike."""


def round_scaled(value: Fraction | int, decimals: int) -> int:
    """`value` × 10^`decimals` as the nearest integer, half away from zero.

    >>> round_scaled(Fraction(1, 8), 2), round_scaled(Fraction(-1, 8), 2)
    (13, -13)
    """
    top: int = value.numerator * 10 ** max(decimals, 0)
    bottom: int = value.denominator * 10 ** max(-decimals, 0)
    magnitude = (2 * abs(top) + bottom) // (2 * bottom)
    return magnitude if top >= 0 else -magnitude


def decimals_apart(value: Fraction | int, others: Iterable[Fraction | int], decimals: int) -> int:
    """How many decimals print `value` on the side of each of `others` that it is on: `decimals` where they do.

    Rounding never turns two figures round, but may print two that differ alike.

    >>> decimals_apart(Fraction("0.9996"), [1], 2), decimals_apart(Fraction("0.98"), [1], 2)
    (4, 2)
    """
    unlike = [other for other in others if other != value]
    while decimals < _MOST and any(round_scaled(value, decimals) == round_scaled(other, decimals) for other in unlike):
        decimals += 1
    return decimals
