"""What somebody might do to entries so that an office looks better, one function for each alarm.

Each takes the honest entries and says for which office, in which month and how strongly (`size`, a share) they are
dressed up, and gives new entries: nothing else of the world changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from bench.invented_work import (
    RECEIVED,
    REOPENED,
    RESOLVED,
    TRANSFERRED,
    Array,
    Columns,
    Invented,
    first_day,
    month_of,
    workday,
)


@dataclass(frozen=True, slots=True)
class Target:
    """The office, the month (since 1970) and how strongly."""

    world: Invented
    entries: Columns
    office: int
    month: int
    size: float
    draw: np.random.Generator

    @property
    def first(self) -> int:
        """First day of the month."""
        return int(first_day(self.month))

    @property
    def end(self) -> int:
        """First day after the month."""
        return int(first_day(self.month + 1))

    def rows(self, kind: int, first: int, end: int) -> Array:
        """Rows of the office of one kind with a day in [first, end)."""
        e = self.entries
        return np.flatnonzero((e["work"] == self.office) & (e["kind"] == kind) & (e["day"] >= first) & (e["day"] < end))

    def some(self, rows: Array) -> Array:
        """As large a part of the rows as the size says."""
        return rows[self.draw.random(len(rows)) < self.size]


def burst(t: Target) -> Columns:
    """Closures of the next three weeks are brought into the last days of the month."""
    rows = t.some(t.rows(RESOLVED, t.end, t.end + 21))
    return _moved(t, rows, workday(t.draw.integers(t.end - 5, t.end, len(rows))) - 2)


def easy_products(t: Target) -> Columns:
    """Cases of slow products wait a month more; as many of quick products are resolved instead."""
    resolved = t.rows(RESOLVED, t.first, t.end)
    quick = t.world.standard_hours[t.entries["product"]] < np.median(t.world.standard_hours)
    late = t.some(resolved[~quick[resolved]])
    later = t.rows(RESOLVED, t.end, t.end + 90)
    early = later[quick[later] & (t.entries["received_on"][later] < t.end - 1)][: len(late)]
    return _swapped(t, late, early)


def young_cases(t: Target) -> Columns:
    """Old cases wait a month more; as many received in the month are resolved instead."""
    resolved = t.rows(RESOLVED, t.first, t.end)
    received = t.entries["received_on"]
    late = t.some(resolved[received[resolved] < t.first])
    later = t.rows(RESOLVED, t.end, t.end + 90)
    early = later[(received[later] >= t.first) & (received[later] < t.end - 1)][: len(late)]
    return _swapped(t, late, early)


def reopened(t: Target) -> Columns:
    """Cases are closed too early and reopened some days later."""
    rows = t.some(t.rows(RESOLVED, t.first, t.end))
    day = np.minimum(t.entries["day"][rows] + 2, t.end - 1)
    return _added(_added(t.entries, rows, REOPENED, day), rows, RESOLVED, workday(day + 20))


def receipts_changed(t: Target) -> Columns:
    """The waiting of resolved cases is counted from a later day."""
    rows = t.some(t.rows(RESOLVED, t.first, t.end))
    received = t.entries["received_on"].copy()
    received[rows] = np.minimum(received[rows] + 12, t.entries["day"][rows])
    return _edited(t.entries, received_on=received)


def receipts_held_back(t: Target) -> Columns:
    """Receipts of the last days are entered in the first days of the next month."""
    rows = t.some(t.rows(RECEIVED, t.end - 5, t.end))
    held = np.isin(t.entries["case_key"], t.entries["case_key"][rows])
    day, received = t.entries["day"].copy(), t.entries["received_on"].copy()
    received[held] += 5
    day[held] = np.maximum(day[held], received[held])
    day[rows] = received[rows]
    return _edited(t.entries, day=day, received_on=received)


def to_and_fro(t: Target) -> Columns:
    """Cases received are sent away and come back within the month."""
    rows = t.some(t.rows(RECEIVED, t.first, t.end - 6))
    there = _added(t.entries, rows, TRANSFERRED, t.entries["day"][rows] + 2)
    return _added(there, rows, TRANSFERRED, t.entries["day"][rows] + 5)


def back_dated(t: Target) -> Columns:
    """Cases resolved up to a fortnight late are dated just inside the standard time."""
    standard = t.world.standard_days[t.entries["product"]]
    resolved = t.rows(RESOLVED, t.first, t.end + 10)
    late = (t.entries["days_waited"] - standard)[resolved]
    rows = t.some(resolved[(late > 0) & (late <= 14)])
    return _moved(t, rows, t.entries["received_on"][rows] + standard[rows] - t.draw.integers(0, 3, len(rows)))


def standstill(t: Target) -> Columns:
    """A part of what was resolved since three months before is left for later."""
    rows = t.some(t.rows(RESOLVED, int(first_day(t.month - 2)), t.end))
    return _moved(t, rows, t.entries["day"][rows] + 120)


def copied(t: Target) -> Columns:
    """For some products last month's number of resolved cases is stated again."""
    before, now = t.rows(RESOLVED, int(first_day(t.month - 1)), t.first), t.rows(RESOLVED, t.first, t.end)
    entries, product, dropped = t.entries, t.entries["product"], []
    for one in t.some(np.unique(product[now])):
        rows, wanted = now[product[now] == one], int((product[before] == one).sum())
        if wanted > len(rows):
            twice = t.draw.choice(rows, wanted - len(rows))
            entries = _added(entries, twice, RESOLVED, t.entries["day"][twice])
        dropped.append(rows[wanted:])
    kept = np.ones(len(entries["kind"]), dtype=bool)
    kept[np.concatenate([*dropped, np.empty(0, dtype=np.int64)])] = False
    return {name: values[kept] for name, values in entries.items()}


