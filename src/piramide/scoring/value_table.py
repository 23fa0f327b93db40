"""Rows of values and the checks of scoring: in from a program or a file, and out as a run keeps them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.kernel.findings import Refusal
from piramide.kernel.statuses import STATUSES
from piramide.kernel.value_rows import NO, SCHEMA, YES
from piramide.methodology.model import Pack
from piramide.scoring.reading import check_values
from piramide.scoring.value_columns import TextColumns, completed
from piramide.scoring.value_file import read_columns
from piramide.scoring.values import Values, moment_of

_TEXTS: Final = ("structures", "indicators", "texts", "numerators", "denominators", "notes")
_NUMBERS: Final = ("moments", "values", "has_value", "statuses", "contested", "lines")
"""Columns of values that hold one cell of each row."""


def values_of_rows(rows: pa.Table, pack: Pack, source: str = "rows") -> Values:
    """Rows of a program (columns of the contract, as text), checked for `pack` like those of a file.

    Refuses what `read_values` refuses; places count the rows from 1.
    """
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    lines = np.arange(1, rows.num_rows + 1)
    return check_values(TextColumns(source, completed(columns, rows.num_rows), lines), pack)


def with_row(values: Values, rows: pa.Table, at: int, pack: Pack) -> Values:
    """The values of `rows`, of which all but the one `at` are those of `values`: what `values_of_rows` makes of them.

    The row stands in the place of one for the same structure, indicator and moment, or after all others. It alone is
    checked, and refused as `values_of_rows` refuses it; remarks stay those of `values`.
    """
    columns = {name: rows[name].slice(at, 1).combine_chunks() for name in rows.column_names}
    lines = np.array([at + 1])
    one = check_values(TextColumns(values.source, completed(columns, 1), lines), pack)
    ratios = {row: ratio for row, ratio in values.ratios.items() if row != at}
    keys, place = values.keys, int(values.find(one.keys)[0])
    if place < 0:
        keys, place = pa.concat_arrays([keys, one.keys]), len(keys)
    put: dict[str, Any] = {name: _put(getattr(values, name), getattr(one, name), at) for name in _TEXTS}
    put |= {name: _put_number(getattr(values, name), getattr(one, name), at) for name in _NUMBERS}
    return replace(
        values,
        **put,
        keys=keys,
        key_of=_put_number(values.key_of, np.array([place], np.intp), at),
        ratios=ratios | ({at: one.ratios[0]} if one.ratios else {}),
    )


def _put(column: pa.StringArray, one: pa.StringArray, at: int) -> pa.StringArray:
    """A column with one row put in the place of another, or after the last."""
    return pa.concat_arrays([column.slice(0, at), one, column.slice(at + 1)])


def _put_number(column: NDArray[Any], one: NDArray[Any], at: int) -> NDArray[Any]:
    return np.concatenate([column[:at], one, column[at + 1 :]])


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
