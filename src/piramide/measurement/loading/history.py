"""Histories of cases: duplicates, cases received or resolved twice, and the cases left open.

A case is open when it was received and not resolved since. What a load must look back at is the cases that were open
before it and, for duplicates, earlier rows of the months that it touches: the cost does not grow with history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.measurement.ledger.keys import Keys, combined
from piramide.measurement.ledger.store import OPEN_CASES, Load
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import RECEIVED, REOPENED, RESOLVED, REVERSAL

DUPLICATE: Final = "FA030"
ALREADY_THERE: Final = "FA031"
RECEIVED_TWICE: Final = "FA032"
RESOLVED_TWICE: Final = "FA033"
NOT_RESOLVED: Final = "FA034"

LOOK_BACK_ROWS: Final = 10_000_000
"""Up to so many earlier rows, a new case is looked for among all of them; beyond, among the open ones. What that
leaves out, a case received again after it was resolved, is found by the check of the facts."""

_ROUNDS: Final = 100
_NEVER: Final = 2**30

Bits = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What the check needs of each row of a load, in the order of the source."""

    case: Keys
    kind: Numbers
    sign: Numbers
    day: Numbers
    received_on: Numbers

    @property
    def keys(self) -> Keys:
        """The key of each row: case, entry, day, entry taken back."""
        return row_keys(self.case, self.kind, self.sign, self.day)

    @classmethod
    def of(cls, table: pa.Table) -> CaseRows:
        """These columns of a table of stored rows."""
        return cls(
            *(table[name].to_numpy() for name in ("case_key", "kind", "sign")),
            *(table[name].cast(pa.int32()).to_numpy() for name in ("day", "received_on")),
        )


CASE_COLUMNS: Final = ["case_key", "kind", "sign", "day", "received_on"]


def row_keys(case: Keys, kind: Numbers, sign: Numbers, day: Numbers) -> Keys:
    """One number for each row out of its case, entry and day."""
    return combined(case, day.astype(np.int64) * 16 + kind * 2 + (sign < 0))


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases that are not both received and resolved, sorted by key: how often each was (net), and received when."""

    case: Keys
    received: Numbers
    resolved: Numbers
    received_on: Numbers

    def as_table(self) -> pa.Table:
        """Columns case_key, received, resolved, received_on."""
        return pa.table(
            {
                "case_key": self.case,
                "received": pa.array(self.received, pa.int8()),
                "resolved": pa.array(self.resolved, pa.int8()),
                "received_on": pa.array(self.received_on, pa.int32()).cast(pa.date32()),
            }
        )


def open_cases(loads: tuple[Load, ...]) -> OpenCases:
    """Cases left open by the last of these loads."""
    if not loads:
        none = np.array([], dtype=np.int64)
        return OpenCases(none, none.astype(np.int8), none.astype(np.int8), none.astype(np.int32))
    table = pq.read_table(loads[-1].folder / OPEN_CASES)
    columns = (table["case_key"], table["received"], table["resolved"], table["received_on"].cast(pa.int32()))
    return OpenCases(*(column.to_numpy() for column in columns))


def later_of_equal(keys: Keys) -> Bits:
    """Rows that repeat the key of an earlier row of the same file."""
    ordered = np.sort(keys)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    later = np.zeros(len(keys), dtype=bool)
    if len(repeated):
        rows = np.flatnonzero(is_among(keys, repeated))
        by_key = rows[np.argsort(keys[rows], kind="stable")]
        later[by_key[1:][keys[by_key[1:]] == keys[by_key[:-1]]]] = True
    return later


def is_among(values: Keys, ordered: Keys) -> Bits:
    """Which values occur among others that are sorted."""
    if not len(ordered):
        return np.zeros(len(values), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Bits = ordered[at] == values
    return found


def already_there(keys: Keys, months: Numbers, loads: tuple[Load, ...]) -> Bits:
    """Rows whose key an earlier load has; only earlier rows of the same months are read."""
    ordered, present = np.sort(keys), np.unique(months)
    hits = [
        found[is_among(found, ordered)]
        for batch in _earlier_rows(loads, present, ["case_key", "kind", "sign", "day"])
        if len(found := row_keys(*_numbers(batch)))
    ]
    return is_among(keys, np.unique(np.concatenate(hits))) if hits else np.zeros(len(keys), dtype=bool)


def _numbers(table: pa.Table) -> tuple[Any, ...]:
    days = table["day"].cast(pa.int32()).to_numpy()
    return (*(table[name].to_numpy() for name in ("case_key", "kind", "sign")), days)


def _earlier_rows(loads: tuple[Load, ...], months: Numbers, columns: list[str]) -> Iterator[pa.Table]:
    """Row groups of earlier loads that may hold rows of these months."""
    for load in loads:
        file = pq.ParquetFile(load.entries_file)
        at = file.schema_arrow.get_field_index("month")
        for group in range(file.metadata.num_row_groups):
            span = file.metadata.row_group(group).column(at).statistics
            if span is None or not span.has_min_max or np.any((months >= span.min) & (months <= span.max)):
                yield file.read_row_group(group, columns=columns)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Faults by row (an index into `REASONS`, 0 for none) and the cases open after the load."""

    faults: Numbers
    open: OpenCases


