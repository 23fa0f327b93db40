"""Values typed in a test as tuples, read as those of a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from piramide.kernel.value_rows import REQUIRED, rows_of
from piramide.methodology.model import Pack
from piramide.scoring.value_table import values_of_rows
from piramide.scoring.values import Values

ROW_COLUMNS = (*REQUIRED, "status", "contested", "note")


def values_from_rows(rows: Iterable[tuple[Any, ...]], pack: Pack, source: str = "rows") -> Values:
    """Check rows of (structure, indicator, period, value[, status[, contested[, note]]]) for `pack`."""
    return values_of_rows(rows_of(dict(zip(ROW_COLUMNS, row, strict=False)) for row in rows), pack, source)
