"""Seasonal shares drawn towards those of a larger whole, and the half-width of an interval from past errors."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import Array

YEAR: Final = 12
COVERAGE: Final = 0.8


def shrunken(by_month: Array, pooled: Array, strength: float) -> Array:
    """Shares of the calendar months (last axis): `(n_m + k·s_m) / (n + k)`, `k` being `strength`.

    `by_month` are the pieces that came in each calendar month, `pooled` the shares of the whole they are drawn to.
    """
    total = by_month.sum(axis=-1, keepdims=True) + strength
    empty = total <= 0
    return np.where(empty, pooled, (by_month + strength * pooled) / np.where(empty, 1.0, total))


def half_width(errors: Array) -> float:
    """The ⌈(n+1)·0.8⌉-th smallest absolute error (the largest where there are fewer); 0 without errors."""
    sizes = np.sort(np.abs(errors[~np.isnan(errors)]))
    if not sizes.size:
        return 0.0
    rank = min(math.ceil((sizes.size + 1) * COVERAGE), sizes.size)
    return float(sizes[rank - 1])
