"""Light candidates: what each says of the months ahead, for all series at once (last axis: months)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import Array
from piramide.planning.forecast.shares import YEAR, shrunken

NAIVE: Final = "naive"
STRENGTHS: Final = (0.0, 30.0, 300.0, 3000.0, 1e9)
"""Pieces by which shares are drawn to the pooled ones; the back-test chooses."""
_LEAST_SHARE: Final = 0.05 / YEAR
"""A month with less than this part of a year says nothing of the level."""


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How fast a level and its slope follow what comes, and by how much a slope is damped from month to month."""

    level: float
    slope: float = 0.0
    damped: float = 1.0

    @property
    def name(self) -> str:
        """As the back-test calls it."""
        slope = f" {self.slope:g} {self.damped:g}" if self.slope else ""
        return f"smoothing({self.level:g}{slope})"


SMOOTHINGS: Final = (
    Smoothing(0.05),
    Smoothing(0.1),
    Smoothing(0.2),
    Smoothing(0.35),
    Smoothing(0.1, 0.02, 0.9),
    Smoothing(0.2, 0.03, 0.9),
    Smoothing(0.35, 0.05, 0.9),
)


def naive(past: Array, ahead: int) -> Array:
    """What came in the same month of the year before; of less than a year, the mean of what there is."""
    if past.shape[-1] < YEAR:
        return np.repeat(past.mean(axis=-1, keepdims=True), ahead, axis=-1)
    before: Array = past[..., -YEAR:][..., np.arange(ahead) % YEAR]
    return before


def by_month(past: Array) -> Array:
    """Pieces of each calendar month over the years, as of whole years, from the month after the last one on.

    Less than a year says nothing of seasons: zeros.
    """
    count = past.shape[-1]
    if count < YEAR:
        return np.zeros((*past.shape[:-1], YEAR))
    years = -(-count // YEAR)
    padded = np.full((*past.shape[:-1], years * YEAR), np.nan)
    padded[..., -count:] = past
    mean: Array = np.nanmean(padded.reshape(*past.shape[:-1], years, YEAR), axis=-2)
    pieces: Array = mean * (count / YEAR)
    return pieces


def shares_of(past: Array, pooled: Array, strength: float) -> Array:
    """Shrunken seasonal shares, from the month after the last one on."""
    return shrunken(by_month(past), pooled, strength)


def pooled_shares(past: Array) -> Array:
    """Shares of a whole that is drawn to nothing else; flat where nothing came."""
    return shrunken(by_month(past), np.full(YEAR, 1.0 / YEAR), 0.0)


def year_before(past: Array) -> Array:
    """What the last twelve months brought; of less than a year, as much as a year at that pace."""
    count = min(YEAR, past.shape[-1])
    year: Array = past[..., -count:].sum(axis=-1, keepdims=True) * (YEAR / count)
    return year


def level_by_shares(past: Array, shares: Array, ahead: int) -> Array:
    """Last year's level by its seasonal shares."""
    return year_before(past) * shares[..., np.arange(ahead) % YEAR]


def smoothed(past: Array, shares: Array, ahead: int, how: Smoothing) -> Array:
    """Level and slope that follow what comes, season taken out by the shares and put back in."""
    count = past.shape[-1]
    season = YEAR * shares[..., np.arange(-count, 0) % YEAR]
    speaks = season > YEAR * _LEAST_SHARE
    without = np.where(speaks, past / np.where(speaks, season, 1.0), np.nan)
    first = past[..., : min(YEAR, count)].sum(axis=-1) / np.maximum(season[..., :YEAR].sum(axis=-1), 1e-9)
    level, slope = first, np.zeros_like(first)
    for month in range(count):
        expected = level + how.damped * slope
        seen = np.where(speaks[..., month], without[..., month], expected)
        after = expected + how.level * (seen - expected)
        if how.slope:
            slope = how.damped * slope + how.slope * (seen - expected)
        level = after
    steps = np.arange(1, ahead + 1)
    grown = np.cumsum(how.damped**steps) if how.slope else steps * 0.0
    flat = np.maximum(level[..., None] + slope[..., None] * grown, 0.0)
    said: Array = flat * YEAR * shares[..., np.arange(ahead) % YEAR]
    return said


def shared_out(past: Array, shares: Array, whole: Array, whole_plain: Array) -> Array:
    """Last year's level by shares, moved as the whole is said to move beside its own level of last year."""
    said = level_by_shares(past, shares, whole.shape[-1])
    moved = np.where(whole_plain > 0, whole / np.where(whole_plain > 0, whole_plain, 1.0), 1.0)
    return said * moved
