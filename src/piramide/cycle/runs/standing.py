"""Where something stands in a run, and in all the periods: what is complete, and what is only partial.

One rule for whoever shows, counts or compares indices. An index that is not complete is shown as such (in brackets, by
a hollow mark, with the band that it will lie in) and is left out of counts, medians, extremes and moves, and of what
sentences make of these. Months and quarters are series of their own, and a series breaks where the plan changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from piramide.kernel.figure import Figure
from piramide.kernel.periods import parse_period
from piramide.kernel.rounding import side_of
from piramide.scoring.result import NOTHING, NodeScore, StructureScore

FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """The index of a structure or of a node in one run, on 100.

    `index` is `None` unless it is complete; `partial` is then the one of the measured part, between `low` and `high`.
    `coverage` is the share of weight that has a value.
    """

    index: Figure | None = None
    partial: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    coverage: Figure = NOTHING

    @property
    def is_partial(self) -> bool:
        """Whether something of it is measured and something is not."""
        return self.index is None and self.partial is not None

    @property
    def shown(self) -> Figure | None:
        """What a page prints, in brackets where it is partial."""
        return self.partial if self.index is None else self.index


def stands(scored: NodeScore | StructureScore) -> Standing:
    """Where a scored node or a whole structure stands."""
    index = scored.index
    partial = scored.index_measured if index is None and scored.coverage > 0 else None
    return Standing(index, partial, scored.index_low, scored.index_high, scored.coverage)


NOWHERE: Final = Standing()
"""What a run does not know."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of several stand where; `scored` are those that have a complete index."""

    reached: int
    below: int
    partial: int
    absent: int

    @property
    def scored(self) -> int:
        """Those with a complete index."""
        return self.reached + self.below


def reaches(index: Figure | None) -> bool:
    """Whether an index is 100 or more; pages print one below 100 so that it reads so."""
    return index is not None and side_of(index.exact, FULL) >= 0


def tally(standings: Iterable[Standing]) -> Tally:
    """Count where several stand."""
    every = tuple(standings)
    known = [one.index for one in every if one.index is not None]
    reached, partial = sum(map(reaches, known)), sum(one.is_partial for one in every)
    return Tally(reached, len(known) - reached, partial, len(every) - len(known) - partial)


def middle(standings: Iterable[Standing]) -> Figure | None:
    """The median of the complete indices: half of them are above it."""
    known = sorted(one.index for one in standings if one.index is not None)
    half = len(known) // 2
    if not known:
        return None
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2


def change(now: Standing, before: Standing) -> Figure | None:
    """The points from one index to another; `None` unless both are complete."""
    return None if now.index is None or before.index is None else now.index - before.index


class Cadence(StrEnum):
    """How often the periods of a series come."""

    QUARTER = "quarter"
    MONTH = "month"


def cadence(period: str) -> Cadence:
    """The series that a period belongs to: quarters are where a quarter ends, the final year among them.

    >>> cadence("2024-Q3"), cadence("2024-09"), cadence("2024"), cadence("2024-08")
    (<Cadence.QUARTER: 'quarter'>, <Cadence.QUARTER: 'quarter'>, <Cadence.QUARTER: 'quarter'>, <Cadence.MONTH: 'month'>)
    """
    moment = parse_period(period).moment
    return Cadence.QUARTER if moment.is_final or moment.checkpoint else Cadence.MONTH


@dataclass(frozen=True, slots=True)
class Spot:
    """A standing in one period: its last day, its name, the run and the plan that it was scored with."""

    day: date
    period: str
    run: str
    plan: str
    standing: Standing


@dataclass(frozen=True)
class Series:
    """Spots of one cadence, oldest first."""

    spots: tuple[Spot, ...]

    @cached_property
    def complete(self) -> tuple[Spot, ...]:
        """Those that extremes and sentences may speak of."""
        return tuple(spot for spot in self.spots if spot.standing.index is not None)

    @cached_property
    def comparable(self) -> tuple[Spot, ...]:
        """The complete ones since the plan last changed: what a sentence may join from first to last."""
        plan = self.complete[-1].plan if self.complete else ""
        earlier = [place for place, spot in enumerate(self.complete) if spot.plan != plan]
        return self.complete[earlier[-1] + 1 if earlier else 0 :]

    @property
    def partial(self) -> int:
        """How many are partial."""
        return sum(spot.standing.is_partial for spot in self.spots)

    def is_new_plan(self, place: int) -> bool:
        """Whether the plan of a spot is not that of the one before."""
        return place > 0 and self.spots[place].plan != self.spots[place - 1].plan

    def change(self, place: int) -> Figure | None:
        """Points from the spot before; `None` for the first, where either is not complete, where the plan changes."""
        if place == 0 or self.is_new_plan(place):
            return None
        return change(self.spots[place].standing, self.spots[place - 1].standing)

    def parts(self) -> tuple[tuple[int, ...], ...]:
        """Places of the complete spots that a line joins: it breaks at one that is not, and where the plan changes."""
        found: list[list[int]] = []
        is_open = False
        for place, spot in enumerate(self.spots):
            if spot.standing.index is None:
                is_open = False
                continue
            if not is_open or self.is_new_plan(place):
                found.append([])
            found[-1].append(place)
            is_open = True
        return tuple(map(tuple, found))

    def lowest(self) -> Spot:
        """The complete spot with the least index, the first of several; `ValueError` where none is complete."""
        return min(self.complete, key=_index)

    def highest(self) -> Spot:
        """The complete spot with the largest index."""
        return max(self.complete, key=_index)


def _index(spot: Spot) -> float:
    return spot.standing.index or 0.0


def series(spots: Sequence[Spot]) -> dict[Cadence, Series]:
    """Spots by their cadence, the order kept; a cadence without spots has no series."""
    found: dict[Cadence, list[Spot]] = {}
    for spot in spots:
        found.setdefault(cadence(spot.period), []).append(spot)
    return {kind: Series(tuple(found[kind])) for kind in Cadence if kind in found}
