"""Histories of cases: duplicates, cases received or resolved twice, and the cases left open.

A case is open when it was received and not resolved since. What a load must look back at is the cases that were open
before it and, for duplicates, earlier rows of the months that it touches: the cost does not grow with history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.findings import Place, refuse
from piramide.measurement.ledger.keys import Keys, combined, is_among, repeated_keys, sorted_keys
from piramide.measurement.ledger.store import ENTRIES, OPEN_CASES, Load
from piramide.measurement.loading.day_order import ADDS_RECEIVED, ADDS_RESOLVED, BACK, order_of, running
from piramide.measurement.loading.open_again import counted_again
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import REVERSAL

DUPLICATE: Final = "FA030"
ALREADY_THERE: Final = "FA031"
RECEIVED_TWICE: Final = "FA032"
RESOLVED_TWICE: Final = "FA033"
NOT_RESOLVED: Final = "FA034"

LOOK_BACK_ROWS: Final = 10_000_000
"""Up to so many earlier rows, a new case is looked for among all of them; beyond, among the open ones. What that
leaves out, a case received again after it was resolved, is found by the check of the facts."""

_ROUNDS: Final = 100
_EVENT: Final = np.int64(7)
_COUNT_BITS: Final = 21
_SHIFTS: Final = {"received": 0, "resolved": _COUNT_BITS, "returns": 2 * _COUNT_BITS}
_COUNTED: Final = np.array([1, 0, 1 << _COUNT_BITS, *[1 << 2 * _COUNT_BITS] * 5], dtype=np.int64)
"""What each event counts as: a receipt, a resolution, or a step back from an earlier one."""
_RETURNS: Final = 3

Bits = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What the check needs of each row of a load, in the order of the source."""

    case: Keys
    kind: Numbers
    sign: Numbers
    day: Numbers

    @property
    def keys(self) -> Keys:
        """The key of each row: case, entry, day, entry taken back."""
        return row_keys(self.case, self.kind, self.sign, self.day)

    def at(self, rows: Numbers) -> CaseRows:
        """Some of the rows."""
        return CaseRows(self.case[rows], self.kind[rows], self.sign[rows], self.day[rows])

    @classmethod
    def of(cls, table: pa.Table) -> CaseRows:
        """These columns of a table of stored rows."""
        case, kind, sign = (table[name].to_numpy() for name in ("case_key", "kind", "sign"))
        return cls(case, kind, sign, table["day"].cast(pa.int32()).to_numpy())


CASE_COLUMNS: Final = ["case_key", "kind", "sign", "day"]


def row_keys(case: Keys, kind: Numbers, sign: Numbers, day: Numbers) -> Keys:
    """One number for each row out of its case, entry and day."""
    return combined(case, day.astype(np.int64) * 16 + kind * 2 + (sign < 0))


@dataclass(frozen=True, slots=True)
class OpenCases:
    """Cases that are not both received and resolved, sorted by key: how often each was, net of reversals.

    The three lowest bits of the keys are cleared: in the check they hold what happened.
    """

    case: Keys
    received: Numbers
    resolved: Numbers

    def as_table(self) -> pa.Table:
        """Columns case_key (lowest three bits cleared), received, resolved."""
        counts = {name: pa.array(getattr(self, name), pa.int8()) for name in ("received", "resolved")}
        return pa.table({"case_key": self.case} | counts)


def open_cases(loads: tuple[Load, ...]) -> OpenCases:
    """Cases left open by the last of these loads; counted again from all entries where its table was touched."""
    if not loads:
        none = np.array([], dtype=np.int64)
        return OpenCases(none, none, none)
    is_whole = loads[-1].holds(OPEN_CASES)
    table = pq.read_table(loads[-1].folder / OPEN_CASES) if is_whole else counted_again(loads)
    return OpenCases(*(table[name].to_numpy() for name in ("case_key", "received", "resolved")))


def later_of_equal(keys: Keys) -> Bits:
    """Rows that repeat the key of an earlier row of the same file."""
    repeated = repeated_keys(sorted_keys(keys))
    later = np.zeros(len(keys), dtype=bool)
    if len(repeated):
        rows = np.flatnonzero(is_among(keys, repeated))
        by_key = rows[np.argsort(keys[rows], kind="stable")]
        later[by_key[1:][keys[by_key[1:]] == keys[by_key[:-1]]]] = True
    return later


