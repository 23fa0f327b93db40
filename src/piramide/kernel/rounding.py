"""Rounding of printed figures: the exact rational value, half away from zero (R39).

Italian practice rounds a half up in magnitude, so −4.405 prints −4,41 as 4.405 prints 4,41.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

_MOST: Final = 60
"""Decimals after which two figures are left alike."""
NOISE: Final = Fraction(1, 10**9)
"""What the double of a run without exact figures may have lost: nearer than this, two figures are the same."""


def side_of(figure: Fraction | int, mark: Fraction | int) -> int:
    """On which side of a mark an exact figure is: 1 above, -1 below, 0 on it. What is printed does not decide.

    >>> side_of(Fraction("99.96"), 100), side_of(Fraction(100), 100)
    (-1, 0)
    """
    distance = Fraction(figure) - mark
    return 0 if abs(distance) < NOISE else 1 if distance > 0 else -1


def decimals_beside(figure: Fraction | int, marks: Iterable[Fraction | int], decimals: int) -> int:
    """`decimals`, or as many more as print a figure on the side of each mark that it is on, noise apart.

    >>> decimals_beside(Fraction("99.96"), [100], 1), decimals_beside(Fraction("99.9"), [100], 1)
    (2, 1)
    """
    return decimals_apart(figure, [mark for mark in marks if side_of(figure, mark)], decimals)


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
