"""Events: a law, a stop, a surge; what they did to the past and do to the months ahead, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from piramide.planning.forecast.forecast import Array

RECEIVED = "received"
RESOLVED = "resolved"
_PULSE_YEARS = 12


@dataclass(frozen=True, slots=True)
class Event:
    """Something that makes a measure more or less than usual, in some lines and structures, for some months.

    `lines` and `structures` are names of cells or of what holds them; none is all. `until` is the last month, empty for
    one that goes on. Either `factor` (times the usual) or `pieces` (more a month, of all its cells together, shared out
    as they come) says how much. `known` is false for one that was found in the past.
    """

    name: str
    lines: tuple[str, ...]
    structures: tuple[str, ...]
    since: str
    until: str
    measure: str = RECEIVED
    factor: float | None = None
    pieces: float | None = None
    act: str = ""
    place: str = ""
    known: bool = True


@dataclass
class Usual:
    """What came, [office, line, month], taken apart: usual × times + more = came; `times` and `more` go on ahead.

    `counts` is false where what came teaches nothing of errors: an event made it that nobody could know. `since` is the
    month from which a cell is another one than before: what was said earlier of later months teaches nothing either.
    """

    came: Array
    usual: Array
    times: Array
    more: Array
    counts: NDArray[np.bool_]
    since: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.since = np.zeros(self.came.shape[:2], dtype=np.int64)

    @classmethod
    def of(cls, came: Array, ahead: int) -> Usual:
        """Everything usual, as long as no event says otherwise."""
        shape = (*came.shape[:2], came.shape[2] + ahead)
        counts = np.ones(came.shape, dtype=np.bool_)
        return cls(came, came.astype(float), np.ones(shape), np.zeros(shape), counts)

    def as_it_comes(self, usual: Array, since: int) -> Array:
        """What comes in some months from `since` on where so much is usual, [office, line, month]."""
        months = slice(since, since + usual.shape[-1])
        times, more = self.times[..., months], self.more[..., months]
        come = np.maximum(usual[..., : times.shape[-1]] * times + more, 0.0)
        beyond: Array = usual[..., times.shape[-1] :]
        return np.concatenate([come, beyond], axis=-1)

    @property
    def months(self) -> int:
        """Months of history."""
        return int(self.came.shape[-1])


@dataclass(frozen=True)
class Cells:
    """The names under which an event may speak of offices and lines, and of every month from the first one on."""

    offices: Mapping[str, Sequence[int]]
    lines: Mapping[str, Sequence[int]]
    months: tuple[str, ...]

    def of(self, event: Event) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Offices, lines and months that an event touches."""
        return (
            _places(self.offices, event.structures),
            _places(self.lines, event.lines),
            np.flatnonzero([event.since <= month <= (event.until or "9999-12") for month in self.months]),
        )


def _places(known: Mapping[str, Sequence[int]], names: Sequence[str]) -> NDArray[np.int64]:
    chosen = names or tuple(known)
    places: NDArray[np.int64] = np.unique(np.concatenate([np.asarray(known[name], dtype=np.int64) for name in chosen]))
    return places


def take_out(usual: Usual, event: Event, cells: Cells) -> None:
    """Take what an event did out of the past, and put what it does into the months ahead."""
    offices, lines, months = cells.of(event)
    if not (offices.size and lines.size and months.size):
        return
    where = np.ix_(offices, lines, months)
    past = months[months < usual.months]
    if event.factor is not None:
        usual.times[where] *= event.factor
    else:
        level = _level(usual, offices, lines)
        usual.more[where] += (level * (event.pieces or 0.0))[:, :, None]
    if past.size:
        _clean(usual, np.ix_(offices, lines, past))


def _level(usual: Usual, offices: NDArray[np.int64], lines: NDArray[np.int64]) -> Array:
    """The part of each cell in what these cells receive together over the last year, equal where nothing came."""
    total: Array = usual.usual[np.ix_(offices, lines, np.arange(usual.months))][..., -_PULSE_YEARS:].sum(axis=-1)
    whole = total.sum()
    return total / whole if whole > 0 else np.full(total.shape, 1.0 / total.size)


def _clean(usual: Usual, where: tuple[NDArray[np.int64], ...]) -> None:
    times, more, came = usual.times[where], usual.more[where], usual.came[where]
    usual.usual[where] = np.maximum(came - more, 0.0) / np.where(times > 0, times, 1.0)
    gone = np.zeros(usual.came.shape, dtype=np.bool_)
    gone[where] = times <= 0
    if gone.any():
        fill(usual, gone)


def fill(usual: Usual, gone: NDArray[np.bool_]) -> None:
    """Put the mean of the same calendar month of other years where nothing usual is known; of none, of all months."""
    known = np.where(gone, np.nan, usual.usual)
    count = usual.months
    turn = np.arange(count) % _PULSE_YEARS
    with np.errstate(invalid="ignore"):
        whole = _mean(known)
        for month in range(min(_PULSE_YEARS, count)):
            same = turn == month
            mean = _mean(known[..., same])
            mean = np.where(np.isnan(mean), whole, mean)
            mean = np.where(np.isnan(mean), 0.0, mean)
            usual.usual[..., same] = np.where(gone[..., same], mean[..., None], usual.usual[..., same])


def _mean(figures: Array) -> Array:
    count = np.isfinite(figures).sum(axis=-1)
    total: Array = np.nansum(figures, axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