def already_there(rows: CaseRows, loads: tuple[Load, ...]) -> Bits:
    """Rows whose key an earlier load has; only earlier rows of the same months are read."""
    there = np.zeros(len(rows.case), dtype=bool)
    if not loads:
        return there
    days = np.unique(rows.day)
    months = np.unique(days.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64) + 1970 * 12
    keys = ordered = np.array([], dtype=np.int64)
    hits = []
    for batch in _earlier_rows(loads, months, ["case_key", "kind", "sign", "day"]):
        if not len(keys):
            keys = rows.keys
            ordered = sorted_keys(keys)
        found = np.sort(row_keys(*_numbers(batch)))
        hits.append(found[is_among(found, ordered)])
    return is_among(keys, np.unique(np.concatenate(hits))) if hits else there


def _numbers(table: pa.Table) -> tuple[Any, ...]:
    days = table["day"].cast(pa.int32()).to_numpy()
    return (*(table[name].to_numpy() for name in ("case_key", "kind", "sign")), days)


def _earlier_rows(loads: tuple[Load, ...], months: Numbers, columns: list[str]) -> Iterator[pa.Table]:
    """Row groups of earlier loads that may hold rows of these months."""
    for load in loads:
        file = _parquet(load)
        at = file.schema_arrow.get_field_index("month")
        for group in range(file.metadata.num_row_groups):
            span = file.metadata.row_group(group).column(at).statistics
            if span is None or not span.has_min_max or np.any((months >= span.min) & (months <= span.max)):
                load.proven(ENTRIES)
                yield file.read_row_group(group, columns=columns)


def _parquet(load: Load) -> pq.ParquetFile:
    """The entries of a load, which are proved once rows of them are read: bounds alone cost no digest."""
    try:
        return pq.ParquetFile(load.entries_file)
    except (OSError, pa.ArrowException) as error:
        raise refuse("FA071", Place(str(load.entries_file)), load=load.id) from error


@dataclass(frozen=True, slots=True)
class Verdict:
    """Faults by row (an index into `REASONS`, 0 for none) and the cases open after the load."""

    faults: Numbers
    open: OpenCases


REASONS: Final = ("", DUPLICATE, ALREADY_THERE, RECEIVED_TWICE, RESOLVED_TWICE, NOT_RESOLVED, REVERSAL)


def judge(rows: CaseRows, loads: tuple[Load, ...]) -> Verdict:
    """Set aside what cannot be in the histories of the cases, and say which cases are open afterwards."""
    faults = np.zeros(len(rows.case), dtype=np.int8)
    faults[already_there(rows, loads)] = REASONS.index(ALREADY_THERE)
    packed = _packed(rows)
    sound = sorted_keys(packed[faults == 0] if faults.any() else packed)
    repeated = repeated_keys(sound)
    if len(repeated):  # the same thing happened to a case more than once: perhaps on the same day
        chosen = np.flatnonzero(is_among(packed, repeated) & (faults == 0))
        again = chosen[later_of_equal(rows.at(chosen).keys)]
        faults[again] = REASONS.index(DUPLICATE)
        sound = sorted_keys(packed[faults == 0]) if len(again) else sound
    of_nothing = _reversals_of_nothing(rows, faults, loads)
    if len(of_nothing):
        faults[of_nothing] = REASONS.index(REVERSAL)
        sound = sorted_keys(packed[faults == 0])
    cases = _Cases.of(sound, rows, packed, loads)
    aside = _judge_suspects(rows, packed, cases, faults)
    return Verdict(faults, _open_after(cases, packed, aside))


