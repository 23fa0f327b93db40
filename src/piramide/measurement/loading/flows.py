"""Flows: the entries of a load added up without conditions, so that what needs none is not read row by row again.

`flows.parquet` has one row for each pair of offices, month, kind of entry and product. It is derived: entries alone
decide, and a load without the file is folded from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.statuses import Status
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import SCHEMA, STATUSES

KEYS: Final = ("competence", "work", "month", "kind", "product")
SUMS: Final = ("rows", "estimated", "pieces", "days_left", "points_in_1000")
"""`rows` count; the others add up signs, what is taken back counting minus: of estimated rows, of all, of all times the
days left in the month, of all times the points that their cases came in with."""
_READ: Final = (*KEYS, "sign", "status", "days_to_month_end", "points_in_1000")
_SCHEMA: Final = pa.schema([*(SCHEMA.field(name) for name in KEYS), *((name, pa.int64()) for name in SUMS)])
_BATCH: Final = 1 << 20
_HELD: Final = 2_000_000
"""Groups that wait before they are put together."""
_BITS: Final = 63
_NONE: Final[Numbers] = np.array([], dtype=np.int64)


@dataclass(slots=True)
class Flows:
    """Entries added up as they come: groups in order, as keys and sums."""

    _waiting: list[tuple[list[Numbers], list[Numbers]]] = field(default_factory=list)
    _held: int = 0

    def add(self, entries: pa.Table) -> None:
        """Add stored rows of work."""
        if not len(entries):
            return
        keys = [entries[name].to_numpy() for name in KEYS]
        sign, status, days, points = (entries[name].to_numpy().astype(np.int64) for name in _READ[len(KEYS) :])
        estimated = sign * (status == STATUSES.index(Status.ESTIMATED))
        self._hold(_grouped(keys, [np.ones(len(sign), dtype=np.int64), estimated, sign, sign * days, sign * points]))

    def _hold(self, groups: tuple[list[Numbers], list[Numbers]]) -> None:
        self._waiting.append(groups)
        self._held += len(groups[0][0])
        if self._held > _HELD:
            self._waiting = [self._together()]
            self._held = -len(self._waiting[0][0][0])  # as many again before the next time

    def _together(self) -> tuple[list[Numbers], list[Numbers]]:
        if len(self._waiting) == 1:
            return self._waiting[0]
        keys, sums = (
            [np.concatenate([held[part][at] for held in self._waiting]) for at in range(len(KEYS))] for part in (0, 1)
        )
        return _grouped(keys, sums)

    def write(self, path: Path) -> None:
        """Write them, ordered by their keys."""
        keys, sums = self._together() if self._waiting else ([_NONE] * len(KEYS), [_NONE] * len(SUMS))
        columns = [pa.array(column, kind.type) for column, kind in zip([*keys, *sums], _SCHEMA, strict=True)]
        with whole_file(path) as draft:
            pq.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA), draft, compression="lz4")


def _grouped(keys: Sequence[Numbers], sums: Sequence[Numbers]) -> tuple[list[Numbers], list[Numbers]]:
    """The groups of some rows in order, and what they add up to."""
    order, starts = _sorted(keys)
    first, last = order[starts], np.append(starts[1:], len(order)) - 1
    return [key[first] for key in keys], [_differences(np.cumsum(column[order])[last]) for column in sums]


def _differences(running: Numbers) -> Numbers:
    """What each group adds to a running sum: groups of a few rows are added up faster so than one by one."""
    running[1:] -= running[:-1].copy()
    return running


def _sorted(keys: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Rows in the order of their keys, and where each group begins.

    Keys and row go into one number where 63 bits are enough for them: numbers are sorted faster than rows.
    """
    rows = len(keys[0])
    least = [int(key.min()) for key in keys]
    widths = [int(key.max()) - low + 1 for key, low in zip(keys, least, strict=True)]
    bits = (rows - 1).bit_length()
    if prod(widths).bit_length() + bits > _BITS:
        order = np.lexsort(list(reversed(keys)))
        is_first = np.zeros(rows, dtype=bool)
        for key in keys:
            is_first[1:] |= np.diff(key[order]) != 0
    else:
        packed = np.zeros(rows, dtype=np.int64)
        for key, low, width in zip(keys, least, widths, strict=True):
            packed *= width
            packed += key
            packed -= low
        packed <<= bits
        packed |= np.arange(rows)
        packed.sort()
        order = packed & ((1 << bits) - 1)
        packed >>= bits
        is_first = np.concatenate([[True], packed[1:] != packed[:-1]])
    is_first[0] = True
    return order, np.flatnonzero(is_first)


def write_flows(entries: Path, flows: Path) -> None:
    """Add up a file of entries."""
    added = Flows()
    for batch in pq.ParquetFile(entries).iter_batches(_BATCH, columns=list(_READ)):
        added.add(pa.Table.from_batches([batch]))
    added.write(flows)
