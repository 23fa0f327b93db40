"""The double that a spreadsheet cell holds so that what the cell shows is the exact figure, rounded half-up.

A spreadsheet rounds the double it holds, by its own luck: some round the binary number, some its fifteen decimal
digits. The nearest double is kept wherever both show what the exact figure rounds to; elsewhere the one beside it, away
by less than a millionth of a millionth, that shows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from piramide.kernel.rounding import round_scaled

_DIGITS = 15
"""Significant digits that spreadsheets compute with."""
_STEPS = (0, 1, -1, 4, -4, 64, -64, 1024, -1024)
_WIDE = Context(prec=400)


def cell_double(exact: Fraction, decimals: int) -> float:
    """The double to write for `exact` in a cell that shows so many decimals (two more of a percentage).

    >>> cell_double(Fraction("103.55"), 2), cell_double(Fraction("103.55"), 1)
    (103.55, 103.55000000000001)
    """
    wanted = round_scaled(exact, decimals)
    return next((near for near in _near(float(exact)) if _shows(near, decimals, wanted)), float(exact))


def _near(double: float) -> Iterator[float]:
    """The double itself, then others ever further on both sides."""
    for steps in _STEPS:
        yield double + steps * math.ulp(double)


def _shows(double: float, decimals: int, wanted: int) -> bool:
    """Whether a cell shows the wanted figure, however the spreadsheet rounds: by all digits, or by fifteen."""
    short = Decimal(f"{double:.{_DIGITS}g}")
    return all(_rounded(number, decimals) == wanted for number in (Decimal(double), short))


def _rounded(number: Decimal, decimals: int) -> int:
    return int(number.scaleb(decimals, _WIDE).quantize(Decimal(1), ROUND_HALF_UP, _WIDE))


def decimals_of(number_format: str) -> int:
    """Decimals of the number that a cell format shows; a percentage shows two of them before its point.

    >>> decimals_of("+#,##0.00;−#,##0.00;0"), decimals_of("0.0%"), decimals_of("(0)")
    (2, 3, 0)
    """
    first = number_format.split(";", maxsplit=1)[0]
    _whole, _point, cents = first.partition(".")
    return sum(letter == "0" for letter in cents) + (2 if "%" in first else 0)
