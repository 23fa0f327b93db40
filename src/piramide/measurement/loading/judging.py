"""Keys and histories of a whole load against itself and the loads before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.findings import Place, refuse
from piramide.measurement.contract import Contract
from piramide.measurement.ledger.keys import Keys, is_among
from piramide.measurement.ledger.store import Load
from piramide.measurement.loading.cases.file import writing_cases
from piramide.measurement.loading.cases.known import KnownCases, NewCases
from piramide.measurement.loading.cases.rows import CASE_COLUMNS, CaseRows, Piece, RowPieces, row_pieces
from piramide.measurement.loading.history import ALREADY_THERE, DUPLICATE, REASONS, Verdict, judge, later_of_equal
from piramide.measurement.loading.plain_rows import row_keys
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import REVERSAL

_AT_ONCE: Final = 2
_NOBODY: Final = np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that keys and histories set aside: their numbers, from 0 and in order, and why (an index into `REASONS`)."""

    rows: Numbers
    why: Numbers

    def among(self, start: int, count: int) -> tuple[Any, list[str]]:
        """Which of `count` rows from `start` on are set aside (bits), and the reason of each of those."""
        ends = np.searchsorted(self.rows, [start, start + count])
        wrong = np.zeros(count, dtype=bool)
        wrong[self.rows[ends[0] : ends[1]] - start] = True
        return wrong, [REASONS[why] for why in self.why[ends[0] : ends[1]]]


def judge_work(rows: RowPieces, months: frozenset[int], known: KnownCases, folder: Path) -> SetAside:
    """Judge the histories of a load, piece by piece, and write what is said of all cases after it into its folder.

    `months` are those of its rows (year × 12 + month − 1). Raises `TouchedError` where what is known was touched;
    `Refusal` FA018, FA071 for earlier entries that are not those that were kept; `OSError` when the disk is full.
    """
    taken_in = known.files[len(known.files) - known.taken_in(rows.count) :]
    numbers, faults = [_NOBODY], [_NOBODY]
    with _earlier_rows(known.loads, months, folder) as there, writing_cases(folder) as writer:
        cases = NewCases(writer, taken_in)
        for piece, verdict in _verdicts(rows, there, known):
            cases.write(verdict.words, piece.least, piece.most)
            wrong = np.flatnonzero(verdict.faults)
            numbers.append(piece.number[wrong])
            faults.append(verdict.faults[wrong])
    number = np.concatenate(numbers)
    order = np.argsort(number)
    return SetAside(number[order], np.concatenate(faults)[order])


def _verdicts(rows: RowPieces, there: RowPieces, known: KnownCases) -> Iterator[tuple[Piece, Verdict]]:
    """The pieces in order and the verdict on each, two of them judged at a time."""

    def judged(piece: Piece, earlier: Keys) -> tuple[Piece, Verdict]:
        return piece, judge(piece.rows, earlier, known)

    waiting: deque[Future[tuple[Piece, Verdict]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for piece in rows.pieces():
            if len(waiting) >= _AT_ONCE:
                yield waiting.popleft().result()
            earlier = there.piece(piece.first, piece.last).rows.keys if there.count else _NOBODY
            waiting.append(pool.submit(judged, piece, earlier))
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _earlier_rows(loads: Sequence[Load], months: frozenset[int], folder: Path) -> Iterator[RowPieces]:
    """The rows of earlier loads that may be of these months: a row that is there already is among them."""
    with row_pieces(folder) as rows:
        for load in loads:
            if _touches(load, months):
                for group in _groups(load, months):
                    rows.add(CaseRows.of(group))
        yield rows


def _touches(load: Load, months: frozenset[int]) -> bool:
    ends = load.first_day, load.last_day
    if not ends[0] or not ends[1] or not months:
        return False
    least, most = (end.year * 12 + end.month - 1 for end in ends if end)
    return any(least <= month <= most for month in months)


def _groups(load: Load, months: frozenset[int]) -> Iterator[pa.Table]:
    """Row groups that may hold rows of these months. The entries are proved once rows of them are read."""
    try:
        file = pq.ParquetFile(load.entries_file)
    except (OSError, pa.ArrowException) as error:
        raise refuse("FA071", Place(str(load.entries_file)), load=load.id) from error
    at = file.schema_arrow.get_field_index("month")
    for group in range(file.metadata.num_row_groups):
        span = file.metadata.row_group(group).column(at).statistics
        if span is None or not span.has_min_max or any(span.min <= month <= span.max for month in months):
            load.proven_entries  # noqa: B018 - refuses what was touched
            yield file.read_row_group(group, columns=CASE_COLUMNS)


@dataclass(frozen=True, slots=True)
class PlainRows:
    """What is remembered of the sound rows of any other dataset until all are read.

    Their keys, the keys of the stated rows that reversed ones take back, and their signs.
    """

    keys: Keys
    takes_back: Keys
    sign: Numbers

    @classmethod
    def of(cls, entries: pa.Table, of: Contract) -> PlainRows:
        """Those of some entries."""
        stated = pa.array(["stated"] * len(entries), pa.string())
        at = entries.schema.get_field_index("entry")
        as_stated = entries.set_column(at, "entry", stated)
        return cls(row_keys(entries, of), row_keys(as_stated, of), entries["sign"].to_numpy())


def judge_plain(of: Contract, pieces: Sequence[PlainRows], earlier: Sequence[Load]) -> SetAside:
    """Rows that stand there twice, that an earlier load has, or that take back what is not there."""
    keys, takes_back, sign = (
        np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("keys", "takes_back", "sign")
    )
    before = _earlier_keys(of, earlier)
    why = np.zeros(len(keys), dtype=np.int8)
    why[later_of_equal(keys)] = REASONS.index(DUPLICATE)
    why[is_among(keys, before) & (why == 0)] = REASONS.index(ALREADY_THERE)
    known = np.sort(np.concatenate([before, keys]))
    why[(sign < 0) & ~is_among(takes_back, known) & (why == 0)] = REASONS.index(REVERSAL)
    rows = np.flatnonzero(why)
    return SetAside(rows, why[rows])


def _earlier_keys(of: Contract, earlier: Sequence[Load]) -> Keys:
    """Sorted keys of the rows that are there."""
    found = [row_keys(pq.read_table(load.proven_entries, columns=list(of.key)), of) for load in earlier]
    return np.sort(np.concatenate(found)) if found else np.array([], dtype=np.int64)
