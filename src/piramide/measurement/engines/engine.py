"""What an engine does: run one query over Parquet files and small tables, and bring the answer home as Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Query:
    """SQL in the dialect of DuckDB over the rows of `files` and of `tables`, each under its name."""

    text: str
    files: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


class Engine(Protocol):
    """Runs queries, `at_once` of them from as many threads; opened and closed as a context."""

    name: str
    at_once: int

    def run(self, query: Query) -> pa.Table:
        """The answer of a query. Raises `Refusal` (ME010) when the engine cannot give one."""
        ...

    def __enter__(self) -> Self:
        """Open what queries need."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back."""
        ...
