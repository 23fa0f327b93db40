"""Sibling weights as an act prints them: what their print leaves open, and the scale they count on.

A third printed 33.3 % three times sums to 0.999: that is a slip of the print, told and scored on its own scale. A sum
that is further from one than half a printed unit each is no slip, and nothing is scored on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from piramide.methodology.model import Node

COARSEST: Final = Fraction(1, 100)
"""The unit of a percentage is never coarser than one point: 0.3 is 30 %."""
MOST: Final = Fraction(1, 100)
"""How far from one the weights of siblings may sum, however many they are."""
_FINEST: Final = 12
POINTS: Final = 100
"""What the weights of siblings sum to in a plan that weighs in points."""


def printed_unit(text: str) -> Fraction:
    """The unit of a share as printed: 0.333 is 33.3 %, a tenth of a point; a fraction such as 1/3 leaves nothing open.

    >>> printed_unit("0.333"), printed_unit("0.3"), printed_unit("1/3")
    (Fraction(1, 1000), Fraction(1, 100), Fraction(0, 1))
    """
    if "/" in text or "e" in text.lower():
        return Fraction(0)
    return min(COARSEST, Fraction(1, 10 ** len(text.partition(".")[2])))


def unit_of(node: Node) -> Fraction:
    """The unit of a node's weight: of its print where that was kept, else of the figure itself."""
    if node.weight_unit is not None:
        return node.weight_unit
    places = next((n for n in range(_FINEST + 1) if 10**n % node.weight.denominator == 0), None)
    return Fraction(0) if places is None else min(COARSEST, Fraction(1, 10**places))


def total_of(siblings: Sequence[Node]) -> Fraction:
    """What the weights of siblings sum to."""
    return sum((node.weight for node in siblings), Fraction(0))


def left_open(units: Iterable[Fraction]) -> Fraction:
    """How far weights printed in these units may miss their sum by rounding: half a unit each, at most `MOST`.

    >>> left_open(map(printed_unit, ["0.333", "0.333", "0.333"])), left_open(map(printed_unit, ["0.3", "0.7"])) == MOST
    (Fraction(3, 2000), True)
    """
    return min(sum(units, Fraction(0)) / 2, MOST)


def is_print_rounding(siblings: Sequence[Node]) -> bool:
    """Whether the weights miss one by no more than their print leaves open: half a unit each, `MOST` in all."""
    off = abs(total_of(siblings) - 1)
    return 0 < off <= left_open(unit_of(node) for node in siblings if node.weight)


def scale_of(siblings: Sequence[Node]) -> Fraction:
    """The sum that siblings are scored on: their own where it misses one by a slip of the print, else one."""
    return total_of(siblings) if is_print_rounding(siblings) else Fraction(1)
