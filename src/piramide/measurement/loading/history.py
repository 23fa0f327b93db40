"""Histories of cases: duplicates, and cases received or resolved twice, reopened or taken back without being so.

What earlier loads say of the cases of a load is looked up in the files of their words, and for duplicates rows of the
months that the load touches are read: the cost does not grow with history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.measurement.ledger.keys import Bits, Keys, is_among, repeated_keys
from piramide.measurement.loading.cases.known import Happened, KnownCases, taken_for_closed
from piramide.measurement.loading.cases.rows import CaseRows
from piramide.measurement.loading.cases.words import EVENT, Counts, words_of
from piramide.measurement.loading.day_order import ADDS_RECEIVED, ADDS_RESOLVED, BACK, order_of, running
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import REVERSAL

DUPLICATE: Final = "FA030"
ALREADY_THERE: Final = "FA031"
RECEIVED_TWICE: Final = "FA032"
RESOLVED_TWICE: Final = "FA033"
NOT_RESOLVED: Final = "FA034"
REASONS: Final = ("", DUPLICATE, ALREADY_THERE, RECEIVED_TWICE, RESOLVED_TWICE, NOT_RESOLVED, REVERSAL)

_ROUNDS: Final = 100
_IS_BACK: Final = np.int64(BACK)


def later_of_equal(keys: Keys) -> Bits:
    """Rows that repeat the key of an earlier row of the same file."""
    repeated = repeated_keys(np.sort(keys))
    later = np.zeros(len(keys), dtype=bool)
    if len(repeated):
        rows = np.flatnonzero(is_among(keys, repeated))
        by_key = rows[np.argsort(keys[rows], kind="stable")]
        later[by_key[1:][keys[by_key[1:]] == keys[by_key[:-1]]]] = True
    return later


@dataclass(frozen=True, slots=True)
class Verdict:
    """Faults by row (an index into `REASONS`, 0 for none) and what the sound rows say of their cases."""

    faults: Numbers
    words: Keys


def judge(rows: CaseRows, there: Keys, known: KnownCases) -> Verdict:
    """Set aside what cannot be in the histories of the cases of some rows, all rows of which are among them.

    `there` are the keys of earlier rows of these cases. Raises `TouchedError` where what is known of them was touched.
    """
    faults = np.zeros(len(rows), dtype=np.int8)
    if len(there):
        faults[is_among(rows.keys, np.sort(there))] = REASONS.index(ALREADY_THERE)
    packed = rows.packed
    sound = np.sort(packed[faults == 0] if len(there) else packed)
    repeated = repeated_keys(sound)
    if len(repeated):  # the same thing happened to a case more than once: perhaps on the same day
        chosen = np.flatnonzero(is_among(packed, repeated) & (faults == 0))
        again = chosen[later_of_equal(rows.at(chosen).keys)]
        faults[again] = REASONS.index(DUPLICATE)
        sound = np.sort(packed[faults == 0]) if len(again) else sound
    happened = Happened.of(sound)
    before = known.of_cases(happened.case)
    of_nothing = _reversals_of_nothing(rows, packed, faults, before)
    if len(of_nothing):
        faults[of_nothing] = REASONS.index(REVERSAL)
        sound = np.sort(packed[faults == 0])
        happened = Happened.of(sound)
    cases = _Cases.of(happened, rows.at(faults == 0) if faults.any() else rows, before)
    if _judge_suspects(rows, packed, cases, faults):
        kept = rows.at(faults == 0)
        sound = np.sort(kept.packed)
        return Verdict(faults, words_of(sound, _taken_for_closed(Happened.of(sound), kept, before)))
    return Verdict(faults, words_of(sound, cases.taken_for_closed))


def _reversals_of_nothing(rows: CaseRows, packed: Keys, faults: Numbers, before: Counts) -> Numbers:
    """Reversals of entries that neither these rows nor an earlier load has, the latest of each case first."""
    back = np.flatnonzero((packed & EVENT >= BACK) & (faults == 0))
    if not len(back):
        return back
    stated = packed[back] - BACK  # the case with what is taken back
    entries, entry = np.unique(stated, return_inverse=True)
    times = before.stated(entries & ~EVENT, entries & EVENT)
    near = np.flatnonzero(is_among(packed & ~_IS_BACK, entries) & (faults == 0))
    at = np.searchsorted(entries, packed[near] & ~_IS_BACK)
    np.add.at(times, at, np.where(packed[near] & EVENT >= BACK, -1, 1))
    by = np.lexsort((-rows.day[back], entry))  # the latest of each entry first
    place = running(np.ones(len(by), dtype=np.int64), entry[by]) - 1
    return back[by[place < -times[entry[by]]]]


@dataclass(frozen=True, slots=True)
class _Cases:
    """The cases of a load, sorted: how each stood before it, and whether it needs a closer look."""

    case: Keys
    received: Numbers
    resolved: Numbers
    is_suspect: Bits
    taken_for_closed: Keys

    @classmethod
    def of(cls, happened: Happened, rows: CaseRows, before: Counts) -> _Cases:
        """Cases out of what happened to them in the sound rows, of which `before` is what earlier loads say."""
        known = before.at(happened.case)
        received, resolved = known.received, known.resolved
        closed = _taken_for_closed(happened, rows, before)
        at = np.searchsorted(happened.case, closed)
        received[at] = resolved[at] = 1
        suspect = (received + happened.received > 1) | (resolved + happened.resolved > 1) | (happened.returns > 0)
        return cls(happened.case, received, resolved, suspect, closed)


def _taken_for_closed(happened: Happened, rows: CaseRows, before: Counts) -> Keys:
    """Cases of which nothing is said before some rows, and that these take for received and resolved."""
    closed = taken_for_closed(happened, rows)
    return closed[~before.at(closed).is_known]


def _judge_suspects(rows: CaseRows, packed: Keys, cases: _Cases, faults: Numbers) -> bool:
    """Walk through the histories that may be impossible; mark what cannot be, and say whether anything was."""
    suspects = cases.case[cases.is_suspect]
    if not len(suspects):
        return False
    at = np.flatnonzero(is_among(packed & ~EVENT, suspects) & (faults == 0))
    event, day = packed[at] & EVENT, rows.day[at]
    number = np.searchsorted(suspects, packed[at] & ~EVENT)
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
    return bool(faults[at].any())


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
