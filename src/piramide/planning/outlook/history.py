"""Indicators that no flow tells: how they changed from this month to the end of earlier years, pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

PICKS: Final = 420
"""Changes that a structure is given of a year: its kind once over, whether that has seven members or a hundred."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of one indicator in earlier years, [year, structure], NaN where not known; times, or more."""

    changes: Floats
    is_ratio: bool

    def picked(self, now: Floats, kinds: Whole) -> Floats:
        """Values at the end of the year, [structure, pick]: all structures of a pick take the same earlier year.

        Of that year each takes the change of one of its kind, with every pick another one; of any kind where its own
        has none. `kinds` [structure] are numbers. There are `PICKS` of each of the years.
        """
        answer: Floats = np.full((len(now), len(self.changes), PICKS), np.nan)
        for year, change in enumerate(self.changes):
            known = np.isfinite(change)
            for kind in np.unique(kinds).tolist():
                mine = np.flatnonzero(kinds == kind)
                pool = change[mine[known[mine]]] if known[mine].any() else change[known]
                if len(pool):
                    answer[mine, year] = pool[(np.arange(len(mine))[:, None] + np.arange(PICKS)) % len(pool)]
        picked = answer.reshape(len(now), -1)
        values: Floats = now[:, None] * picked if self.is_ratio else now[:, None] + picked
        return values

    def middle(self, now: Floats) -> Floats:
        """Values at the end of the year with the middle change of all years and structures, [structure, 1]."""
        change = float(np.nanmedian(self.changes))
        return (now * change if self.is_ratio else now + change)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Going:
    """What goes on as it did in earlier years: its values at the end of the year, as `Changes.picked` gives them.

    `middle` [structure, 1] are those of the middle change.
    """

    picked: Floats
    middle: Floats

    @classmethod
    def of(cls, changes: Changes, now: Floats, kinds: Whole) -> Going:
        """How something goes on from its values of now; where there is none of its own, as it stands."""
        picked, middle = changes.picked(now, kinds), changes.middle(now)
        return cls(np.where(np.isfinite(picked), picked, now[:, None]), middle)

    @classmethod
    def still(cls, now: Floats) -> Going:
        """What stays as it is."""
        return cls(now[:, None], now[:, None])

    def at_end(self, picks: Whole | None) -> Floats:
        """Values in some futures, [structure, future]."""
        return self.middle if picks is None else self.picked[:, picks % self.picked.shape[1]]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """People of structures at the end of the year, who go on as they did.

    Of more people in some months ahead, a sum over the year counts every month, a state the last alone.
    """

    going: Going
    is_state: bool

    def at_end(self, picks: Whole | None, more: Floats | None, below: Floats) -> Floats:
        """Values in some futures, [structure, future], with `more` people [office, month] than there would be."""
        found = self.going.at_end(picks)
        if more is None:
            return found
        of_office = more[:, -1] if self.is_state else more.sum(axis=1)
        return found + (below @ of_office)[:, None]


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