def _reversals_of_nothing(rows: CaseRows, faults: Numbers, loads: tuple[Load, ...]) -> Numbers:
    """Reversals of entries that neither this load nor an earlier one has, the latest of each case first.

    Beyond `LOOK_BACK_ROWS` they are left to the check of the facts.
    """
    back = np.flatnonzero((rows.sign < 0) & (faults == 0))
    if not len(back) or _accepted(loads) > LOOK_BACK_ROWS:
        return np.array([], dtype=np.int64)
    entries = np.unique(_entry_keys(rows.case[back], rows.kind[back]))
    stated = np.zeros(len(entries), dtype=np.int64)
    sound = faults == 0
    _count_among(stated, entries, _entry_keys(rows.case[sound], rows.kind[sound]), rows.sign[sound])
    for load in loads:
        for batch in pq.ParquetFile(load.proven_entries).iter_batches(1 << 20, columns=CASE_COLUMNS):
            earlier = CaseRows.of(pa.Table.from_batches([batch]))
            _count_among(stated, entries, _entry_keys(earlier.case, earlier.kind), earlier.sign)
    entry = np.searchsorted(entries, _entry_keys(rows.case[back], rows.kind[back]))
    by = np.lexsort((-rows.day[back], entry))  # the latest of each entry first
    place = running(np.ones(len(by), dtype=np.int64), entry[by]) - 1
    return back[by[place < -stated[entry[by]]]]


def _entry_keys(case: Keys, kind: Numbers) -> Keys:
    """One number for each case and kind of entry."""
    return combined(case, kind.astype(np.int64))


def _count_among(counts: Numbers, entries: Keys, keys: Keys, sign: Numbers) -> None:
    """Add up the signs of the keys that are among some sorted ones."""
    known = is_among(keys, entries)
    np.add.at(counts, np.searchsorted(entries, keys[known]), sign[known].astype(np.int64))


def _accepted(loads: tuple[Load, ...]) -> int:
    """Rows of some loads."""
    return sum(int(load.manifest["accepted"]) for load in loads)


def _packed(rows: CaseRows) -> Keys:
    """The key of each row's case, with what happened in its three lowest bits: the kind, and whether reversed."""
    packed: Keys = (rows.case & ~_EVENT) | (rows.kind + BACK * (rows.sign < 0))
    return packed


@dataclass(frozen=True, slots=True)
class _Cases:
    """The cases of a load, sorted: how each stood before it, what the load adds, and whether it needs a closer look."""

    case: Keys
    received: Numbers
    resolved: Numbers
    adds_received: Numbers
    adds_resolved: Numbers
    is_suspect: Bits
    before: OpenCases

    @classmethod
    def of(cls, sound: Keys, rows: CaseRows, packed: Keys, loads: tuple[Load, ...]) -> _Cases:
        """Cases out of the sorted events of the sound rows."""
        keys = sound & ~_EVENT
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else keys
        case, before = keys[starts], open_cases(loads)
        event = sound & _EVENT
        count = _counts(event, starts)
        received, resolved = np.zeros(len(case), dtype=np.int64), np.zeros(len(case), dtype=np.int64)
        known = is_among(case, before.case)
        at = np.searchsorted(before.case, case[known])
        received[known], resolved[known] = before.received[at], before.resolved[at]
        closed = ~known & _was_closed(case, count, rows, packed, loads)
        received[closed] = resolved[closed] = 1
        suspect = (received + count["received"] > 1) | (resolved + count["resolved"] > 1)
        suspect |= count["returns"] > 0
        back = np.flatnonzero(event >= _RETURNS)
        of = np.searchsorted(starts, back, "right") - 1
        np.add.at(count["received"], of, ADDS_RECEIVED[event[back]])
        np.add.at(count["resolved"], of, ADDS_RESOLVED[event[back]])
        return cls(case, received, resolved, count["received"], count["resolved"], suspect, before)


def _counts(event: Numbers, starts: Numbers) -> dict[str, Numbers]:
    """How often each case was received, resolved and taken a step back: three sums in one, of 21 bits each."""
    sums = np.add.reduceat(_COUNTED[event], starts) if len(starts) else event
    return {name: (sums >> shift) & (2**_COUNT_BITS - 1) for name, shift in _SHIFTS.items()}


def _was_closed(
    case: Keys, count: Mapping[str, Numbers], rows: CaseRows, packed: Keys, loads: tuple[Load, ...]
) -> Bits:
    """Cases that are not open and were received and resolved by an earlier load, or must have been."""
    begins = count["received"] > 0
    closed: Bits = ~begins & (count["returns"] > 0)
    unclear = closed & (count["resolved"] > 0)
    if unclear.any():
        closed[unclear] = _returns_first(case[unclear], rows, packed)
    earlier = _accepted(loads)
    wanted = ~closed & (~begins if earlier > LOOK_BACK_ROWS else np.ones(len(case), dtype=bool))
    if earlier and wanted.any():
        for load in loads:
            for batch in pq.ParquetFile(load.proven_entries).iter_batches(1 << 20, columns=["case_key"]):
                closed[wanted] |= is_among(case[wanted], np.sort(batch["case_key"].to_numpy() & ~_EVENT))
    return closed


