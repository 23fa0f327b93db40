"""What an office has to resolve in a year, for what is left to stay within the target and for the clearance asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def to_resolve(opening: Floats, received: Floats, ceiling: Floats, clearance: Floats) -> Floats:
    """What has to be resolved by the end: the larger of what the ceiling and what the clearance ask.

    `opening + received − ceiling` and `clearance × received`; where neither is set (NaN) as much as comes in. Never
    below zero nor more than there is.
    """
    by_ceiling = opening + received - ceiling
    by_clearance = clearance * received
    asked = np.fmax(by_ceiling, by_clearance)
    return np.clip(np.where(np.isnan(asked), received, asked), 0.0, opening + received)


def hours_needed(points: Floats, points_per_hour: Floats) -> Floats:
    """Hours that points take, `points / points_per_hour`; infinite where an hour does nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hours: Floats = points / points_per_hour
    return np.where(points > 0, hours, 0.0)
