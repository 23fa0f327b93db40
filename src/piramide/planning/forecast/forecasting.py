"""From history to forecast: candidates tried, the best chosen, levels reconciled, intervals from past errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from piramide.kernel.progress import Progress, silent
from piramide.planning.forecast import candidates
from piramide.planning.forecast.backtest import Backtest, Choice, Says, no_heavy
from piramide.planning.forecast.events import Usual
from piramide.planning.forecast.forecast import Array
from piramide.planning.forecast.levels import Hierarchy, Level
from piramide.planning.forecast.past import PastOfLevel, root, spread_of, weights_of
from piramide.planning.forecast.reconciling import reconciled

_MOST_UNCOUNTED: Final = 0.05
"""Part of what came above which a month of a level teaches no errors, where an event made that part."""
_GUESS: Final = 1.2816
"""Half-width over the root where no back-test is possible: four in five of pieces that come by chance."""
_WITHOUT_PAST: Final = 0.25
"""Part of what is said that is added to it then: nobody knows how far a level of a few months holds."""


@dataclass(frozen=True)
class Heavy:
    """Candidates of a library: their names by level, and what they say."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    says: Says = no_heavy


@dataclass(frozen=True)
class LevelForecast:
    """Months ahead of a level, [group, group, month], with the interval that holds four times in five."""

    level: Level
    model: str
    mean: Array
    low_80: Array
    high_80: Array


@dataclass(frozen=True)
class Settled:
    """What a back-test settled, for forecasts of the months after: the candidate and the spread of every level."""

    chosen: Mapping[str, Choice]
    spread: Mapping[str, float]


@dataclass(frozen=True)
class Outcome:
    """A forecast of every level, the most detailed first, and what the back-test saw: nothing without origins."""

    levels: tuple[LevelForecast, ...]
    past: tuple[PastOfLevel, ...]
    origins: tuple[int, ...]
    settled: Settled

    @property
    def bottom(self) -> LevelForecast:
        """Office by line."""
        return self.levels[0]


def ahead_of(
    usual: Usual, hierarchy: Hierarchy, ahead: int, heavy: Heavy | None = None, progress: Progress = silent
) -> Outcome:
    """Forecast every level for as many months ahead as asked."""
    levels, heavy = hierarchy.levels(), heavy or Heavy()
    backtest = Backtest(levels, usual.usual, ahead, heavy.names, heavy.says)
    chosen = backtest.choose(lambda done, total: progress("", done, total + 1))
    origins = backtest.origins()
    base = _base(backtest, chosen, (*origins, usual.months))
    last = {name: figures[-1] for name, figures in base.items()}
    past: tuple[PastOfLevel, ...] = ()
    spread = {level.name: 1.0 for level in levels}
    if origins:
        before = {name: figures[:-1] for name, figures in base.items()}
        come = {level.name: _after(level.total(usual.usual), origins, ahead) for level in levels}
        spread = spread_of(levels, come, before)
        past = _past(levels, usual, origins, reconciled(levels, before, weights_of(before, spread)))
    cells = usual.as_it_comes(reconciled(levels, last, weights_of(last, spread)), usual.months)
    progress("", len(levels) + 1, len(levels) + 1)
    rows = tuple(_of_level(level, cells, past, chosen) for level in levels)
    return Outcome(rows, past, origins, Settled(chosen, spread))


def once_more(usual: Usual, hierarchy: Hierarchy, ahead: int, settled: Settled) -> Array:
    """Forecast the cells [office, line, month] again with later months, as an earlier back-test settled."""
    levels = hierarchy.levels()
    base = _base(Backtest(levels, usual.usual, ahead), settled.chosen, (usual.months,))
    last = {name: figures[-1] for name, figures in base.items()}
    return usual.as_it_comes(reconciled(levels, last, weights_of(last, settled.spread)), usual.months)


def _base(backtest: Backtest, chosen: Mapping[str, Choice], origins: Sequence[int]) -> dict[str, Array]:
    """What each level says from each origin, [origin, group, group, month ahead]."""
    return {
        level.name: np.stack([backtest.said(level, known, chosen, at) for at, known in enumerate(origins)])
        for level in backtest.levels
    }


def _past(levels: Sequence[Level], usual: Usual, origins: tuple[int, ...], cells: Array) -> tuple[PastOfLevel, ...]:
    """What each level said of months that have come since, events put back in, beside what came."""
    said = np.stack([usual.as_it_comes(cells[at], known) for at, known in enumerate(origins)])
    ahead = cells.shape[-1]
    counted = np.stack([_counted(usual, known, ahead) for known in origins])
    past = []
    for level in levels:
        total = level.total(usual.came)
        naive = np.stack([candidates.naive(total[..., :known], ahead) for known in origins])
        came = _after(total, origins, ahead)
        kept = level.total(np.where(counted, _after(usual.came, origins, ahead), 0.0))
        with np.errstate(invalid="ignore"):
            came = np.where(came - kept > _MOST_UNCOUNTED * came, np.nan, came)
        past.append(PastOfLevel(level, came, level.total(said), naive))
    return tuple(past)


def _counted(usual: Usual, known: int, ahead: int) -> np.ndarray:
    """Cells of the months after an origin that teach errors; after the last month all do."""
    counted = np.ones((*usual.came.shape[:2], ahead), bool)
    come = usual.counts[..., known : known + ahead]
    counted[..., : come.shape[-1]] = come
    changed = (known < usual.since)[..., None] & (usual.since[..., None] <= known + np.arange(ahead))
    return counted & ~changed


def _after(figures: Array, origins: Sequence[int], ahead: int) -> Array:
    """Figures of the months after each origin, NaN after the last."""
    after = np.full((len(origins), *figures.shape[:-1], ahead), np.nan)
    for at, known in enumerate(origins):
        come = figures[..., known : known + ahead]
        after[at, ..., : come.shape[-1]] = come
    return after


def _of_level(level: Level, cells: Array, past: Sequence[PastOfLevel], chosen: Mapping[str, Choice]) -> LevelForecast:
    mean = level.total(cells)
    seen = next((one for one in past if one.level is level), None)
    half = _GUESS * root(mean) + _WITHOUT_PAST * mean if seen is None else seen.half_widths() * root(mean)
    return LevelForecast(level, chosen[level.name].model, mean, np.maximum(mean - half, 0.0), mean + half)
