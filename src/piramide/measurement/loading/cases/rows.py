"""Rows of a load in pieces by the key of their case, so that histories are judged piece by piece in bounded memory.

Rows are kept in memory while they are few, and then put away (`put_away.py`). Pieces come in the order of the keys, the
rows of a piece in the order in which they were added.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from piramide.measurement.ledger.keys import Keys, combined
from piramide.measurement.loading.cases.words import EVENT
from piramide.measurement.loading.day_order import BACK
from piramide.measurement.loading.put_away import PutAway
from piramide.measurement.loading.references import Numbers

CASE_COLUMNS: Final = ["case_key", "kind", "sign", "day"]
HELD_ROWS: Final = 2_000_000
"""Rows that are sorted and put away at a time."""
PIECE_ROWS: Final = 500_000
"""Rows of a piece, as far as the parts allow."""
_PART_BITS: Final = 8
_PARTS: Final = 1 << _PART_BITS
_EVENT_BITS: Final = 3


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


@dataclass(slots=True)
class RowPieces:
    """Rows of one load, or of several one after the other, that are given back case by case."""

    away: PutAway
    count: int = 0
    _waiting: list[CaseRows] = field(default_factory=list)
    _held: int = 0
    _puts: list[tuple[int, Numbers]] = field(default_factory=list)
    """Of each batch put away: the number of its first row, and where each part begins."""

    def add(self, rows: CaseRows) -> None:
        """Take more rows. Raises `OSError` when the disk is full."""
        self._waiting.append(rows)
        self.count += len(rows)
        self._held += len(rows)
        if self._held >= HELD_ROWS:
            self._put()

    def pieces(self) -> Iterator[Piece]:
        """All rows, in pieces of whole parts."""
        self._put()
        sizes = np.diff(sum((starts for _, starts in self._puts), np.zeros(_PARTS + 1, dtype=np.int64)))
        first, held = 0, 0
        for part in range(_PARTS):
            held += int(sizes[part])
            if held >= PIECE_ROWS or part == _PARTS - 1:
                yield self.piece(first, part + 1)
                first, held = part + 1, 0

    def piece(self, first: int, last: int) -> Piece:
        """The rows of parts `first` to before `last`."""
        self._put()
        case, what, number = [_NO_CASE], [_NO_DAY], [_NO_CASE]
        for (base, starts), kept in zip(self._puts, self.away.batches, strict=True):
            rows = slice(int(starts[first]), int(starts[last]))
            case.append(kept[0][rows])
            what.append(kept[1][rows])
            number.append(kept[2][rows].astype(np.int64) + base)
        return Piece(CaseRows(np.concatenate(case), np.concatenate(what)), np.concatenate(number), first, last)

    def _put(self) -> None:
        """Put away what waits, sorted by part."""
        if not self._waiting:
            return
        case = np.concatenate([rows.case for rows in self._waiting])
        what = np.concatenate([rows.what for rows in self._waiting])
        self._waiting, self._held = [], 0
        part = ((case >> (64 - _PART_BITS)) + _PARTS // 2).astype(np.uint8)
        order = np.argsort(part, kind="stable").astype(np.uint32)
        self.away.add([case[order], what[order], order])
        starts = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=_PARTS))])
        self._puts.append((self.count - len(case), starts))


_NO_CASE: Final = np.array([], dtype=np.int64)
_NO_DAY: Final = np.array([], dtype=np.int32)


@contextmanager
def row_pieces(folder: Path) -> Iterator[RowPieces]:
    """Rows that wait in a folder once they are many."""
    with PutAway(folder) as away:
        yield RowPieces(away)
