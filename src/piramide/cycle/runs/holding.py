"""Which run holds, of several of one period, and which one its figures are set against.

It is the one made last; a run that was asked for some structures alone takes the place of none that was made of all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from piramide.cycle.runs.standing import cadence


class MadeRun(Protocol):
    """What is asked of a run: the plan it was scored with, its period with the last day of it, when it was made."""

    @property
    def pack(self) -> str:
        """The id of the plan."""

    @property
    def period(self) -> str:
        """The period."""

    @property
    def ends_on(self) -> date:
        """The last day of the period."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""

    @property
    def is_partial(self) -> bool:
        """Whether it was asked for some structures alone."""


R = TypeVar("R", bound=MadeRun)


def newest_first(runs: Iterable[R]) -> list[R]:
    """Runs from the last period back; of one period the one that holds comes first, then those made before it."""
    return sorted(runs, key=lambda run: (run.ends_on, not run.is_partial, run.made_at), reverse=True)


def holding(runs: Iterable[R]) -> dict[tuple[str, str], R]:
    """The run that holds of each plan and period, the last period first."""
    found: dict[tuple[str, str], R] = {}
    for run in newest_first(runs):
        found.setdefault((run.pack, run.period), run)
    return found


def holding_by_day(runs: Iterable[R], plans: Collection[str]) -> dict[date, R]:
    """The run that holds of each last day of a period, of the plans of one line, the first day first."""
    found: dict[date, R] = {}
    for run in newest_first(runs):
        if run.pack in plans:
            found.setdefault(run.ends_on, run)
    return {day: found[day] for day in sorted(found)}


def later_than(run: MadeRun, others: Iterable[R]) -> R | None:
    """The run that took the place of another: of its plan and period, made after it, the last."""
    found = holding(others).get((run.pack, run.period))
    return found if found is not None and found.made_at > run.made_at else None


def run_before(run: MadeRun, others: Iterable[R]) -> R | None:
    """The run of the period before, among those that are given; `None` for the first.

    Of a quarter it is the quarter before, of a month the month before: the figures that people give come in by
    quarters, and a month lacks them.
    """
    kind = cadence(run.period)
    earlier = (one for one in newest_first(others) if one.ends_on < run.ends_on and cadence(one.period) is kind)
    return next(earlier, None)
