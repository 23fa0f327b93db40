"""Where rows come from: a CSV file, a Parquet file, the rows of a PostgreSQL query, an Arrow table."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.findings import Finding, Place, refuse, refuse_if_errors
from piramide.kernel.tidying import tidy
from piramide.measurement.contract import Contract
from piramide.measurement.loading.blocks import Read, TextBlock, header_names, text_blocks
from piramide.measurement.loading.columns import check_columns
from piramide.measurement.loading.csv_rows import RawRows, read_rows

_BATCH_ROWS: Final = 1 << 17
_HASHED: Final = 1 << 22
_PARQUET_MARK: Final = b"PAR1"
_QUERY_SCHEMES: Final = ("postgresql", "postgres")

Progress = Callable[[int], None]
"""Told how many more bytes have been read."""


class Source(Protocol):
    """Rows to load. `rows` gives pieces that can be read on other threads; the digest is known after the last one."""

    label: str
    size: int

    def rows(self, contract: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Check the columns and give the rows, piece by piece."""

    def sha256(self) -> str:
        """Hash of what was read; of the whole file when it has not been read yet."""


def open_source(text: str, query: str = "") -> Source:
    """The source that a user names: a path, or `postgresql://…` with a query.

    Raises `Refusal`: FA011 for a file that cannot be read, FA015 for a database without query.
    """
    if urlsplit(text).scheme in _QUERY_SCHEMES:
        return QuerySource(text, query)
    path = Path(text)
    try:
        with path.open("rb") as file:
            is_parquet = file.read(len(_PARQUET_MARK)) == _PARQUET_MARK
    except OSError as error:
        raise refuse("FA011", Place(text), problem=error.strerror or str(error)) from error
    return ParquetSource(path) if is_parquet else CsvSource(path)


class _Bytes:
    """Bytes of a stream, hashed and counted while they are read."""

    def __init__(self, read: Read, progress: Progress) -> None:
        self._read = read
        self._progress = progress
        self._digest = hashlib.sha256()

    def read(self, most: int) -> bytes:
        data = self._read(most)
        self._digest.update(data)
        self._progress(len(data))
        return data

    def sha256(self) -> str:
        return self._digest.hexdigest()


def _text_rows(stream: _Bytes, label: str, contract: Contract) -> Iterator[Callable[[], RawRows]]:
    blocks = text_blocks(stream.read, label)
    names = header_names(next(blocks), label)
    check_columns(names, contract, label)
    for block in blocks:
        yield partial(_block_rows, block, names, contract)


def _block_rows(block: TextBlock, names: Sequence[str], contract: Contract) -> RawRows:
    try:
        return read_rows(block, names, contract)
    finally:
        block.done()


class CsvSource:
    """A CSV file in UTF-8, with commas and a header."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.label = str(path)
        self.size = path.stat().st_size
        self._stream: _Bytes | None = None

    def rows(self, contract: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Blocks of lines."""
        with self._path.open("rb", buffering=0) as file:
            self._stream = _Bytes(file.read, progress)
            yield from _text_rows(self._stream, self.label, contract)

    def sha256(self) -> str:
        """Hash of the file."""
        return self._stream.sha256() if self._stream else file_sha256(self._path)


class ParquetSource:
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.label = str(path)
        self.size = path.stat().st_size

    def rows(self, contract: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Batches of records; a record's number stands for its line."""
        try:
            file = pq.ParquetFile(self._path)
            check_columns([tidy(name) for name in file.schema_arrow.names], contract, self.label)
            _check_types(file.schema_arrow, self.label)
            if not file.metadata.num_rows:
                raise refuse("FA006", Place(self.label))
            count = 0
            for batch in file.iter_batches(_BATCH_ROWS, columns=file.schema_arrow.names):
                batch.validate(full=True)  # a text that is no UTF-8, a code that is in no dictionary
                progress(self.size * batch.num_rows // file.metadata.num_rows)
                yield _batch_rows(batch, count)
                count += batch.num_rows
        except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
            raise refuse("FA011", Place(self.label), problem=str(error).splitlines()[0]) from error

    def sha256(self) -> str:
        """Hash of the file."""
        return file_sha256(self._path)


def _check_types(schema: pa.Schema, label: str) -> None:
    """Refuse (FA076) columns that hold lists, records or bytes where a dataset holds texts, numbers, days."""
    refuse_if_errors(
        Finding("FA076", Place(label), field.name, {"held": str(field.type)})
        for field in schema
        if not _is_plain(field.type)
    )


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    is_length = pa.types.is_duration(kind) or pa.types.is_interval(kind)
    return not (pa.types.is_nested(kind) or is_bytes or is_length or isinstance(kind, pa.BaseExtensionType))


def _batch_rows(batch: pa.RecordBatch, before: int) -> Callable[[], RawRows]:
    """Columns of a batch; one in which every cell is empty has no type of its own, and is one of empty texts."""
    columns = {tidy(name): batch[name] for name in batch.schema.names}
    for name, cells in columns.items():
        if pa.types.is_null(cells.type) or (pa.types.is_dictionary(cells.type) and not len(cells.dictionary)):
            columns[name] = pa.nulls(len(cells), pa.string())
    return lambda: RawRows(columns, before + 1 + np.arange(batch.num_rows))


class QuerySource:
    """The rows of a PostgreSQL query, read as CSV through COPY, in a transaction that may only read."""

    def __init__(self, url: str, query: str) -> None:
        self._url = url
        self._query = query.strip().rstrip(";")
        self.label = _without_password(url)
        self.size = 0
        self._stream: _Bytes | None = None
        if not self._query:
            raise refuse("FA015", Place(self.label))

    def rows(self, contract: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Blocks of lines, the header being line 1."""
        with self._copy() as read:
            self._stream = _Bytes(read, progress)
            yield from _text_rows(self._stream, self.label, contract)

    def sha256(self) -> str:
        """Hash of the rows, in the order in which they came."""
        return self._stream.sha256() if self._stream else ""

    @contextmanager
    def _copy(self) -> Iterator[Read]:
        """The stream of the query's rows."""
        try:
            postgresql: Any = importlib.import_module("psycopg")
        except ImportError as error:
            raise refuse("FA017", Place(self.label)) from error
        try:
            with (
                closing(postgresql.connect(self._url, client_encoding="UTF8")) as connection,
                connection.cursor() as cursor,
            ):
                cursor.execute("SET TRANSACTION READ ONLY")
                cursor.execute("SET LOCAL datestyle TO ISO")
                with cursor.copy(f"COPY ({self._query}) TO STDOUT (FORMAT csv, HEADER true)") as copy:
                    yield _pieces(copy)
        except postgresql.Error as error:
            raise refuse("FA014", Place(self.label), problem=str(error).splitlines()[0]) from error


def _pieces(copy: Any) -> Read:  # noqa: ANN401 - the driver may be absent, and its types with it
    """Read whole pieces of at least so many bytes out of the small ones that the server sends."""

    def read(most: int) -> bytes:
        pieces, size = [], 0
        while size < most and (piece := copy.read()):
            pieces.append(bytes(piece))
            size += len(pieces[-1])
        return b"".join(pieces)

    return read


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    query = "&".join(p for p in parts.query.split("&") if p and not p.startswith("password="))
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{host}", parts.path, query, ""))


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while data := file.read(_HASHED):
            digest.update(data)
    return digest.hexdigest()
