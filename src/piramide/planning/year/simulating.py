"""A year under a policy: receipts, hours and central help as they were, help between offices as the policy decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.progress import Steps
from piramide.planning.calendar import DAYS_OF_YEAR
from piramide.planning.state import Office
from piramide.planning.targets import Families
from piramide.planning.year.month import Happening, Lent, Worked, over_of, worked
from piramide.planning.year.policies import Decide

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

RUNGS = ("province", "region", "outside")


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What happened, in points: opening [office, family], receipts [office, family, month], capacity [office, month].

    `ceilings` and `received_12_months` are [office, group, month], `central` [office, month], `can` [office, family].
    """

    offices: tuple[Office, ...]
    families: Families
    months: tuple[str, ...]
    opening: Floats
    received: Floats
    capacity: Floats
    ceilings: Floats
    received_12_months: Floats
    central: Floats
    can: Truth


@dataclass(frozen=True, slots=True)
class MonthSimulated:
    """One month: what was done, and points above the ceilings [office, group]."""

    month: str
    opening: Floats
    received: Floats
    done: Worked
    over: Floats
    days_over: Floats


@dataclass(frozen=True, slots=True)
class YearSimulated:
    """A year under a policy."""

    policy: str
    months: tuple[MonthSimulated, ...]


def simulate_year(facts: YearFacts, policy: str, decide: Decide, told: Steps) -> YearSimulated:
    """Let a year happen under a policy; `told` hears how many months are done."""
    waiting = facts.opening
    found = []
    for at, month in enumerate(facts.months):
        moves = [
            move for move in decide(at, waiting) if move.owner != move.worker and facts.can[move.worker, move.family]
        ]
        there = waiting + facts.received[..., at]
        what = Happening(there, facts.capacity[:, at], facts.ceilings[..., at], facts.central[:, at], facts.can)
        done = worked(what, facts.families, moves)
        over = over_of(done.left, facts.families, facts.ceilings[..., at])
        a_year = facts.received_12_months[..., at]
        days = np.divide(DAYS_OF_YEAR * over, a_year, out=np.zeros_like(over), where=a_year > 0)
        found.append(MonthSimulated(month, waiting, facts.received[..., at], done, over, days))
        waiting = done.left
        told(at + 1, len(facts.months))
    return YearSimulated(policy, tuple(found))


def year_json(facts: YearFacts, year: YearSimulated) -> dict[str, Any]:
    """What is told of a policy: every month, the office-months above, and what is above at the end."""
    months: list[dict[str, Any]] = []
    for one in year.months:
        over = one.over.sum(axis=1)
        months.append(
            {
                "month": one.month,
                "over": float(over.sum()),
                "offices_over": int((over > _LEAST).sum()),
                "worst_days": float(one.days_over.max(initial=0.0)),
                "moved": _moved(facts.offices, one.done.moves),
                "lent_and_over": float(np.minimum(over, one.done.lent).sum()),
            }
        )
    return {
        "policy": year.policy,
        "months": months,
        "office_months_over": sum(month["offices_over"] for month in months),
        "over_at_end": months[-1]["over"],
        "worst_days": max(month["worst_days"] for month in months),
        "lent_and_over_office_months": int(
            sum(((one.over.sum(axis=1) > _LEAST) & (one.done.lent > _LEAST)).sum() for one in year.months)
        ),
    }


_LEAST = 0.0005
"""Points below which nothing is above a ceiling."""


def _moved(offices: Sequence[Office], moves: Sequence[Lent]) -> dict[str, float]:
    moved = dict.fromkeys(RUNGS, 0.0)
    for move in moves:
        owner, worker = offices[move.owner], offices[move.worker]
        same_region = "region" if owner.region == worker.region else "outside"
        moved["province" if owner.province == worker.province else same_region] += move.points
    return moved


CELL_COLUMNS = ("policy", "month", "structure", "line", "opening", "received", "home", "central", "helped", "pending")


def cell_rows(facts: YearFacts, year: YearSimulated) -> list[tuple[Any, ...]]:
    """The state of every cell in which there is anything, in the order of `CELL_COLUMNS`; a line is a family."""
    rows: list[tuple[Any, ...]] = []
    for one in year.months:
        figures = (one.opening, one.received, one.done.home, one.done.central, one.done.helped, one.done.left)
        there = np.any([each > 0 for each in figures], axis=0)
        for office, family in np.argwhere(there).tolist():
            cell = [round(float(each[office, family]), 6) for each in figures]
            rows.append((year.policy, one.month, facts.offices[office].id, facts.families.families[family], *cell))
    return rows
