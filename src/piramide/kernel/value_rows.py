"""Rows of values: the one shape between measuring, collecting, adjusting and scoring, and how a file prints it.

A table of Arrow with the columns of the contract ("Files"), every cell text: a figure is the exact decimal as it was
written, or the shortest one that gives a double back, and is empty where there is none.

    rows_of          rows of a program, cell by cell
    measured_first   what facts measure and, where they give nothing, what people collected
    at_moments       the rows of some moments alone
    contested_in     the same rows, each saying whether somebody contests it
    as_csv, write    the file: CSV, or Parquet when its name ends so
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file, write_whole
from piramide.kernel.periods import parse_period

COLUMNS: Final = (
    "structure",
    "indicator",
    "period",
    "value",
    "numerator",
    "denominator",
    "status",
    "contested",
    "note",
)
"""In their order: what is measured, collected, scored and published has the same."""
REQUIRED: Final = COLUMNS[:4]
ASKED: Final = (*REQUIRED, "status", "note")
"""What people fill in."""
SIDES: Final = ("numerator", "denominator")
FIGURES: Final = ("value", *SIDES)
SCHEMA: Final = pa.schema([(name, pa.string()) for name in COLUMNS])
YES: Final = "yes"
NO: Final = "no"

SEPARATOR: Final = "\x1f"
"""Between the parts of a key; no name holds it."""


def rows_of(rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """The rows of a program: texts as they are, numbers in their shortest text; what is `None` or absent is empty.

    >>> rows_of([{"structure": "lazio", "indicator": "x", "period": "2024", "value": 12.0}])["value"].to_pylist()
    ['12']
    """
    listed = list(rows)
    return pa.table({name: [_text(row.get(name)) for row in listed] for name in COLUMNS}, schema=SCHEMA)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return number_text(cell) if isinstance(cell, float) else str(cell)


def number_text(value: float) -> str:
    """The shortest text that gives the same number back.

    >>> number_text(1010.0), number_text(0.1)
    ('1010', '0.1')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(float(value))


def measured_first(measured: pa.Table, collected: pa.Table) -> pa.Table:
    """The rows that facts give a value of, then those collected of which they give none, whatever a moment is called.

    What facts were to measure and did not is left out: nobody said that it is missing.
    """
    given = measured.filter(pc.not_equal(measured["value"], ""))
    is_given = pc.is_in(_keys(collected), value_set=_keys(given))
    return pa.concat_tables([given, collected.filter(pc.invert(is_given))]).combine_chunks()


def at_moments(rows: pa.Table, moments: Collection[str]) -> pa.Table:
    """The rows of some moments, each given by its shortest name."""
    return rows.filter(pc.is_in(_moments(rows), value_set=pa.array(sorted(moments), pa.string())))


def contested_in(rows: pa.Table, contested: Collection[tuple[str, str]]) -> pa.Table:
    """The rows, each saying whether its (structure, indicator) is contested."""
    pairs = zip(rows["structure"].to_pylist(), rows["indicator"].to_pylist(), strict=True)
    said = pa.array([YES if pair in contested else NO for pair in pairs], pa.string())
    return rows.set_column(COLUMNS.index("contested"), "contested", said)


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    """One key for each row: structure, indicator, moment."""
    return pc.binary_join_element_wise(rows["structure"], rows["indicator"], _moments(rows), SEPARATOR)


def _moments(rows: pa.Table) -> pa.Array:
    """The shortest name of the moment of each row; each period is parsed once."""
    periods = rows["period"].combine_chunks().dictionary_encode()
    names = pa.array([str(parse_period(text).moment) for text in periods.dictionary.to_pylist()], pa.string())
    return names.take(periods.indices) if len(names) else pa.array([""] * rows.num_rows, pa.string())


def as_csv(rows: pa.Table, columns: Sequence[str] = COLUMNS, *, line_end: str = "\n") -> str:
    """The rows as the file that the contract describes, or some of its columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows(zip(*(rows[name].to_pylist() for name in columns), strict=True))
    return text.getvalue()


def write(rows: pa.Table, path: Path) -> None:
    """Write the file whole or not at all; in Parquet figures are doubles, null where there is none."""
    if path.suffix != ".parquet":
        write_whole(path, as_csv(rows))
        return
    with whole_file(path) as draft:
        pq.write_table(pa.table({name: _typed(rows[name], name) for name in COLUMNS}), draft, compression="zstd")


def _typed(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    if name not in FIGURES:
        return column
    blank = np.asarray(pc.equal(column, ""), np.bool_)
    return pc.cast(pc.if_else(pa.array(blank), None, column), pa.float64())
