"""Rows of values and the checks of scoring: in from a program or a file, and out as a run keeps them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from piramide.kernel.findings import Refusal
from piramide.kernel.statuses import STATUSES
from piramide.kernel.value_rows import NO, SCHEMA, YES
from piramide.methodology.model import Pack
from piramide.scoring.reading import check_values
from piramide.scoring.value_columns import TextColumns, completed
from piramide.scoring.value_file import read_columns
from piramide.scoring.values import Values, moment_of


def values_of_rows(rows: pa.Table, pack: Pack, source: str = "rows") -> Values:
    """Rows of a program (columns of the contract, as text), checked for `pack` like those of a file.

    Refuses what `read_values` refuses; places count the rows from 1.
    """
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    lines = np.arange(1, rows.num_rows + 1)
    return check_values(TextColumns(source, completed(columns, rows.num_rows), lines), pack)


def read_rows(path: Path) -> pa.Table:
    """The rows of a file of values as they are written, for who puts others beside them.

    Refuses a file that is no table of values (SC001 to SC007, SC021 to SC027); what the rows say is judged on scoring.
    """
    text = read_columns(path)
    if text.faults:
        raise Refusal(*text.faults)
    return pa.table(text.columns, schema=SCHEMA)


def rows_of_values(values: Values) -> pa.Table:
    """The rows of checked values, exact as they were written, moments named one way."""
    moments = {int(code): str(moment_of(int(code))) for code in values.known_moments()}
    columns = {
        "structure": values.structures,
        "indicator": values.indicators,
        "period": pa.array([moments[int(code)] for code in values.moments], pa.string()),
        "value": values.texts,
        "numerator": values.numerators,
        "denominator": values.denominators,
        "status": pa.array([STATUSES[status] for status in values.statuses], pa.string()),
        "contested": pa.array([YES if flag else NO for flag in values.contested], pa.string()),
        "note": values.notes,
    }
    return pa.table(columns)