REASONS: Final = ("", DUPLICATE, ALREADY_THERE, RECEIVED_TWICE, RESOLVED_TWICE, NOT_RESOLVED, REVERSAL)


def judge(rows: CaseRows, loads: tuple[Load, ...]) -> Verdict:
    """Set aside what cannot be in the histories of the cases, and say which cases are open afterwards."""
    faults = np.zeros(len(rows.case), dtype=np.int8)
    keys = rows.keys
    faults[later_of_equal(keys)] = REASONS.index(DUPLICATE)
    months = rows.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    faults[already_there(keys, months, loads) & (faults == 0)] = REASONS.index(ALREADY_THERE)
    kept = np.flatnonzero(faults == 0)
    order = kept[np.argsort(rows.case[kept], kind="stable")]
    groups = _Groups.of(rows, order, loads)
    _judge_suspects(rows, order, groups, faults)
    return Verdict(faults, _open_after(rows, order, groups, faults))


@dataclass(frozen=True, slots=True)
class _Groups:
    """The cases of a load: where the rows of each start in the order by case, and how it stood before the load."""

    case: Keys
    starts: Numbers
    received: Numbers
    resolved: Numbers
    before: OpenCases

    @classmethod
    def of(cls, rows: CaseRows, order: Numbers, loads: tuple[Load, ...]) -> _Groups:
        case = rows.case[order]
        starts = np.flatnonzero(np.concatenate([[True], case[1:] != case[:-1]])) if len(case) else np.array([], int)
        cases, before = case[starts], open_cases(loads)
        received, resolved = np.zeros(len(cases), dtype=np.int64), np.zeros(len(cases), dtype=np.int64)
        known = is_among(cases, before.case)
        at = np.searchsorted(before.case, cases[known])
        received[known], resolved[known] = before.received[at], before.resolved[at]
        closed = ~known & _was_closed(rows, order, starts, cases, loads)
        received[closed] = resolved[closed] = 1
        return cls(cases, starts, received, resolved, before)

    def number(self, size: int) -> Numbers:
        """The case that each row of the order belongs to."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, size)))


def _was_closed(rows: CaseRows, order: Numbers, starts: Numbers, cases: Keys, loads: tuple[Load, ...]) -> Bits:
    """Cases that are not open and were received and resolved by an earlier load, or must have been."""
    if not len(cases):
        return np.zeros(0, dtype=bool)
    kind, sign = rows.kind[order], rows.sign[order]
    begins = np.logical_or.reduceat((kind == RECEIVED) & (sign > 0), starts)
    returns = np.minimum.reduceat(np.where((kind == REOPENED) | (sign < 0), rows.day[order], _NEVER), starts)
    resolves = np.minimum.reduceat(np.where((kind == RESOLVED) & (sign > 0), rows.day[order], _NEVER), starts)
    closed = ~begins & (returns < _NEVER) & (returns <= resolves)
    earlier = sum(int(load.manifest["accepted"]) for load in loads)
    looked_for = np.ones(len(cases), dtype=bool) if earlier <= LOOK_BACK_ROWS else ~begins
    if earlier and (looked_for & ~closed).any():
        wanted = cases[looked_for]
        for load in loads:
            for batch in pq.ParquetFile(load.entries_file).iter_batches(1 << 20, columns=["case_key"]):
                there = np.sort(batch["case_key"].to_numpy())
                closed[looked_for] |= is_among(wanted, there)
    return closed


def _changes(rows: CaseRows, at: Numbers) -> tuple[Numbers, Numbers]:
    """What each row adds to the times its case was received, and resolved."""
    kind, sign = rows.kind[at], rows.sign[at].astype(np.int64)
    return np.where(kind == RECEIVED, sign, 0), np.where(kind == RESOLVED, sign, np.where(kind == REOPENED, -sign, 0))


def _sums(changes: Numbers, starts: Numbers) -> Numbers:
    sums: Numbers = np.add.reduceat(changes, starts) if len(starts) else np.zeros(0, dtype=np.int64)
    return sums


def _judge_suspects(rows: CaseRows, order: Numbers, groups: _Groups, faults: Numbers) -> None:
    """Walk through the histories that may be impossible: those with a second receipt, resolution or a step back."""
    if not len(order):
        return
    received, resolved = _changes(rows, order)
    again = groups.received + _sums((received > 0).astype(np.int64), groups.starts) > 1
    again |= groups.resolved + _sums((resolved > 0).astype(np.int64), groups.starts) > 1
    again |= _sums(((resolved < 0) | (received < 0)).astype(np.int64), groups.starts) > 0
    number = groups.number(len(order))
    chosen = again[number]
    suspects, number = order[chosen], number[chosen]
    by = np.lexsort((suspects, rows.sign[suspects] > 0, rows.day[suspects], number))
    suspects, number = suspects[by], number[by]
    for _ in range(_ROUNDS):
        reason = _impossible(rows, suspects, number, groups)
        wrong = np.flatnonzero(reason)
        if not len(wrong):
            return
        _, first = np.unique(number[wrong], return_index=True)
        faults[suspects[wrong[first]]] = reason[wrong[first]]
        left = np.delete(np.arange(len(suspects)), wrong[first])
        suspects, number = suspects[left], number[left]
    still = np.isin(number, number[_impossible(rows, suspects, number, groups) > 0])
    faults[suspects[still]] = REASONS.index(RESOLVED_TWICE)


def _impossible(rows: CaseRows, at: Numbers, number: Numbers, groups: _Groups) -> Numbers:
    """The reason why each row cannot follow those before it in its case, 0 where it can."""
    received, resolved = _changes(rows, at)
    times_received = groups.received[number] + _running(received, number)
    times_resolved = groups.resolved[number] + _running(resolved, number)
    reason = np.zeros(len(at), dtype=np.int8)
    reason[(received > 0) & (times_received > 1)] = REASONS.index(RECEIVED_TWICE)
    reason[(resolved > 0) & (times_resolved > 1)] = REASONS.index(RESOLVED_TWICE)
    reason[(resolved < 0) & (times_resolved < 0)] = REASONS.index(NOT_RESOLVED)
    back = rows.sign[at] < 0
    reason[back & ((times_received < 0) | (times_resolved < 0))] = REASONS.index(REVERSAL)
    return reason


def _running(changes: Numbers, number: Numbers) -> Numbers:
    """Running sum inside each case; the rows of a case stand together."""
    total = np.cumsum(changes)
    if not len(number):
        return total
    starts = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]]))
    before = np.repeat(total[starts] - changes[starts], np.diff(np.append(starts, len(number))))
    sums: Numbers = total - before
    return sums


def _open_after(rows: CaseRows, order: Numbers, groups: _Groups, faults: Numbers) -> OpenCases:
    """Open cases: those of before that the load did not touch, and those that it leaves open."""
    received, resolved = _changes(rows, order)
    sound = faults[order] == 0
    after_received = groups.received + _sums(np.where(sound, received, 0), groups.starts)
    after_resolved = groups.resolved + _sums(np.where(sound, resolved, 0), groups.starts)
    days = rows.received_on[order[groups.starts]] if len(order) else np.array([], dtype=np.int32)
    left = after_received != after_resolved
    old = groups.before
    untouched = ~is_among(old.case, groups.case)
    case = np.concatenate([old.case[untouched], groups.case[left]])
    by = np.argsort(case, kind="stable")
    return OpenCases(
        case[by],
        np.concatenate([old.received[untouched], after_received[left]])[by],
        np.concatenate([old.resolved[untouched], after_resolved[left]])[by],
        np.concatenate([old.received_on[untouched], days[left]])[by],
    )
