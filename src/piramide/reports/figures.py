"""Figures as the sheet prints them: exact values from the kernel's formatter, with the decimals each kind carries.

A float is read as the decimal it was written as; an absent figure is `None` and is worded by who prints it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from piramide.kernel.numbers import format_number, format_percent, format_quantity, from_float
from piramide.kernel.rounding import round_scaled
from piramide.reports.labels import Labels
from piramide.reports.sheet import Figure

GAP_DECIMALS: Final = 2
INDEX_DECIMALS: Final = 1
POINTS_DECIMALS: Final = 2
_NOISE: Final = Fraction(1, 10**9)


def exact(figure: Figure) -> Fraction:
    """The exact value of a figure: of a float, its shortest decimal."""
    return from_float(figure) if isinstance(figure, float) else Fraction(figure)


def rounded(figure: Figure, decimals: int) -> Fraction:
    """The value that the printed figure has."""
    return Fraction(round_scaled(exact(figure), decimals), 10**decimals)


def number(figure: Figure, decimals: int, say: Labels) -> str:
    """A bare number."""
    return format_number(exact(figure), decimals, say.language)


def index(figure: Figure, say: Labels) -> str:
    """An index on 100."""
    return number(figure, INDEX_DECIMALS, say)


def points(figure: Figure, say: Labels) -> str:
    """Points of the structure's index, signed."""
    return format_number(exact(figure), POINTS_DECIMALS, say.language, signed=True)


def rate(figure: Figure, say: Labels) -> str:
    """Points of the index that a small change is worth, signed, with one more digit."""
    return format_number(exact(figure), POINTS_DECIMALS + 1, say.language, signed=True)


def gap(figure: Figure, say: Labels) -> str:
    """A gap as a signed percentage."""
    return format_percent(exact(figure), GAP_DECIMALS, say.language, signed=True)


def weight(figure: Figure, say: Labels) -> str:
    """A weight or a coverage as a percentage with as many decimals as it needs, two at the most.

    A share that is not all of it is never rounded to 0% or 100%.
    """
    share = exact(figure) * 100
    decimals = next((places for places in (0, 1) if abs(rounded(share, places) - share) < _NOISE), 1)
    if rounded(share, decimals) in {0, 100}:
        decimals = 0 if abs(share - round(share)) < _NOISE else 2
    return format_percent(exact(figure), decimals, say.language)


def measure(figure: Figure, unit: str, decimals: int, say: Labels, *, signed: bool = False) -> str:
    """A value in its unit: `328.588.770 €`, `70 giorni`."""
    return format_quantity(exact(figure), unit, decimals, say.language, signed=signed)
