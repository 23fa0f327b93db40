"""What reconciled forecasts said of the past, how far they were off, and the intervals that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import LEAST_SCALE, Array
from piramide.planning.forecast.levels import Level
from piramide.planning.forecast.shares import half_width

ENOUGH: Final = 30
"""Errors from which an interval of one month ahead is read; with fewer, months nearby count too."""


def root(said: Array) -> Array:
    """The root of what is said: the scale of its errors."""
    scale: Array = np.sqrt(np.maximum(said, LEAST_SCALE))
    return scale


@dataclass(frozen=True)
class PastOfLevel:
    """Forecasts of one level beside what came: arrays are [origin, group, group, month ahead].

    What came is NaN where nothing counts: what an event did that nobody could know.
    """

    level: Level
    came: Array
    said: Array
    naive: Array

    @property
    def errors(self) -> Array:
        """What came less what was said, over the root of what was said."""
        return (self.came - self.said) / root(self.said)

    def half_widths(self, without: int | None = None) -> Array:
        """The half-width of each month ahead, over the root; `without` leaves the errors of one origin out."""
        errors = self.errors
        if without is not None and len(errors) > 1:
            errors = np.delete(errors, without, axis=0)
        ahead = errors.shape[-1]
        widths = np.zeros(ahead)
        for month in range(ahead):
            for around in range(ahead):
                near = errors[..., max(0, month - around) : month + around + 1]
                if np.count_nonzero(np.isfinite(near)) >= ENOUGH or around == ahead - 1:
                    widths[month] = half_width(near)
                    break
        return widths

    def bounds(self) -> tuple[Array, Array]:
        """The interval that each origin would have been given, from the errors of the others."""
        widths = np.stack([self.half_widths(origin) for origin in range(len(self.said))])
        half = widths[:, None, None, :] * root(self.said)
        return np.maximum(self.said - half, 0.0), self.said + half

    def summary(self, model: str) -> dict[str, object]:
        """A row of the answer: errors, skill, coverage and mean width."""
        low, high = self.bounds()
        return summed_up(self, low, high, model)


def summed_up(past: PastOfLevel, low: Array, high: Array, model: str) -> dict[str, object]:
    """Errors, skill beside the seasonal naive, coverage and mean width of a level; null where nothing came."""
    counts = np.isfinite(past.came)
    row: dict[str, object] = {"level": past.level.name, "series": int(np.prod(past.level.shape)), "model": model}
    if not counts.any():
        return row | dict.fromkeys(("mae", "mae_naive", "skill", "coverage_80", "width"))
    came = past.came[counts]
    mae = float(np.abs(came - past.said[counts]).mean())
    mae_naive = float(np.abs(came - past.naive[counts]).mean())
    inside = (low[counts] <= came) & (came <= high[counts])
    return row | {
        "mae": mae,
        "mae_naive": mae_naive,
        "skill": 1 - mae / mae_naive if mae_naive else None,
        "coverage_80": float(inside.mean()),
        "width": float((high[counts] - low[counts]).mean()),
    }


def spread_of(levels: Sequence[Level], came: Mapping[str, Array], said: Mapping[str, Array]) -> dict[str, float]:
    """The mean square of the scaled errors of each level: what its forecasts are worth when levels disagree."""
    spread = {}
    for level in levels:
        errors = (came[level.name] - said[level.name]) / root(said[level.name])
        known = errors[np.isfinite(errors)]
        spread[level.name] = max(float((known**2).mean()), 1e-6) if known.size else float(1)
    return spread


def weights_of(said: Mapping[str, Array], spread: Mapping[str, float]) -> dict[str, Array]:
    """The inverse variance of every figure said."""
    return {name: 1.0 / (spread[name] * np.maximum(figures, LEAST_SCALE)) for name, figures in said.items()}