def hours_from_the_catalogue(t: Target) -> Columns:
    """Hours nobody measured are filled in with the standard hours."""
    rows = t.some(t.rows(RESOLVED, t.first, t.end))
    hours = t.entries["hours_100"].copy()
    hours[rows] = np.round(t.entries["points_1000"][rows] / 10)
    return _edited(t.entries, hours_100=hours)


def output_at_the_cost_of_reopening(t: Target) -> Columns:
    """Cases of the next months are closed unfinished, and a third of them is reopened within the month."""
    later = t.rows(RESOLVED, t.end, t.end + 60)
    rows = t.some(later[t.entries["received_on"][later] < t.first + 14])
    closed = _moved(t, rows, t.draw.integers(t.first + 14, t.end - 4, len(rows)))
    failed = rows[::3]
    return _added(
        _added(closed, failed, REOPENED, closed["day"][failed] + 3), failed, RESOLVED, closed["day"][failed] + 30
    )


DRESSINGS: Final[dict[str, Callable[[Target], Columns]]] = {
    "AL001": burst,
    "AL002": easy_products,
    "AL003": young_cases,
    "AL004": reopened,
    "AL005": receipts_changed,
    "AL006": receipts_held_back,
    "AL007": to_and_fro,
    "AL008": back_dated,
    "AL009": standstill,
    "AL010": copied,
    "AL011": hours_from_the_catalogue,
    "AL012": output_at_the_cost_of_reopening,
}


def dress_up(world: Invented, code: str, offices: list[int], month: int, size: float, seed: int = 0) -> Columns:
    """Entries in which some offices are dressed up in one month (since 1970) as the alarm `code` looks for."""
    entries = world.entries
    draw = np.random.default_rng(seed)
    for office in offices:
        entries = DRESSINGS[code](Target(world, entries, office, month, size, draw))
    return entries


def _edited(entries: Columns, **changed: Array) -> Columns:
    """Entries with some columns changed, those derived from the days computed anew."""
    e = entries | changed
    return e | {
        "month": (month_of(e["day"]) + 1970 * 12).astype(np.int32),
        "days_waited": (e["day"] - e["received_on"]).astype(np.int32),
    }


def _moved(t: Target, rows: Array, day: Array) -> Columns:
    """Rows on another day, never before their receipt."""
    days = t.entries["day"].copy()
    days[rows] = np.maximum(day, t.entries["received_on"][rows])
    return _edited(t.entries, day=days)


def _swapped(t: Target, late: Array, early: Array) -> Columns:
    """Some closures a month later, others inside the month."""
    days = t.entries["day"].copy()
    days[late] += 31
    earliest = np.maximum(t.entries["received_on"][early], t.first)
    days[early] = earliest + ((t.end - earliest) * t.draw.random(len(early))).astype(np.int64)
    return _edited(t.entries, day=days)


def _added(entries: Columns, rows: Array, kind: int, day: Array) -> Columns:
    """Entries with a copy of some rows as another kind on another day, inside what the ledger holds."""
    horizon = int(first_day(int(month_of(entries["day"].max())) + 1))
    inside = day < horizon
    copies = {name: values[rows[inside]].copy() for name, values in entries.items()}
    copies["kind"][:] = kind
    copies["day"] = day[inside]
    if kind != RESOLVED:
        copies |= {name: np.zeros_like(copies[name]) for name in ("hours_100", "points_1000", "outcome")}
    return _edited({name: np.concatenate([entries[name], copies[name]]) for name in entries})
