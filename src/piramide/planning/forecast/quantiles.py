"""Receipts at a quantile: what a year brings no more than, so many times in a hundred."""

from __future__ import annotations

from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import Array, Forecast
from piramide.planning.targets import Families

DRAWS: Final = 1000
SEED: Final = 1


def at_quantile(sums: Array, quantile: float) -> Array:
    """The quantile over draws (first axis), linear between two of them. E16."""
    found: Array = np.quantile(sums, quantile, axis=0)
    return found


def receipts_factor(forecast: Forecast, families: Families, quantile: float) -> Array:
    """By what the mean receipts of each office and group of a year grow at a quantile, [office, group]."""
    mean = families.by_group(forecast.received.sum(axis=2))
    sums = np.concatenate([_by_group(draws, families) for draws in forecast.draws(DRAWS, SEED)])
    return np.divide(at_quantile(sums, quantile), mean, out=np.ones_like(mean), where=mean > 0)


def _by_group(draws: Array, families: Families) -> Array:
    """The year's sums of draws [draw, office, line, month] by office and group."""
    years = draws.sum(axis=3)
    return np.moveaxis(families.by_group(np.moveaxis(years, 0, 2)), 2, 0)
