"""Indicators that no flow tells: how they changed from this month to the end of earlier years, pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of one indicator in earlier years, [year, structure], NaN where not known; times, or more."""

    changes: Floats
    is_ratio: bool

    def drawn(self, now: Floats, years: Whole, others: Whole) -> Floats:
        """Values at the end of the year, [structure, draw]: all structures of a draw take the same earlier year.

        A structure without a change of its own in that year takes that of another one: `others` [draw] says which.
        """
        known = [np.flatnonzero(np.isfinite(year)) for year in self.changes]
        answer = np.full((len(now), len(years)), np.nan)
        for draw, year in enumerate(years.tolist()):
            if not len(known[year]):
                continue
            change = self.changes[year]
            other = change[known[year][others[draw] % len(known[year])]]
            taken = np.where(np.isfinite(change), change, other)
            answer[:, draw] = now * taken if self.is_ratio else now + taken
        return answer


def changes_of(then: Floats, end: Floats) -> Changes | None:
    """Changes from values at this month to those at the end of earlier years, [year, structure]; none that is known.

    In proportion where every value is above zero, else as a difference.
    """
    both = np.isfinite(then) & np.isfinite(end)
    if not both.any():
        return None
    is_ratio = bool((then[both] > 0).all() and (end[both] > 0).all())
    safe = np.where(both, then, 1.0)
    found = end / np.where(safe == 0, 1.0, safe) if is_ratio else end - then
    kept = both.any(axis=1)
    return Changes(np.where(both, found, np.nan)[kept], is_ratio)
