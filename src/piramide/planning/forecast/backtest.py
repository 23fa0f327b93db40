"""The back-test: every candidate said of months that have come since, and the best of each level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from piramide.kernel.progress import Steps, silent
from piramide.planning.forecast import candidates
from piramide.planning.forecast.candidates import NAIVE, SMOOTHINGS, STRENGTHS
from piramide.planning.forecast.forecast import Array
from piramide.planning.forecast.levels import Level
from piramide.planning.forecast.shares import YEAR

BACK: Final = 18
"""Months back from which the back-test forecasts, where the history is long enough."""
Says = Callable[[str, Array, int, int], Array | None]
"""A heavy candidate: name, past [series, month], months ahead, number of the origin; None where it does not say."""


def no_heavy(_name: str, _past: Array, _ahead: int, _origin: int) -> Array | None:
    """Where no library of candidates is at hand."""
    return None


@dataclass(frozen=True)
class Choice:
    """How a level is forecast: the candidate, and how far its seasonal shares are drawn to those of its whole."""

    model: str
    strength: float


@dataclass(frozen=True)
class Whole:
    """What a level is drawn to: the same lines for the nation, or the area of a national line."""

    level: Level
    row_of: tuple[int, ...]
    column_of: tuple[int, ...]

    def at(self, figures: Array) -> Array:
        """Its figures [group, group, …] for each cell of the level."""
        return figures[np.ix_(self.row_of, self.column_of)]


@dataclass
class Backtest:
    """The months that came and where each level stands; `usual` is the history without what events did."""

    levels: Sequence[Level]
    usual: Array
    ahead: int
    heavy: Mapping[str, Sequence[str]] = field(default_factory=dict)
    says: Says = no_heavy

    def origins(self) -> tuple[int, ...]:
        """Months of history that each origin of the back-test knows."""
        count = self.usual.shape[-1]
        return tuple(range(max(YEAR, count - BACK), count))

    def choose(self, steps: Steps = silent) -> dict[str, Choice]:
        """The best candidate of every level by what it said from each origin, wholes before what is drawn to them."""
        chosen: dict[str, Choice] = {}
        order = list(reversed(self.levels))
        for at, level in enumerate(order):
            steps(at, len(order))
            chosen[level.name] = self._best(level, chosen)
        return chosen

    def _best(self, level: Level, chosen: Mapping[str, Choice]) -> Choice:
        origins = self.origins()
        if not origins:
            return Choice("level_by_shares", STRENGTHS[-1])
        strength = min(STRENGTHS, key=lambda each: self._miss(level, Choice("level_by_shares", each), chosen))
        names = [NAIVE, "level_by_shares", *(each.name for each in SMOOTHINGS)]
        if self.whole_of(level) is not None:
            names.append("shared_out")
        names += self.heavy.get(level.name, ())
        return min((Choice(name, strength) for name in names), key=lambda each: self._miss(level, each, chosen))

    def _miss(self, level: Level, choice: Choice, chosen: Mapping[str, Choice]) -> float:
        """Mean absolute error over origins, series and months ahead that have come."""
        came = level.total(self.usual)
        sizes = []
        for at, known in enumerate(self.origins()):
            said = self.said(level, known, {**chosen, level.name: choice}, at)
            come = came[..., known : known + self.ahead]
            sizes.append(np.abs(said[..., : come.shape[-1]] - come).ravel())
        return float(np.concatenate(sizes).mean())

    def whole_of(self, level: Level) -> Whole | None:
        """The level that this one is drawn to; none for the sum of everything."""
        top = self.levels[-1]
        if level.offices is not top.offices:
            whole = next(each for each in self.levels if each.offices is top.offices and each.lines is level.lines)
            return Whole(whole, (0,) * level.shape[0], tuple(range(level.shape[1])))
        if level.lines is top.lines:
            return None
        along = [each for each in self.levels if each.offices is top.offices]
        whole = along[along.index(level) + 1]
        column = dict(zip(level.lines.members, whole.lines.members, strict=True))
        return Whole(whole, (0,), tuple(column[at] for at in range(level.shape[1])))

    def said(self, level: Level, known: int, chosen: Mapping[str, Choice], origin: int) -> Array:
        """What the chosen candidate of a level says after `known` months, [group, group, month ahead]."""
        choice = chosen[level.name]
        past = level.total(self.usual[..., :known])
        whole = self.whole_of(level)
        pooled = candidates.pooled_shares(past)
        if whole is not None:
            pooled = whole.at(candidates.pooled_shares(whole.level.total(self.usual[..., :known])))
        if choice.model == NAIVE:
            return candidates.naive(past, self.ahead)
        shares = candidates.shares_of(past, pooled, choice.strength)
        how = next((each for each in SMOOTHINGS if each.name == choice.model), None)
        if how is not None:
            return candidates.smoothed(past, shares, self.ahead, how)
        if choice.model == "shared_out" and whole is not None:
            above = whole.level.total(self.usual[..., :known])
            plain = candidates.level_by_shares(above, candidates.pooled_shares(above), self.ahead)
            moved = self.said(whole.level, known, chosen, origin)
            return candidates.shared_out(past, shares, whole.at(moved), whole.at(plain))
        if choice.model in self.heavy.get(level.name, ()):
            said = self.says(choice.model, past.reshape(-1, known), self.ahead, origin)
            if said is not None:
                return said.reshape(*past.shape[:-1], self.ahead)
        return candidates.level_by_shares(past, shares, self.ahead)
