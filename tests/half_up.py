"""The rounding rule again, by hand: half away from zero (R39)."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | int, decimals: int) -> Decimal:
    """`value` with so many decimals."""
    scale = Fraction(10**decimals) if decimals >= 0 else Fraction(1, 10**-decimals)
    nearest = math.floor(abs(Fraction(value)) * scale + Fraction(1, 2))
    return Decimal(-nearest if value < 0 else nearest).scaleb(-decimals)
