"""What the loads of a ledger say of their cases: files of words, of which each stands for one load or for several.

The file of a load stands for all loads from `cases_since` of its manifest to itself. A new load takes the files of
those before it into its own as long as they are not more than twice as large: few files stand for many loads, and each
word is written again a few times in all. Files that another one stands for are removed.

Where a file is missing or was touched, as in stores of a time before them, the entries are read again (`counted`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from piramide.measurement.ledger.keys import Bits, Keys, is_among
from piramide.measurement.ledger.store import CASE_MARKS, CASES, CASES_SINCE, OPEN_CASES, Load
from piramide.measurement.loading.cases.file import CaseFile, CaseFileWriter, writing_cases
from piramide.measurement.loading.cases.rows import CASE_COLUMNS, CaseRows, RowPieces, row_pieces
from piramide.measurement.loading.cases.words import EVENT, Counts, merged, words_of
from piramide.measurement.loading.day_order import BACK
from piramide.measurement.loading.references import Numbers

_TIMES: Final = 2
_BATCH: Final = 1 << 20
RETURNS: Final = 3
"""Events from this one on take a step back from an earlier one: a reopening, or what is taken back."""


@dataclass(frozen=True, slots=True)
class KnownCases:
    """The files of words, oldest first, and the load from which on they have to be counted again (none: all is there).

    `since` is the first load that each file stands for; `broken` are the loads whose file was touched or is missing.
    """

    loads: tuple[Load, ...] = ()
    files: tuple[CaseFile, ...] = ()
    since: tuple[str, ...] = ()
    uncounted: tuple[Load, ...] = ()
    broken: tuple[Load, ...] = ()

    @classmethod
    def of(cls, loads: tuple[Load, ...], touched: frozenset[str] = frozenset()) -> KnownCases:
        """Those kept with some loads, but for the loads whose files are known to be touched."""
        places = {load.id: at for at, load in enumerate(loads)}
        chain: list[tuple[CaseFile | None, int]] = []
        broken: list[Load] = []
        end = stood_for = len(loads)
        while end:
            load = loads[end - 1]
            start = places.get(load.manifest.get(CASES_SINCE, ""), end)
            file = CaseFile.of(load) if start < end and load.id not in touched else None
            if file is None and start < end <= stood_for:
                broken.append(load)
                stood_for = start
            end = start if file else end - 1
            chain.append((file, end))
        whole: list[tuple[CaseFile, str]] = []
        for file, start in reversed(chain):
            if file is None:
                return cls(loads, *_unzipped(whole), loads[start:], tuple(broken))
            whole.append((file, loads[start].id))
        return cls(loads, *_unzipped(whole))

    def of_cases(self, case: Keys) -> Counts:
        """What is said of some cases (sorted, each once). Raises `TouchedError`."""
        return Counts.of(case, (words for file in self.files for words in file.about(case)))

    def counted(self, folder: Path) -> KnownCases:
        """All of them, once the entries of the loads that lack theirs are read again, into a folder.

        Raises `Refusal`: FA018, FA071 for entries that are not those that were kept; `TouchedError`.
        """
        if not self.uncounted:
            return self
        with row_pieces(folder) as rows, writing_cases(folder) as writer:
            sizes = [_add_rows(rows, load) for load in self.uncounted]
            for piece in rows.pieces():
                load_of_row = np.searchsorted(np.cumsum(sizes), piece.number, "right")
                writer.write(words_of(np.sort(piece.rows.packed), self._closed_before(piece.rows, load_of_row)))
        files = (*self.files, CaseFile.read(folder, ""))
        return replace(self, files=files, since=(*self.since, self.uncounted[0].id), uncounted=())

    def _closed_before(self, rows: CaseRows, load_of_row: Numbers) -> Keys:
        """Cases that the first load that told of them took for closed: nothing is said of them before it."""
        case = rows.packed & ~EVENT
        order = np.lexsort((load_of_row, case))
        starts = np.concatenate([[True], case[order[1:]] != case[order[:-1]]]) if len(order) else order
        first = np.empty(len(order), dtype=np.int64)
        first[order] = np.repeat(load_of_row[order][starts], np.diff(np.append(np.flatnonzero(starts), len(order))))
        told = rows.at(np.flatnonzero(load_of_row == first))
        closed = taken_for_closed(Happened.of(np.sort(told.packed)), told)
        return closed[~self.of_cases(closed).is_known]

    def taken_in(self, rows: int) -> int:
        """How many of the last files the file of a load of so many rows takes in: always what was read again."""
        size, count = rows, 0
        for file in reversed(self.files):
            if file.load and file.count > _TIMES * size:
                break
            size, count = size + file.count, count + 1
        return count

    def first_taken_in(self, rows: int) -> str:
        """The first load for which the file of a load of so many rows stands; empty for itself alone."""
        count = self.taken_in(rows)
        return self.since[len(self.since) - count] if count else ""

    def drop_taken_in(self, rows: int) -> None:
        """Remove the files that a later one stands for, and the tables of open cases of former times."""
        kept = {file.load for file in self.files[: len(self.files) - self.taken_in(rows)]}
        for load in self.loads:
            for name in (OPEN_CASES, *(() if load.id in kept else (CASES, CASE_MARKS))):
                (load.folder / name).unlink(missing_ok=True)


def _unzipped(whole: Sequence[tuple[CaseFile, str]]) -> tuple[tuple[CaseFile, ...], tuple[str, ...]]:
    return tuple(file for file, _ in whole), tuple(since for _, since in whole)


def _add_rows(rows: RowPieces, load: Load) -> int:
    """Take the rows of a load; how many."""
    before = rows.count
    for batch in pq.ParquetFile(load.proven_entries).iter_batches(_BATCH, columns=CASE_COLUMNS):
        rows.add(CaseRows.of(batch))
    return rows.count - before


_EVENT_BITS: Final = 21
_COUNTED: Final = np.array([1, 0, 1 << _EVENT_BITS, *[1 << 2 * _EVENT_BITS] * 5], dtype=np.int64)
"""What each event counts as: a receipt, a resolution, or a step back from an earlier one; three sums in one."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Cases, sorted, and how often some rows receive and resolve each, and take a step back."""

    case: Keys
    received: Numbers
    resolved: Numbers
    returns: Numbers

    @classmethod
    def of(cls, sound: Keys) -> Happened:
        """Out of the packed events of the rows, sorted."""
        keys = sound & ~EVENT
        is_first = np.ones(len(keys), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        starts = np.flatnonzero(is_first)
        sums = np.add.reduceat(_COUNTED[sound & EVENT], starts) if len(starts) else keys
        most = (1 << _EVENT_BITS) - 1
        return cls(keys[starts], sums & most, (sums >> _EVENT_BITS) & most, sums >> 2 * _EVENT_BITS)


def taken_for_closed(happened: Happened, rows: CaseRows) -> Keys:
    """Cases of some rows that must have been received and resolved before them.

    These rows do not receive them and take a step back. Where they also resolve them, the first row by day decides: a
    reopening, or the reversal of what no row of that day says.
    """
    closed = (happened.received == 0) & (happened.returns > 0)
    unclear = closed & (happened.resolved > 0)
    if unclear.any():
        closed[unclear] = _returns_first(happened.case[unclear], rows)
    cases: Keys = happened.case[closed]
    return cases


def _returns_first(case: Keys, rows: CaseRows) -> Bits:
    """Cases whose first row, by day, is a reopening or a reversal of what no row of that day says."""
    packed = rows.packed
    at = np.flatnonzero(is_among(packed & ~EVENT, case))
    packed, day = packed[at], rows.day[at]
    by = np.lexsort((at, (packed & EVENT) >= BACK, day, packed & ~EVENT))
    _, first = np.unique(packed[by] & ~EVENT, return_index=True)
    returns: Bits = (packed[by[first]] & EVENT) >= RETURNS
    return returns


@dataclass(slots=True)
class NewCases:
    """The file of a load while it is judged: its words and those of the files that it takes in, piece by piece."""

    writer: CaseFileWriter
    taken_in: tuple[CaseFile, ...]

    def write(self, words: Keys, least: int, most: int) -> None:
        """Words of the cases from one key to another. Raises `TouchedError`, `OSError`."""
        cuts = {cut for file in self.taken_in for cut in file.cuts() if least < cut <= most}
        for low, following in pairwise([least, *sorted(cuts), most + 1]):
            high = following - 1
            here = words[np.searchsorted(words, low) : np.searchsorted(words, high, "right")]
            parts = [here, *(file.between(low, high) for file in self.taken_in)]
            self.writer.write(merged(parts) if self.taken_in else here)
