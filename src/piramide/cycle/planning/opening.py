"""What a plan starts from: plan of the administration, state of the work, people and hours, targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.periods import Moment
from piramide.kernel.progress import Progress
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.pinned import last_loads
from piramide.measurement.work_by_line import work_by_line
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.model import Pack
from piramide.methodology.pending_days import pending_days
from piramide.planning.calendar import MONTHS, is_month, month_at, place_of
from piramide.planning.state import Office, StateSource, WorkState, state_of
from piramide.planning.targets import Families, Targets, families_of, targets_of

_LEAST_RESOLVED: Final = 0.2
"""Part of a month's receipts that has to be resolved in it for the month to count as whole."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan that holds, the store, and the work that its offices have, up to a month."""

    pack: Pack
    store: Path
    known_on: str
    state: WorkState

    @property
    def names(self) -> tuple[str, ...]:
        """The offices of the ladder, in its order."""
        return tuple(office.id for office in self.state.offices)

    def families(self) -> Families:
        """The families and groups of the lines of the state."""
        planning = self.pack.planning
        return families_of(self.state.lines, planning.family_of(), planning.group_of())

    def targets(self, families: Families) -> Targets:
        """Days and clearance that the plan asks of each office and group. Refuses days that are no number."""
        groups = self.pack.planning.groups
        days = {name: pending_days(self.pack, name) for name in groups}
        return targets_of(self.names, families.groups, days, {name: group.clearance for name, group in groups.items()})

    def areas(self) -> tuple[str, ...]:
        """The group of each line, as its area."""
        families = self.families()
        return tuple(families.groups[at] for at in families.group_of_line.tolist())


@dataclass(frozen=True, slots=True)
class Source:
    """What a plan is made from: plan of the administration, where packs lie, store, day whose knowledge counts."""

    pack: str
    folders: Sequence[Path]
    store: Path
    known_on: str = ""
    demonstration: bool = False


def open_state(source: Source, until: str, progress: Progress, *, is_exact: bool = True) -> Opened:
    """Open a plan and read the work of its offices up to the end of a month.

    The method is that of the last day of that month, or of the plan where the month lies beyond it. With `is_exact`
    the facts must reach that month; else they may end before it.

    Refuses: PN020 a plan without a ladder, PN021 facts that end before, CY010 no day, ME013 no work at all.
    """
    store, known_on = source.store, source.known_on
    Store(store).check()
    pack = open_pack(source.pack, source.folders, demonstration=source.demonstration)
    if not pack.planning.ladder:
        raise refuse("PN020", Place("ladder.csv"), pack.id)
    place = place_of(until)
    moment = Moment(place // MONTHS, place % MONTHS + 1)
    pack = in_force(pack, min(max(moment.day, pack.since), last_day(pack)))
    day = day_known(known_on)
    ledger = Ledger(store)
    work = work_by_line(ledger, moment, day, progress)
    last = _last_month(work.figures, work.months)
    if not last or (is_exact and place_of(last) < place):
        raise refuse("PN021", Place("--month"), until, last=last or "–")
    offices = [Office(rung.office, rung.province, rung.region) for rung in pack.planning.ladder.values()]
    state = state_of(work, offices, StateSource(pack.id, known_on, last_loads(ledger, day)))
    return Opened(pack, store, known_on, state.since(_first_whole(state)).up_to(min(last, until)))


def day_known(text: str) -> date | None:
    """The day whose knowledge counts; none for today's. Refuses CY010."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refuse("CY010", Place("--known-on"), given=text) from error


def month_before(month: str) -> str:
    """The month before."""
    return month_at(place_of(month) - 1)


def checked_month(text: str, option: str) -> str:
    """A month as `2025-01`. Refuses PN022."""
    if not is_month(text):
        raise refuse("PN022", Place(option), text)
    return text


def _first_whole(state: WorkState) -> str:
    """The first month that is whole: before a ledger begins it knows of receipts only what was still open then."""
    received, resolved = (each.sum(axis=(0, 1)) for each in (state.received, state.resolved))
    whole = np.flatnonzero(resolved >= _LEAST_RESOLVED * np.maximum(received, 1.0))
    return state.months[int(whole[0])] if whole.size else state.months[0]


def _last_month(figures: Mapping[str, object], months: Sequence[str]) -> str:
    """The last month in which anything was received or resolved."""
    seen = np.zeros(len(months), bool)
    for name in ("received", "resolved"):
        seen |= np.asarray(figures[name]).any(axis=(0, 1))
    return months[int(np.flatnonzero(seen)[-1])] if seen.any() else ""
