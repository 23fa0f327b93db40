"""Figures as the sheet prints them: exact values from the kernel's formatter, with the decimals each kind carries.

A float cannot be printed: it has no exact value (`kernel.figure`). An absent figure is `None` and is worded by who
prints it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from piramide.kernel.decimals import GAP_DECIMALS, INDEX_DECIMALS, POINTS_DECIMALS
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.numbers import format_number, format_percent, format_quantity
from piramide.kernel.rounding import decimals_beside, round_scaled
from piramide.reports.labels import Labels

_NOISE: Final = Fraction(1, 10**9)
_MOST_OF_POINTS: Final = 4
"""Decimals of a weight in points, at the most."""
_TARGET: Final = Fraction(100)


def rounded(figure: Printable, decimals: int) -> Fraction:
    """The value that the printed figure has."""
    return Fraction(round_scaled(exactly(figure), decimals), 10**decimals)


def number(figure: Printable, decimals: int, say: Labels) -> str:
    """A bare number."""
    return format_number(exactly(figure), decimals, say.language)


def index(figure: Printable, say: Labels) -> str:
    """An index on 100; one that is not 100 never reads so."""
    return number(figure, index_decimals(figure), say)


def index_decimals(figure: Printable, *beside: Printable) -> int:
    """Decimals that tell an index from 100, and from what stands beside it: its band."""
    return decimals_beside(exactly(figure), (_TARGET, *map(exactly, beside)), INDEX_DECIMALS)


def banded(figure: Printable, low: Printable, high: Printable, say: Labels) -> tuple[str, str, str]:
    """A partial index and its band, with the decimals that tell the one from the other."""
    decimals = index_decimals(figure, low, high)
    return number(figure, decimals, say), number(low, decimals, say), number(high, decimals, say)


def change(figure: Printable, say: Labels) -> str:
    """A change of an index in points, signed, with its decimals; one that is not nothing never reads so."""
    exact = exactly(figure)
    return format_number(exact, decimals_beside(exact, (0,), INDEX_DECIMALS), say.language, signed=True)


def points(figure: Printable, say: Labels) -> str:
    """Points of the structure's index, signed."""
    return format_number(exactly(figure), POINTS_DECIMALS, say.language, signed=True)


def moved(figure: Printable, say: Labels) -> str:
    """Points by which an index moves, signed; a move that is not nothing never reads so."""
    exact = exactly(figure)
    return format_number(exact, decimals_beside(exact, (0,), POINTS_DECIMALS), say.language, signed=True)


def rate(figure: Printable, say: Labels) -> str:
    """Points of the index that a small change is worth, signed, with one more digit."""
    return format_number(exactly(figure), POINTS_DECIMALS + 1, say.language, signed=True)


def gap(figure: Printable, say: Labels) -> str:
    """A gap as a signed percentage; one that is not none never reads so."""
    return format_percent(exactly(figure), gap_decimals(figure), say.language, signed=True)


def gap_decimals(figure: Printable) -> int:
    """Decimals of a gap as a percentage that tell it from none."""
    return decimals_beside(100 * exactly(figure), (0,), GAP_DECIMALS)


def weight(figure: Printable, say: Labels) -> str:
    """A weight or a coverage as a percentage with as many decimals as it needs, one at the most.

    A share that is neither nothing nor all of it never reads so: it has as many as tell it.
    """
    share = exactly(figure) * 100
    decimals = next((places for places in (0, 1) if abs(rounded(share, places) - share) < _NOISE), 1)
    return format_percent(exactly(figure), decimals_beside(share, (0, 100), decimals), say.language)


def weight_as_printed(figure: Printable, say: Labels, *, in_points: bool) -> str:
    """A weight as its plan prints it: a percentage, or points of 100 with the decimals that they have."""
    if not in_points:
        return weight(figure, say)
    points = exactly(figure) * 100
    decimals = next((places for places in range(_MOST_OF_POINTS) if _is_told(points, places)), _MOST_OF_POINTS)
    return format_number(points, decimals, say.language)


def _is_told(points: Fraction, places: int) -> bool:
    return abs(rounded(points, places) - points) < _NOISE


def measure(figure: Printable, unit: str, decimals: int, say: Labels, *, signed: bool = False) -> str:
    """A value in its unit: `328.588.770 €`, `70 giorni`."""
    return format_quantity(exactly(figure), unit, decimals, say.language, signed=signed)
