"""A problem of work sharing as frozen values: who has how much work, how many hours, which targets, who knows what.

Points and capacities are whole thousandths, so that every sum is exact. Source: design of work sharing, equations of
need, free hours and capacity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
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

    worst_first: bool = False
    protected: frozenset[str] = frozenset()
    quality_below: frozenset[Cell] = frozenset()
    lot: int = 0
    """Fewest thousandths of a point of a family that an office gives, or takes; 0 for any."""
    change_at_most: int | None = None
    """Most thousandths of a point by which an office may lend more or less than last month, over its families."""
    last_month: Mapping[Cell, int] = field(default_factory=dict)
    at_most_families: int | None = None
    """Most families of others that an office works."""


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
    factors: Mapping[Cell, Fraction] = field(default_factory=dict)
    """Where an office is still learning a family: part of its points in an hour that it does of that family."""

    @property
    def has_choices(self) -> bool:
        """Whether a rule asks for more than flows: lots, a cap on change, few families, learning."""
        rules = self.rules
        is_capped = rules.change_at_most is not None or rules.at_most_families is not None
        return bool(rules.lot) or is_capped or bool(self.factors)

    def effort(self, office: str, family: str, points: int) -> int:
        """Thousandths of its capacity that an office takes for so many thousandths of a family, rounded up."""
        factor = self.factors.get((office, family))
        return points if factor is None else ceil(points / factor)

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

    def efforts(self) -> dict[str, int]:
        """Thousandths of capacity that the own targets of each office take: its needs, more where it is learning.

        What it knows best is worked first; what it does not know counts as if it did.
        """
        efforts = self.needs()
        learning = {office for office, _ in self.factors}
        for office in learning:
            efforts[office] = 0
        there: dict[Cell, list[tuple[Fraction, int]]] = {}
        for (office, family), points in self.workload.items():
            if office in learning:
                factor = self.factors.get((office, family), Fraction(1))
                there.setdefault((office, self.group_of[family]), []).append((factor, points))
        for (office, group), parts in there.items():
            ceiling = self.ceilings[office, group].points
            left = 0 if ceiling is None else max(0, sum(points for _, points in parts) - ceiling)
            for factor, points in sorted(parts, reverse=True):
                efforts[office] += ceil(min(left, points) / factor)
                left -= min(left, points)
        return efforts

    def free(self) -> dict[str, int]:
        """Thousandths of capacity that each office can lend: what its own targets leave, none when protected."""
        needs = self.efforts()
        return {
            name: 0 if name in self.rules.protected else max(0, office.capacity - needs[name])
            for name, office in self.offices.items()
        }
