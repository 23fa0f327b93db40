"""A problem of work sharing as frozen values: who has how much work, how many hours, which targets, who knows what.

Points and capacities are whole thousandths, so that every sum is exact. Source: design of work sharing, equations of
need, free hours and capacity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.planning.calendar import DAYS_OF_YEAR

THOUSAND: Final = 1000

Cell = tuple[str, str]
"""Office and family, or office and group."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where an office stands on the ladder, its hours of the month and the points it does in an hour."""

    id: str
    province: str
    region: str
    hours: Fraction
    points_per_hour: Fraction

    @property
    def capacity(self) -> int:
        """Thousandths of a point that its hours do, rounded down."""
        return int(THOUSAND * self.hours * self.points_per_hour)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much of a group may stay at an office: thousandths of a point, none without a target; pieces a year."""

    points: int | None
    received_12_months: Fraction

    def days(self, points: int) -> Fraction | None:
        """Days that thousandths of a point are of what comes in a year; none where nothing is known to come."""
        if not self.received_12_months:
            return None
        return Fraction(DAYS_OF_YEAR * points, THOUSAND) / self.received_12_months

    def points_of(self, days: Fraction) -> int | None:
        """Most thousandths of a point that are no more than so many days."""
        return int(days * THOUSAND * self.received_12_months / DAYS_OF_YEAR) if self.received_12_months else None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the plan holds beside hours, targets and competence."""

    worst_first: bool
    protected: frozenset[str]
    quality_below: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class Problem:
    """One month of work to share; `workload` in thousandths of a point, `exceptions` turn `competent` round."""

    month: str
    offices: Mapping[str, Office]
    group_of: Mapping[str, str]
    workload: Mapping[Cell, int]
    received: Mapping[str, int]
    ceilings: Mapping[Cell, Ceiling]
    competent: bool
    exceptions: frozenset[Cell]
    rules: Rules

    def can(self, office: str, family: str) -> bool:
        """Whether an office knows a family."""
        return self.competent != ((office, family) in self.exceptions)

    def may_take(self, office: str, family: str) -> bool:
        """Whether an office may work a family of others: it knows it, and its quality there is not below its budget."""
        return self.can(office, family) and (office, family) not in self.rules.quality_below

    def needs(self) -> dict[str, int]:
        """Thousandths of a point that each office must see done to meet its own targets."""
        there = defaultdict[Cell, int](int)
        for (office, family), points in self.workload.items():
            there[office, self.group_of[family]] += points
        needs = dict.fromkeys(self.offices, 0)
        for (office, group), points in there.items():
            ceiling = self.ceilings[office, group].points
            needs[office] += max(0, points - ceiling) if ceiling is not None else 0
        return needs

    def free(self) -> dict[str, int]:
        """Thousandths of a point that each office can lend: what is left after its own targets, none when protected."""
        needs = self.needs()
        return {
            name: 0 if name in self.rules.protected else max(0, office.capacity - needs[name])
            for name, office in self.offices.items()
        }
