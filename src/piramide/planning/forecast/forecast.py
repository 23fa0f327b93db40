"""What is forecast, and its draws: whole futures of all cells together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEAST_SCALE: Final = 1.0
"""Pieces under which the spread of a cell does not fall any more."""
_PIECE: Final = 8_000_000
"""Most figures of one piece of draws: 64 MB."""


@dataclass(frozen=True)
class Forecast:
    """What is expected of each office and line in each month ahead. Arrays are [office, line, month].

    Pieces, automatic ones included; points are of what is worked by hand. `low_80` and `high_80` bound the receipts of
    a cell four times in five. `model` names the candidate of the level office × line; `residuals` are what came less
    what had been said in the back-test, over the root of what had been said: [origin, office, line, month ahead], NaN
    where a month ahead of an origin has not come yet.
    """

    offices: tuple[str, ...]
    lines: tuple[str, ...]
    months: tuple[str, ...]
    received: Array
    received_points: Array
    low_80: Array
    high_80: Array
    resolved: Array
    resolved_points: Array
    model: str
    origin_month: str
    residuals: Array

    def draws(self, n: int, seed: int) -> Iterator[Array]:
        """`n` futures of the receipts, in pieces of [draw, office, line, month]; the same seed gives the same.

        A draw takes the months of one origin, the same for all cells: errors that offices share stay shared. A month
        that this origin has not seen is taken whole from another.
        """
        taken = self.origins_of(n, seed)
        scale = np.sqrt(np.maximum(self.received, LEAST_SCALE))
        months = np.arange(len(self.months))
        step = max(1, _PIECE // max(1, self.received.size))
        for start in range(0, n, step):
            error = self.residuals[taken[start : start + step], :, :, months[None, :]]
            yield np.maximum(self.received + np.moveaxis(error, 1, -1) * scale, 0.0)

    def origins_of(self, n: int, seed: int) -> NDArray[np.int64]:
        """The origin whose errors each draw takes in each month ahead, [draw, month]."""
        return _origins(self.residuals, n, np.random.Generator(np.random.PCG64(seed)))

    def from_origins(self) -> Array:
        """Receipts that the errors of each origin make, [month, origin, office, line]; NaN where a month has not come.

        A draw is a row of each month: that of the origin that it takes there.
        """
        scale = np.sqrt(np.maximum(self.received, LEAST_SCALE))
        receipts: Array = np.maximum(self.received + self.residuals * scale, 0.0)
        return np.ascontiguousarray(np.moveaxis(receipts, -1, 0))


def _origins(residuals: Array, n: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """The origin that each draw takes in each month ahead."""
    come = np.any(np.isfinite(residuals), axis=(1, 2)).reshape(len(residuals), -1)
    taken = np.repeat(chance.integers(0, len(come), n)[:, None], come.shape[1], axis=1)
    for month in range(come.shape[1]):
        known = np.flatnonzero(come[:, month])
        other = chance.choice(known, n)
        taken[:, month] = np.where(come[taken[:, month], month], taken[:, month], other)
    return taken
