"""Rows of a load in pieces by the key of their case, so that histories are judged piece by piece in bounded memory.

Rows are kept in memory while they are few; beyond `HELD_ROWS` they wait in a file without a name, which is gone with
whoever wrote it. Pieces come in the order of the keys, the rows of a piece in the order in which they were added.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
import pyarrow as pa

from piramide.measurement.ledger.keys import Keys, combined
from piramide.measurement.loading.cases.words import EVENT
from piramide.measurement.loading.day_order import BACK
from piramide.measurement.loading.references import Numbers

CASE_COLUMNS: Final = ["case_key", "kind", "sign", "day"]
HELD_ROWS: Final = 4_000_000
"""Rows that wait in memory before they are put into the file."""
PIECE_ROWS: Final = 1_000_000
"""Rows of a piece, as far as the parts allow."""
_PART_BITS: Final = 8
_PARTS: Final = 1 << _PART_BITS
_EVENT_BITS: Final = 3
_TYPES: Final = (np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.uint32))


@dataclass(frozen=True, slots=True)
class CaseRows:
    """What the check needs of each row: the key of its case, and what happened to it.

    `what` is the day (since 1970) × 8 + the event: the kind of the entry, + 4 when it is reversed.
    """

    case: Keys
    what: Numbers

    def __len__(self) -> int:
        """How many rows."""
        return len(self.case)

    @property
    def day(self) -> Numbers:
        """Days since 1970."""
        return self.what >> _EVENT_BITS

    @property
    def event(self) -> Numbers:
        """The kind of each entry, + 4 when it is taken back."""
        return self.what & np.int32(EVENT)

    @property
    def packed(self) -> Keys:
        """The key of each case with the event in its three lowest bits."""
        packed: Keys = (self.case & ~EVENT) | self.event
        return packed

    @property
    def keys(self) -> Keys:
        """The key of each row: case, entry, day, entry taken back."""
        event = self.event
        return combined(self.case, self.day.astype(np.int64) * 16 + (event & (BACK - 1)) * 2 + (event >= BACK))

    def at(self, rows: Any) -> CaseRows:  # noqa: ANN401 - row numbers or bits
        """Some of the rows."""
        return CaseRows(self.case[rows], self.what[rows])

    @classmethod
    def of(cls, table: pa.Table | pa.RecordBatch) -> CaseRows:
        """These columns of stored rows."""
        case, kind, sign = (table[name].to_numpy() for name in ("case_key", "kind", "sign"))
        day = table["day"].cast(pa.int32()).to_numpy()
        return cls(case, (day << _EVENT_BITS) + kind + BACK * (sign < 0).astype(np.int32))


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of parts `first` to before `last`, and the number of each row, from 0 in the order of adding."""

    rows: CaseRows
    number: Numbers
    first: int
    last: int

    @property
    def least(self) -> int:
        """The first key of its cases."""
        return (self.first - _PARTS // 2) << (64 - _PART_BITS)

    @property
    def most(self) -> int:
        """The last key of its cases."""
        return ((self.last - _PARTS // 2) << (64 - _PART_BITS)) - 1


@dataclass(frozen=True, slots=True)
class _Put:
    """Rows that were put away together, sorted by part: where each part begins, and where the columns are."""

    base: int
    starts: Numbers
    columns: tuple[Any, ...] | None
    at: int

    def read(self, file: IO[bytes] | None, first: int, last: int) -> tuple[Any, ...]:
        """Columns of the rows of parts `first` to before `last`."""
        low, high = int(self.starts[first]), int(self.starts[last])
        if self.columns is not None or file is None:
            return tuple(column[low:high] for column in self.columns or ())
        found, at = [], self.at
        for kind in _TYPES:
            raw = os.pread(file.fileno(), (high - low) * kind.itemsize, at + low * kind.itemsize)
            found.append(np.frombuffer(raw, dtype=kind))
            at += int(self.starts[-1]) * kind.itemsize
        return tuple(found)


@dataclass(slots=True)
class RowPieces:
    """Rows of one load, or of several one after the other, that are given back case by case."""

    folder: Path
    count: int = 0
    _waiting: list[tuple[CaseRows, int]] = field(default_factory=list)
    _held: int = 0
    _puts: list[_Put] = field(default_factory=list)
    _file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """The rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()

    def add(self, rows: CaseRows) -> None:
        """Take more rows. Raises `OSError` when the disk is full."""
        self._waiting.append((rows, self.count))
        self.count += len(rows)
        self._held += len(rows)
        if self._held >= HELD_ROWS:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 - held until the end of the block
            self._put(self._file)

    def pieces(self) -> Iterator[Piece]:
        """All rows, in pieces of whole parts."""
        self._put(self._file)
        sizes = np.diff(sum((put.starts for put in self._puts), np.zeros(_PARTS + 1, dtype=np.int64)))
        first, held = 0, 0
        for part in range(_PARTS):
            held += int(sizes[part])
            if held >= PIECE_ROWS or part == _PARTS - 1:
                yield self.piece(first, part + 1)
                first, held = part + 1, 0

    def piece(self, first: int, last: int) -> Piece:
        """The rows of parts `first` to before `last`."""
        self._put(self._file)
        found = [(put, put.read(self._file, first, last)) for put in self._puts]
        case, what = (np.concatenate([columns[at] for _, columns in found]) for at in range(2))
        number = np.concatenate([columns[2].astype(np.int64) + put.base for put, columns in found])
        return Piece(CaseRows(case, what), number, first, last)

    def _put(self, file: IO[bytes] | None) -> None:
        """Put away what waits, sorted by part: into the file, or without one as it is."""
        if not self._waiting and self._puts:
            return
        base = self._waiting[0][1] if self._waiting else 0
        case = np.concatenate([np.array([], dtype=np.int64), *(rows.case for rows, _ in self._waiting)])
        what = np.concatenate([np.array([], dtype=np.int32), *(rows.what for rows, _ in self._waiting)])
        self._waiting, self._held = [], 0
        part = ((case >> (64 - _PART_BITS)) + _PARTS // 2).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        columns = (case[order], what[order], order.astype(np.uint32))
        starts = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=_PARTS))])
        at = 0
        if file is not None:
            at = file.seek(0, os.SEEK_END)
            for column in columns:
                file.write(column.tobytes())
            file.flush()
        self._puts.append(_Put(base, starts, None if file is not None else columns, at))
