"""Arrays of numbers, fast or exact, so that each rule is written once.

The same expression works on both: `float64` for scenarios and first looks, `object` arrays of `Fraction` for what is
kept and printed. Constants in a rule are whole numbers, which spoil neither; a division has a `Fraction` on one side
(`counted`, `numbers`), since two Python integers would give a float.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.intp]
Numbers = NDArray[Any]
"""`Floats`, or an object array of fractions, of integers, and of an infinity where nothing binds."""

FULL: Final = 100
"""What an index, a milestone and a sum of shares aim at."""
UNBOUND: Final = float("inf")


def numbers(figures: Iterable[Fraction | float], *, exact: bool) -> Numbers:
    """Figures as an array: fractions as they are, or the floats nearest to them."""
    if not exact:
        return np.fromiter(map(float, figures), np.float64)
    listed = list(figures)
    answer = np.empty(len(listed), object)
    answer[:] = listed
    return answer


def counted(flags: Flags, *, exact: bool) -> Numbers:
    """1 where a flag stands, else 0, as numbers that can be divided."""
    if not exact:
        return flags.astype(np.float64)
    answer = np.full(flags.shape, Fraction(0), object)
    answer[flags] = Fraction(1)
    return answer


def is_exact(array: Numbers) -> bool:
    """Whether an array holds fractions."""
    return array.dtype == object


def within(array: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """Numbers held in `[low, high]`: gaps by their cap (R2, R9), values by what their kind can be."""
    answer: Numbers = np.minimum(np.maximum(array, low), high)
    return answer


def summed(parts: Numbers, starts: Positions) -> Numbers:
    """Sums of what follows from `starts[group]` on, along the first axis."""
    answer: Numbers = np.add.reduceat(parts, starts, axis=0)
    return answer
