"""DuckDB, inside the process: the engine that needs nothing but Python."""

from __future__ import annotations

import os
from functools import cache
from types import TracebackType
from typing import Final, Self

import duckdb
import pyarrow as pa

from piramide.kernel.findings import Place, refuse
from piramide.measurement.engines.engine import Query

_AT_ONCE: Final = 4
"""More queries than this take memory rather than time."""


class DuckdbEngine:
    """A database in memory, one for each opening."""

    name = "duckdb"
    at_once = min(os.cpu_count() or 1, _AT_ONCE)

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        """`settings` are DuckDB's own (`memory_limit`, `threads`)."""
        self._settings = settings or {}
        self._connection: duckdb.DuckDBPyConnection | None = None

    def __enter__(self) -> Self:
        """Open a database; nothing of it is read from or written to the disk."""
        self._connection = duckdb.connect(config={"enable_external_access": "true", **self._settings})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()

    def run(self, query: Query) -> pa.Table:
        """The answer of a query. Raises `Refusal` (ME010) with what DuckDB says."""
        assert self._connection is not None  # noqa: S101 - a slip of the programmer: an engine is a context
        cursor = self._connection.cursor()
        try:
            for name, files in query.files.items():
                paths = ", ".join(_quoted(str(path)) for path in files)
                # Temporary, so that queries that run at once do not see each other's.
                cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM read_parquet([{paths}])")
            for name, table in query.tables.items():
                cursor.register(name, table)
            return cursor.sql(query.text).to_arrow_table()
        except duckdb.Error as error:
            raise refuse("ME010", Place(), self.name, problem=str(error).splitlines()[0]) from error
        finally:
            cursor.close()


def answer(query: Query) -> pa.Table:
    """The answer to a small question, from one database of the process that stays open. Raises `Refusal` (ME010)."""
    return _of_process(os.getpid()).run(query)


@cache
def _of_process(_process: int) -> DuckdbEngine:
    """The database of this process: one that was open when the process divided is of the other."""
    return DuckdbEngine().__enter__()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
