"""Flows: the entries of a load added up without conditions, so that what needs none is not read row by row again.

`flows.parquet` has one row for each pair of offices, month, kind of entry and product. It is derived: entries alone
decide, and a load without the file is folded from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.statuses import Status
from piramide.measurement.loading.put_away import PutAway
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import SCHEMA, STATUSES

KEYS: Final = ("competence", "work", "month", "kind", "product")
SUMS: Final = ("rows", "estimated", "pieces", "days_left", "points_in_1000")
"""`rows` count; the others add up signs, what is taken back counting minus: of estimated rows, of all, of all times the
days left in the month, of all times the points that their cases came in with."""
_READ: Final = (*KEYS, "sign", "status", "days_to_month_end", "points_in_1000")
_SCHEMA: Final = pa.schema([*(SCHEMA.field(name) for name in KEYS), *((name, pa.int64()) for name in SUMS)])
_BATCH: Final = 1 << 20
_HELD: Final = 500_000
"""Groups that are put together at a time, as far as offices allow."""
_GROUP_ROWS: Final = 1 << 20
_BITS: Final = 63


@dataclass(slots=True)
class Flows:
    """Entries added up as they come: batches of groups in the order of their keys, as keys and sums."""

    away: PutAway

    def add(self, entries: pa.Table) -> None:
        """Add stored rows of work. Raises `OSError` when the disk is full."""
        if not len(entries):
            return
        sign = entries["sign"].to_numpy().astype(np.int64)
        sums = (
            np.ones(len(sign), dtype=np.int64),
            sign * (entries["status"].to_numpy() == STATUSES.index(Status.ESTIMATED)),
            sign,
            sign * entries["days_to_month_end"].to_numpy(),
            sign * entries["points_in_1000"].to_numpy(),
        )
        self.away.add(_grouped([entries[name].to_numpy() for name in KEYS], sums))

    def write(self, path: Path) -> None:
        """Write them, ordered by their keys."""
        with whole_file(path) as draft, pq.ParquetWriter(draft, _SCHEMA, compression="lz4") as writer:
            waiting: list[pa.Table] = []
            for table in self._together():
                waiting.append(table)
                whole = pa.concat_tables(waiting)
                full = len(whole) // _GROUP_ROWS * _GROUP_ROWS
                if full:
                    writer.write_table(whole.slice(0, full), row_group_size=_GROUP_ROWS)
                    waiting = [whole.slice(full)]
            writer.write_table(pa.concat_tables(waiting), row_group_size=_GROUP_ROWS)

    def _together(self) -> Iterator[pa.Table]:
        """The groups of all batches in order, some offices at a time."""
        yield _SCHEMA.empty_table()
        batches = self.away.batches
        offices = 1 + max((int(batch[0][:].max()) for batch in batches), default=-1)
        starts = [np.append(0, np.cumsum(np.bincount(batch[0][:], minlength=offices))) for batch in batches]
        first = held = 0
        for office in range(offices):
            held += sum(int(start[office + 1] - start[office]) for start in starts)
            if held < _HELD and office < offices - 1:
                continue
            rows = [slice(int(start[first]), int(start[office + 1])) for start in starts]
            parts = [[kept[here] for kept in batch] for batch, here in zip(batches, rows, strict=True)]
            columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
            yield _as_table(_grouped(columns[: len(KEYS)], columns[len(KEYS) :]))
            first, held = office + 1, 0


def _as_table(columns: Sequence[Numbers]) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.array(column, kind.type) for column, kind in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )


def _grouped(keys: Sequence[Numbers], sums: Sequence[Numbers]) -> list[Numbers]:
    """The groups of some rows in order, and what they add up to."""
    if not len(keys[0]):
        return [*keys, *sums]
    order, starts = _sorted(keys)
    first, last = order[starts], np.append(starts[1:], len(order)) - 1
    return [*(key[first] for key in keys), *(_differences(np.cumsum(column[order])[last]) for column in sums)]


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
    with PutAway(flows.parent) as away:
        added = Flows(away)
        for batch in pq.ParquetFile(entries).iter_batches(_BATCH, columns=list(_READ)):
            added.add(pa.Table.from_batches([batch]))
        added.write(flows)
