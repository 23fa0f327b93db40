"""Spark: the same text, transpiled, on a cluster or on a local master. Needs the extra `spark` and Java 17."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import sqlglot

from piramide.kernel.findings import Place, refuse
from piramide.kernel.formula_trees import DIALECT
from piramide.measurement.engines.configuration import SparkSettings
from piramide.measurement.engines.engine import Query

try:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
except ImportError:  # the extra is not installed; opening the engine says so
    SparkSession = None  # type: ignore[assignment,misc]  # absent

_QUIET: Final[Mapping[str, str]] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_LOCAL: Final[Mapping[str, str]] = {"spark.sql.shuffle.partitions": "8"}


class SparkEngine:
    """A session on the master that the settings name, kept open for all queries of one opening."""

    name = "spark"
    at_once = 1

    def __init__(self, settings: SparkSettings) -> None:
        """`settings` say the master, where the cluster sees the ledger, and Spark's own settings."""
        self._settings = settings
        self._session: Any = None

    def __enter__(self) -> Self:
        """Start the session. Raises `Refusal` ME015 without the extra, ME016 when Spark does not start."""
        if SparkSession is None:
            raise refuse("ME015")
        if self._settings.is_local:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master(self._settings.master).appName("piramide")
        local = _LOCAL if self._settings.is_local else {}
        for key, value in {**_QUIET, **local, **self._settings.spark}.items():
            builder = builder.config(key, value)
        try:
            self._session = builder.getOrCreate()
        except Exception as error:  # Java missing, master unreachable: py4j raises each in its own way
            raise refuse("ME016", subject=self._settings.master, problem=_first_line(error)) from error
        self._session.sparkContext.setLogLevel("ERROR")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the session."""
        if self._session is not None:
            self._session.stop()

    def run(self, query: Query) -> pa.Table:
        """The answer of a query. Raises `Refusal` (ME010) with what Spark says."""
        text = sqlglot.transpile(query.text, read=DIALECT, write="spark")[0]
        try:
            for name, files in query.files.items():
                self._session.read.parquet(*map(self._path, files)).createOrReplaceTempView(name)
            for name, table in query.tables.items():
                self._session.createDataFrame(table).createOrReplaceTempView(name)
            return self._session.sql(text).toArrow()
        except PySparkException as error:
            raise refuse("ME010", Place(), self.name, problem=_first_line(error)) from error

    def _path(self, file: Path) -> str:
        """Where the cluster sees a file of the ledger."""
        return self._settings.seen(file)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
