"""Files of the work ledger: Parquet or CSV, one a month, written beside the simulation by one thread."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from piramide.demo.facts.entries import ENCODED, SCHEMA
from piramide.kernel.durable import whole_file

FORMATS: Final = ("parquet", "csv")
_AHEAD: Final = 2


def write_tables(path: Path, tables: Iterable[pa.Table], writing: ThreadPoolExecutor) -> None:
    """Write tables to one file in their order, making the next while one is written; the ending says which format."""
    with whole_file(path) as draft, _open(draft, path.suffix) as file:
        under_way: deque[Future[None]] = deque()
        for table in tables:
            under_way.append(writing.submit(_append, file, table))
            if len(under_way) >= _AHEAD:
                under_way.popleft().result()
        for left in under_way:
            left.result()


def _append(file: pq.ParquetWriter | pa_csv.CSVWriter, table: pa.Table) -> None:
    if isinstance(file, pa_csv.CSVWriter):
        # CSV knows no dictionaries: codes are written out.
        file.write_table(table.cast(SCHEMA))
    else:
        file.write_table(table.cast(ENCODED), row_group_size=table.num_rows or None)


def _open(path: Path, ending: str) -> pq.ParquetWriter | pa_csv.CSVWriter:
    if ending == ".csv":
        options = pa_csv.WriteOptions(quoting_style="needed")
        return pa_csv.CSVWriter(path, SCHEMA, write_options=options)
    codes = [name for name, kind in zip(SCHEMA.names, SCHEMA.types, strict=True) if kind == pa.string()]
    return pq.ParquetWriter(
        path,
        ENCODED,
        compression="snappy",
        use_dictionary=[name for name in (*codes, "day", "received_on") if name != "case"],
        write_statistics=["day", "office_of_competence"],
        store_schema=False,
        store_decimal_as_integer=True,
    )


def sha256(path: Path) -> str:
    """Hash of a file."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
