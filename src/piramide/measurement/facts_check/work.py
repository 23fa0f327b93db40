"""Keys, order of days and histories over the whole work ledger, in passes that bound the memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding, Place
from piramide.measurement.contract import WORK
from piramide.measurement.ledger.keys import Keys
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.cases.rows import CASE_COLUMNS, CaseRows
from piramide.measurement.loading.day_order import ADDS_RECEIVED, ADDS_RESOLVED, BACK
from piramide.measurement.loading.history import later_of_equal
from piramide.measurement.loading.work_rows import KINDS

PASS_ROWS: Final = 15_000_000
"""Rows that one pass holds at a time."""


@dataclass(slots=True)
class _Tally:
    """How many rows or cases have each fault, and one case of each."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, int] = field(default_factory=dict)

    def add(self, code: str, cases: Keys) -> None:
        if len(cases):
            self.counts[code] = self.counts.get(code, 0) + len(cases)
            self.examples.setdefault(code, int(cases[0]))


def check_work(ledger: Ledger) -> Iterator[Finding]:
    """Rows whose key stands there twice, cases received twice or never, reversals of nothing, days before receipt."""
    yield from _check_days(ledger)
    rows = sum(load.manifest["accepted"] for load in ledger.loads(WORK))
    passes = max(-(-rows // PASS_ROWS), 1)
    tally = _Tally()
    for number in range(passes):
        _tally(_part(ledger, number, passes), tally)
    place = Place(str(ledger.folder / WORK))
    names = _case_names(ledger, set(tally.examples.values()))
    for code in sorted(tally.counts):
        fields = {"count": tally.counts[code], "example": names.get(tally.examples[code], "")}
        yield Finding(code, place, WORK, fields)


def _check_days(ledger: Ledger) -> Iterator[Finding]:
    """Rows that lie before the receipt of their case."""
    batches = ledger.entries(WORK, ["day", "received_on"])
    count = sum(pc.sum(pc.less(batch["day"], batch["received_on"])).as_py() or 0 for batch in batches)
    if count:
        yield Finding("FA052", Place(str(ledger.folder / WORK)), WORK, {"count": count})


def _part(ledger: Ledger, number: int, passes: int) -> CaseRows:
    """The rows of every `passes`-th case."""
    parts = []
    for batch in ledger.entries(WORK, CASE_COLUMNS):
        table = pa.Table.from_batches([batch])
        if passes > 1:
            table = table.filter(pa.array(batch["case_key"].to_numpy() % passes == number))
        parts.append(table)
    return CaseRows.of(pa.concat_tables(parts))


def _tally(rows: CaseRows, tally: _Tally) -> None:
    tally.add("FA048", rows.case[later_of_equal(rows.keys)])
    order = np.argsort(rows.case, kind="stable")
    case = rows.case[order]
    if not len(case):
        return
    starts = np.flatnonzero(np.concatenate([[True], case[1:] != case[:-1]]))
    event = rows.event[order]
    kind, sign = event & (BACK - 1), np.where(event >= BACK, -1, 1)
    received = np.add.reduceat(ADDS_RECEIVED[event].astype(np.int64), starts)
    resolved = np.add.reduceat(ADDS_RESOLVED[event].astype(np.int64), starts)
    tally.add("FA046", case[starts[received > 1]])
    tally.add("FA047", case[starts[(received < 1) & (resolved > 0)]])
    for of_kind in range(len(KINDS)):
        tally.add("FA057", case[starts[np.add.reduceat(np.where(kind == of_kind, sign, 0), starts) < 0]])


def _case_names(ledger: Ledger, keys: set[int]) -> dict[int, str]:
    """The cases that some keys stand for."""
    names: dict[int, str] = {}
    wanted = pa.array(sorted(keys), pa.int64())
    for batch in ledger.entries(WORK, ["case_key", "case"]):
        if keys <= names.keys():
            break
        found = batch.filter(pc.is_in(batch["case_key"], wanted))
        names |= dict(zip(found["case_key"].to_pylist(), found["case"].to_pylist(), strict=True))
    return names