def _returns_first(case: Keys, rows: CaseRows, packed: Keys) -> Bits:
    """Cases whose first row of the load, by day, is a reopening or a reversal of what no row of that day says."""
    at = np.flatnonzero(is_among(packed & ~_EVENT, case))
    at = at[np.lexsort((at, rows.sign[at] < 0, rows.day[at], packed[at] & ~_EVENT))]
    _, first = np.unique(packed[at] & ~_EVENT, return_index=True)
    returns: Bits = (packed[at[first]] & _EVENT) >= _RETURNS
    return returns


def _judge_suspects(rows: CaseRows, packed: Keys, cases: _Cases, faults: Numbers) -> Numbers:
    """Walk through the histories that may be impossible; mark what cannot be and give those rows."""
    suspects = cases.case[cases.is_suspect]
    if not len(suspects):
        return np.array([], dtype=np.int64)
    at = np.flatnonzero(is_among(packed & ~_EVENT, suspects) & (faults == 0))
    event, day = packed[at] & _EVENT, rows.day[at]
    number = np.searchsorted(suspects, packed[at] & ~_EVENT)
    received, resolved = cases.received[cases.is_suspect], cases.resolved[cases.is_suspect]
    left = np.arange(len(at))
    for _ in range(_ROUNDS):
        left = left[order_of(event[left], day[left], number[left], received, resolved)]
        reason = _impossible(event[left], number[left], received, resolved)
        wrong = np.flatnonzero(reason)
        if not len(wrong):
            break
        _, first = np.unique(number[left[wrong]], return_index=True)
        faults[at[left[wrong[first]]]] = reason[wrong[first]]
        is_left = np.isin(number[left], number[left[wrong]])  # a case without anything wrong is done
        is_left[wrong[first]] = False
        left = left[is_left]
    else:
        faults[at[left]] = REASONS.index(RESOLVED_TWICE)
    return at[faults[at] > 0]


def _impossible(event: Numbers, number: Numbers, received: Numbers, resolved: Numbers) -> Numbers:
    """The reason why each row cannot follow those before it in its case, 0 where it can."""
    adds_received, adds_resolved = ADDS_RECEIVED[event], ADDS_RESOLVED[event]
    times_received = received[number] + running(adds_received, number)
    times_resolved = resolved[number] + running(adds_resolved, number)
    reason = np.zeros(len(event), dtype=np.int8)
    reason[(adds_received > 0) & (times_received > 1)] = REASONS.index(RECEIVED_TWICE)
    reason[(adds_resolved > 0) & (times_resolved > 1)] = REASONS.index(RESOLVED_TWICE)
    reason[(adds_resolved < 0) & (times_resolved < 0)] = REASONS.index(NOT_RESOLVED)
    reason[(event >= BACK) & ((times_received < 0) | (times_resolved < 0))] = REASONS.index(REVERSAL)
    return reason


def _open_after(cases: _Cases, packed: Keys, aside: Numbers) -> OpenCases:
    """Open cases: those of before that the load did not touch, and those that it leaves open."""
    received = cases.received + cases.adds_received
    resolved = cases.resolved + cases.adds_resolved
    if len(aside):  # what was set aside after all had been added up
        number = np.searchsorted(cases.case, packed[aside] & ~_EVENT)
        np.subtract.at(received, number, ADDS_RECEIVED[packed[aside] & _EVENT])
        np.subtract.at(resolved, number, ADDS_RESOLVED[packed[aside] & _EVENT])
    left = (received != 1) | (resolved != 1)
    old = cases.before
    untouched = ~is_among(old.case, cases.case)
    case = np.concatenate([old.case[untouched], cases.case[left]])
    by = np.argsort(case, kind="stable")
    return OpenCases(
        case[by],
        np.concatenate([old.received[untouched], received[left]])[by],
        np.concatenate([old.resolved[untouched], resolved[left]])[by],
    )
