"""Writing the accepted rows of a load: row groups of a million, small codes as dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import take_place, whole_file
from piramide.measurement.loading.flows import Flows
from piramide.measurement.loading.judging import SetAside
from piramide.measurement.loading.rejected import SCHEMA

GROUP_ROWS: Final = 1_000_000
_REPEATING: Final = ("product", "competence", "work", "points_1000", "points_in_1000")
"""Columns of work that are worth a dictionary; the others compress as they are."""


class EntriesWriter:
    """A Parquet file that rows are appended to; `flows` adds up those of work on the way.

    A million rows are written on a thread of their own while whoever writes goes on with the next million.
    """

    def __init__(self, path: Path, schema: pa.Schema, flows: Flows | None = None) -> None:
        self._flows = flows
        self._waiting: list[pa.Table] = []
        self._count = 0
        self._pool = ThreadPoolExecutor(1)
        self._putting: Future[None] | None = None
        dictionary = [name for name in schema.names if "case_key" not in schema.names or name in _REPEATING]
        # Bounds let the fold skip row groups and add up small numbers without a test for overflow.
        bounded = [field.name for field in schema if _is_bounded(field)]
        self._writer = pq.ParquetWriter(
            path, schema, compression="lz4", use_dictionary=dictionary, write_statistics=bounded
        )

    def __enter__(self) -> Self:
        """The writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, unless something failed, and close the file."""
        try:
            if kind is None:
                self._flush()
                self._put_away()
        finally:
            self._pool.shutdown()
            self._writer.close()

    def write(self, rows: pa.Table) -> None:
        """Append rows. Raises what writing those before raised."""
        self._waiting.append(rows)
        self._count += len(rows)
        if self._count >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._put_away()
        if self._count:
            self._putting = self._pool.submit(self._put, pa.concat_tables(self._waiting))
        self._waiting, self._count = [], 0

    def _put_away(self) -> None:
        if self._putting:
            self._putting.result()
        self._putting = None

    def _put(self, rows: pa.Table) -> None:
        if self._flows:
            self._flows.add(rows)
        self._writer.write_table(rows, row_group_size=GROUP_ROWS * 2)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a whole table as Parquet."""
    with whole_file(path) as draft:
        pq.write_table(table, draft)


def _is_bounded(field: pa.Field) -> bool:
    """Whether the bounds of a column are worth writing: those of texts and of random keys tell nothing."""
    return field.name != "case_key" and not pa.types.is_string(field.type)


def without_rows(path: Path, aside: SetAside, told: Callable[[pa.Table, list[str]], pa.Table]) -> pa.Table:
    """Take the rows that are set aside out of a file of entries; give them back as `told` tells rows set aside."""
    if not len(aside.rows):
        return SCHEMA.empty_table()
    cleaned = path.with_name(f"{path.name}.new")
    found, start = [], 0
    file = pq.ParquetFile(path)
    with EntriesWriter(cleaned, file.schema_arrow) as writer:
        for batch in file.iter_batches(GROUP_ROWS):
            wrong, reasons = aside.among(start, batch.num_rows)
            table = pa.Table.from_batches([batch])
            found.append(told(table.filter(pa.array(wrong)), reasons))
            writer.write(table.filter(pa.array(~wrong)))
            start += batch.num_rows
    take_place(cleaned, path)
    return pa.concat_tables(found)
