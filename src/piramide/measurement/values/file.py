"""The values file that `measure` writes and `score` reads: CSV, or Parquet when the name ends so."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file, write_whole
from piramide.kernel.findings import Place, refuse
from piramide.measurement.values.indicators import IndicatorValue
from piramide.methodology.value_columns import COLUMNS

_NUMBERS: Final = frozenset({"value", "numerator", "denominator"})


def values_table(values: Sequence[IndicatorValue]) -> pa.Table:
    """The columns of the contract; a period is named in the shortest way that names its moment."""
    columns = {
        "structure": [value.structure for value in values],
        "indicator": [value.indicator for value in values],
        "period": [str(value.moment) for value in values],
        "value": [value.value for value in values],
        "numerator": [value.numerator for value in values],
        "denominator": [value.denominator for value in values],
        "status": [value.status for value in values],
        "contested": ["no"] * len(values),
        "note": [value.note for value in values],
    }
    types = {name: pa.float64() if name in _NUMBERS else pa.string() for name in COLUMNS}
    return pa.table({name: pa.array(columns[name], types[name]) for name in COLUMNS})


def write_values(values: Sequence[IndicatorValue], path: Path) -> None:
    """Write the file whole or not at all. Raises `Refusal` (ME014) when it cannot be written."""
    table = values_table(values)
    try:
        if path.suffix == ".parquet":
            with whole_file(path) as draft:
                pq.write_table(table, draft, compression="zstd")
        else:
            write_whole(path, _as_csv(table))
    except OSError as error:
        raise refuse("ME014", Place(str(path)), problem=error.strerror or str(error)) from error


def _as_csv(table: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in zip(*(table[name].to_pylist() for name in COLUMNS), strict=True):
        writer.writerow([number_text(cell) if isinstance(cell, float) else cell for cell in row])
    return text.getvalue()


def number_text(value: float) -> str:
    """The shortest text that gives the same number back.

    >>> number_text(1010.0), number_text(0.1)
    ('1010', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
