"""People and hours ahead, and who can work what, as the datasets of planning say for the offices of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.opening import Opened, day_known
from piramide.kernel.findings import Place, refuse
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.standing_rows import standing_rows
from piramide.planning.calendar import ITEMS, MONTHS, WorkingTime, month_at, place_of
from piramide.planning.staff import (
    Change,
    HoursAtHand,
    Productivity,
    StaffChange,
    counted_fte,
    hours_at_hand,
    productivity_of,
)
from piramide.planning.targets import Families

STAFF: Final = "staff"
STAFF_PLAN: Final = "staff_plan"
WORKING_HOURS: Final = "working_hours"
COMPETENCES: Final = "competences"
AT_WORK: Final = frozenset({"production", "inspection"})
"""Activities whose people work cases."""
_CERTAIN: Final = "certain"
_MOST_ROUNDING: Final = 0.005

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PeopleAhead:
    """Hours [office, month] and productivity [office] of the months ahead, and hours of overtime at most."""

    months: tuple[str, ...]
    hours: HoursAtHand
    productivity: Productivity
    overtime_most: NDArray[np.float64]
    hours_a_head: NDArray[np.float64]

    @property
    def capacity(self) -> NDArray[np.float64]:
        """Points that each office can do, [office, month]."""
        capacity: NDArray[np.float64] = self.hours.hours * self.productivity.points_per_hour[:, None]
        return capacity


def people_ahead(opened: Opened, months: Sequence[str], *, only_certain: bool = False) -> PeopleAhead:
    """Hours of each office in consecutive months after the state: of staff plan and calendar, else those of history.

    Refuses PN046 more people that leave than there are, PN047 a presence above 1.
    """
    ledger, day = Ledger(opened.store), day_known(opened.known_on)
    places = {name: at for at, name in enumerate(opened.names)}
    calendar = _of(places, standing_rows(ledger, WORKING_HOURS, day))
    time, overtime = _time(calendar, places, months)
    base, last = _base(_of(places, standing_rows(ledger, STAFF, day)), places, opened.state.months[-1])
    after = place_of(months[0]) - place_of(opened.state.months[-1]) - 1
    fte = None
    if base is not None:
        plan = [row for row in _of(places, standing_rows(ledger, STAFF_PLAN, day)) if row["activity"] in AT_WORK]
        coming = [row for row in plan if row["month"] > last]
        _check_leavers(coming, base, places)
        changes = [_change(row, places, months[0]) for row in coming]
        learning = [float(part) for part in opened.pack.planning.learning]
        fte = counted_fte(base, changes, len(months), learning, only_certain=only_certain)
    hours = hours_at_hand(opened.state, len(months) + after, *_wider(fte, time, after))
    cut = HoursAtHand(hours.hours[:, after:], hours.is_history[:, after:])
    a_head = _hours_a_head(cut.hours, fte, time)
    return PeopleAhead(tuple(months), cut, productivity_of(opened.state), overtime, a_head)


def _hours_a_head(
    hours: NDArray[np.float64], fte: NDArray[np.float64] | None, time: WorkingTime
) -> NDArray[np.float64]:
    """Hours of one full-time equivalent, [office, month]: of the calendar, else of all people, else nothing."""
    of_calendar = time.working_days * time.day_hours * time.presence
    people = 0.0 if fte is None else float(np.nansum(fte))
    common = float(hours.sum()) / people if people else 0.0
    return np.where(np.isnan(of_calendar), common, of_calendar)


def competence_of(opened: Opened, families: Families, month: str) -> NDArray[np.bool_]:
    """Which offices know which families in a month, [office, family]: the plan's rule, and what is told beside it.

    An office knows a family that it knows a line of; whoever is learning a line knows it.
    """
    known = np.full((len(opened.names), len(families.families)), opened.pack.planning.is_competent)
    places = {name: at for at, name in enumerate(opened.names)}
    lines = {line: at for at, line in enumerate(opened.state.lines)}
    by_line = np.repeat(known[:, :1], len(lines), axis=1)
    rows = standing_rows(Ledger(opened.store), COMPETENCES, day_known(opened.known_on))
    for row in sorted(_of(places, rows), key=lambda each: each["valid_from"]):
        if f"{row['valid_from']:%Y-%m}" <= month and row["line"] in lines:
            by_line[places[row["structure"]], lines[row["line"]]] = row["level"] != "none"
    for family in range(len(families.families)):
        known[:, family] = by_line[:, families.of_line == family].any(axis=1)
    return known


def _of(places: Mapping[str, int], rows: Iterable[Mapping[str, Any]]) -> Rows:
    return [row for row in rows if row["structure"] in places]


def _time(calendar: Rows, places: Mapping[str, int], months: Sequence[str]) -> tuple[WorkingTime, NDArray[np.float64]]:
    """The calendar of the months; a presence that nobody said is that of the year before."""
    found = {item: np.full((len(places), len(months)), np.nan) for item in ITEMS}
    at = {month: place for place, month in enumerate(months)}
    earlier = {month_at(place_of(month) - MONTHS): place for month, place in at.items()}
    before = np.full((len(places), len(months)), np.nan)
    for row in calendar:
        office, value = places[row["structure"]], float(row["value"])
        if row["item"] == "presence" and value > 1:
            raise refuse("PN047", Place(WORKING_HOURS), row["structure"], month=row["month"], value=f"{value:g}")
        if row["month"] in at:
            found[row["item"]][office, at[row["month"]]] = value
        if row["item"] == "presence" and row["month"] in earlier:
            before[office, earlier[row["month"]]] = value
    overtime = found.pop("overtime_most")
    found["presence"] = np.where(np.isnan(found["presence"]), before, found["presence"])
    return WorkingTime(**found), np.nan_to_num(overtime)


def _base(staff: Rows, places: Mapping[str, int], until: str) -> tuple[NDArray[np.float64] | None, str]:
    """People at work on cases in the last month known, and which that is; nothing where no staff is loaded."""
    known = [row for row in staff if row["activity"] in AT_WORK and row["month"] <= until]
    if not known:
        return None, ""
    last = max(row["month"] for row in known)
    base = np.zeros(len(places))
    for row in known:
        if row["month"] == last:
            base[places[row["structure"]]] += float(row["fte"])
    return base, last


def _change(row: Mapping[str, Any], places: Mapping[str, int], first: str) -> StaffChange:
    month = place_of(row["month"]) - place_of(first)
    is_certain = row["certainty"] == _CERTAIN
    return StaffChange(places[row["structure"]], month, Change(row["change"]), float(row["fte"]), is_certain)


def _check_leavers(plan: Rows, base: NDArray[np.float64], places: Mapping[str, int]) -> None:
    there = base.copy()
    for row in sorted(plan, key=lambda each: (each["month"], each["change"] != Change.JOINS)):
        office = places[row["structure"]]
        there[office] += float(row["fte"]) * (1 if row["change"] == Change.JOINS else -1)
        if there[office] < -_MOST_ROUNDING:
            fields = {"month": row["month"], "fte": f"{float(row['fte']):g}", "there": f"{base[office]:g}"}
            raise refuse("PN046", Place(STAFF_PLAN), row["structure"], **fields)


def _wider(
    fte: NDArray[np.float64] | None, time: WorkingTime, before: int
) -> tuple[NDArray[np.float64] | None, WorkingTime]:
    """The same with months in front of which nothing is said."""
    if not before or fte is None:
        return fte, time
    gap = np.full((len(fte), before), np.nan)
    wide = {name: np.concatenate([gap, getattr(time, name)], axis=1) for name in WorkingTime.__slots__}
    return np.concatenate([gap, fte], axis=1), WorkingTime(**wide)
