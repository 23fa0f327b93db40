"""Values that were never in a file: rows made by a program, checked like those of a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from piramide.methodology.model import Pack
from piramide.methodology.value_columns import COLUMNS, REQUIRED
from piramide.scoring.reading import check_values
from piramide.scoring.value_columns import TextColumns
from piramide.scoring.values import Values

ROW_COLUMNS = (*REQUIRED, "status", "contested", "note")


def values_from_rows(rows: Iterable[tuple[Any, ...]], pack: Pack, source: str = "rows") -> Values:
    """Check rows of (structure, indicator, period, value[, status[, contested[, note]]]) for `pack`.

    A value may be a text, a number or `None`. Refuses what `read_values` refuses.
    """
    listed = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    columns = {
        name: pa.array([row[place] if place < len(row) else "" for row in listed], pa.string())
        for place, name in enumerate(ROW_COLUMNS)
    }
    blank = pa.array([""] * len(listed), pa.string())
    complete = {name: columns.get(name, blank) for name in COLUMNS}
    return check_values(TextColumns(source, complete, np.arange(1, len(listed) + 1)), pack)
