"""Forecasts of all levels brought together: every parent the sum of its children, with the least weighted change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import Array
from piramide.planning.forecast.levels import BOTTOM, Level

_STEPS: Final = 200
_ROUNDS: Final = 6
_CLOSE: Final = 1e-11


def reconciled(levels: Sequence[Level], said: Mapping[str, Array], weights: Mapping[str, Array]) -> Array:
    """The cells of the bottom level [..., office, line, month] whose sums differ least from what each level said.

    Of all cells that are not negative, those with the least sum over levels of weight × square of the difference.
    Weights have the shape of what is said, or broadcast to it; they are positive. Parents are the sums of these cells.
    """
    free = np.ones(said[BOTTOM].shape, dtype=bool)
    cells = said[BOTTOM]
    for _ in range(_ROUNDS):
        cells = _least(levels, said, weights, np.where(free, cells, 0.0), free)
        below = free & (cells < 0)
        if not below.any():
            break
        free &= ~below
    return np.maximum(cells, 0.0)


def _least(
    levels: Sequence[Level], said: Mapping[str, Array], weights: Mapping[str, Array], start: Array, free: np.ndarray
) -> Array:
    """Conjugate gradients from `start` on the free cells, each month for itself, scaled by the weight of all levels."""

    def pull(differences: Mapping[str, Array]) -> Array:
        total = np.zeros(start.shape)
        for level in levels:
            total = total + level.spread(weights[level.name] * differences[level.name])
        return np.where(free, total, 0.0)

    def along(cells: Array) -> Array:
        return pull({level.name: level.total(cells) for level in levels})

    scale = pull({level.name: np.ones_like(said[level.name]) for level in levels})
    scale = np.where(free, 1.0 / np.where(free, scale, 1.0), 0.0)
    cells = start
    left = pull({level.name: said[level.name] - level.total(cells) for level in levels})
    way = scale * left
    size = _dot(left, way)
    stop = _CLOSE**2 * size
    for _ in range(_STEPS):
        if (size <= stop).all():
            break
        bent = along(way)
        curve = _dot(way, bent)
        step = np.where(curve > 0, size / np.where(curve > 0, curve, 1.0), 0.0)
        cells = cells + step * way
        left = left - step * bent
        ahead = scale * left
        after = _dot(left, ahead)
        way = ahead + np.where(size > 0, after / np.where(size > 0, size, 1.0), 0.0) * way
        size = after
    return cells


def _dot(one: Array, other: Array) -> Array:
    total: Array = np.sum(one * other, axis=(-3, -2), keepdims=True)
    return total
