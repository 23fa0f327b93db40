"""The runs that the site knows, in the order in which pages ask for them: read again when one came or was published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import connection

from piramide.cycle.runs.holding import holding_by_day, newest_first
from piramide.web.results.models import RunRecord

Stamp = tuple[object, ...]
_STAMP: Final = "SELECT count(*), count(published_at), max(made_at), max(published_at) FROM results_runrecord"
"""What moves when a run is registered or published: nothing else that pages tell of a run ever changes."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """The runs of a line of plans that hold, one for each last day of a period, the first day first."""

    by_day: dict[date, RunRecord]
    records: tuple[RunRecord, ...]
    _told: dict[date | None, str] = field(default_factory=dict)

    def told(self, until: date | None = None) -> str:
        """The runs, of periods that end by a day if asked, and which of them are published: what pages depend on."""
        if until not in self._told:
            shown = (record for record in self.records if until is None or record.ends_on <= until)
            names = " ".join(f"{record.run[:16]}{'*' * record.is_published}" for record in shown)
            self._told[until] = hashlib.blake2b(names.encode(), digest_size=16).hexdigest()
        return self._told[until]


def line_from(by_day: dict[date, RunRecord]) -> RunLine:
    """The line of these runs."""
    ordered = {day: by_day[day] for day in sorted(by_day)}
    return RunLine(ordered, tuple(ordered.values()))


@dataclass(frozen=True, slots=True)
class RunsSeen:
    """The runs that somebody may read, the newest first."""

    records: tuple[RunRecord, ...]
    _lines: dict[frozenset[str], RunLine] = field(default_factory=dict)

    def line(self, plans: frozenset[str]) -> RunLine:
        """Those that hold of the plans of a line."""
        found = self._lines.get(plans)
        if found is None:
            found = self._lines[plans] = line_from(holding_by_day(self.records, plans))
        return found


@dataclass(frozen=True, slots=True)
class KnownRuns:
    """All runs, and the published ones; shared by the threads of a process: nobody changes a record of these."""

    every: RunsSeen
    published: RunsSeen


def known_runs() -> KnownRuns:
    """The runs as they are now: one query, however many there are.

    Inside a transaction they are read as it sees them, and kept for nobody else.
    """
    if connection.in_atomic_block:
        return _read()
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp = cursor.fetchone()
    known = _KNOWN.get(connection.alias)
    if known is None or known[0] != stamp:
        known = _KNOWN[connection.alias] = (stamp, _read())
    return known[1]


def _read() -> KnownRuns:
    # Sorted here: Django takes longer to write an order than these few take to be put into it.
    records = tuple(newest_first(RunRecord.objects.order_by()))
    return KnownRuns(RunsSeen(records), RunsSeen(tuple(record for record in records if record.is_published)))


_KNOWN: Final[dict[str, tuple[Stamp, KnownRuns]]] = {}
