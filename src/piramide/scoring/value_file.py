"""From bytes to columns of text: the part of reading values that does not know what they mean.

    read_columns   a CSV, XLSX or Parquet file as text columns, one line number per row
    columns_of     the same from bytes that are in memory already

A file that cannot be a table of values is refused here; what is wrong with its columns and rows is told together.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.tidying import tidy
from piramide.scoring.value_columns import TextColumns, checked_header, completed, without_blank_rows
from piramide.scoring.value_dialect import UTF_8, decimal_mark, decoded, separator_of, with_points
from piramide.scoring.value_workbook import is_workbook, workbook_columns

MOST_BYTES: Final = 200_000_000
_PARQUET: Final = b"PAR1"
_QUOTED: Final = 80
_DIGITS: Final = re.compile(r"\s*[+-]?\d+,\d+\s*", re.ASCII)


def read_columns(path: Path) -> TextColumns:
    """Read a values file, CSV, XLSX or Parquet.

    Refuses SC001 a file that cannot be read, SC002 one of 200 MB or more, SC003 an empty one, SC004 another encoding
    than UTF-8 and Windows-1252, SC005 columns missing, SC021 another separator, SC023 and SC027 what is broken Parquet
    or CSV, and the workbooks that `workbook_columns` refuses.
    """
    source = str(path)
    try:
        size = path.stat().st_size
        if size >= MOST_BYTES:
            raise refuse("SC002", Place(source), size=size // 1_000_000, most=MOST_BYTES // 1_000_000)
        data = path.read_bytes()
    except OSError as error:
        raise refuse("SC001", Place(source), problem=error.strerror or str(error)) from error
    return columns_of(data, source)


def columns_of(data: bytes, source: str) -> TextColumns:
    """The columns of a file that was read already, called `source` in messages. Refuses what `read_columns` does."""
    if not data.strip():
        raise refuse("SC003", Place(source))
    if is_workbook(data):
        columns = workbook_columns(data, source)
    else:
        columns = _from_parquet(source, data) if data.startswith(_PARQUET) else _from_csv(source, data)
    if not len(columns.lines) and not columns.faults:
        raise refuse("SC003", Place(source, 1))
    return columns


def _from_csv(source: str, data: bytes) -> TextColumns:
    data, encoding = decoded(source, data)
    first, _, rest = data.partition(b"\n")
    head = first.decode("utf-8-sig").rstrip("\r")
    separator = separator_of(head)
    try:
        header = next(csv.reader([head], delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise refuse("SC027", Place(source, 1), problem=str(error)) from error
    if len(header) == 1 and "\t" in head:
        raise refuse("SC021", Place(source, 1), separator="tab")
    names, wrong = checked_header(source, [tidy(name) for name in header])
    if not rest.strip():
        return TextColumns(source, completed({}, 0), np.zeros(0, np.int64), wrong)
    read = _rows(source, rest, names, separator)
    mark = "."
    if separator == ";":
        mark, read = decimal_mark(read), with_points(read)
    fields = {"separator": separator, "mark": mark, "encoding": encoding}
    remarks = () if (separator, encoding) == (",", UTF_8) else (Finding("SC034", Place(source), source, fields),)
    return replace(read, faults=(*wrong, *read.faults), remarks=remarks)


def _rows(source: str, rest: bytes, names: list[str], separator: str) -> TextColumns:
    """The rows below the header; those of another length are faults."""
    skipped: list[tuple[int, int, str]] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        skipped.append((row.number, row.actual_columns, row.text))
        return "skip"

    try:
        table = _parsed(rest, names, separator, set_aside)
    except pa.ArrowException as error:
        raise refuse("SC027", Place(source), problem="broken CSV") from error
    columns = {name: table.column(name).combine_chunks() for name in names}
    lines = _lines(columns, table.num_rows, [number for number, _, _ in skipped])
    faults = tuple(_uneven(source, row, names) for row in skipped if row[2].strip())
    return without_blank_rows(TextColumns(source, completed(columns, table.num_rows), lines, faults))


def _parsed(rest: bytes, names: list[str], separator: str, set_aside: Callable[[pa_csv.InvalidRow], str]) -> pa.Table:
    """All the rows as text; those of another length go to `set_aside`."""
    text = dict.fromkeys(names, pa.string())
    return pa_csv.read_csv(
        io.BytesIO(rest),
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(rest) + 1),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator, newlines_in_values=True, invalid_row_handler=set_aside, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(column_types=text, strings_can_be_null=False, check_utf8=False),
    )


def _uneven(source: str, row: tuple[int, int, str], names: list[str]) -> Finding:
    """A row with too many or too few cells; a decimal comma makes one cell two."""
    number, found, text = row
    cells = text.strip().split(",")
    value = names.index("value")
    if found == len(names) + 1 and len(cells) == found and _DIGITS.fullmatch(",".join(cells[value : value + 2])):
        printed = ",".join(cells[value : value + 2])
        place = Place(source, number + 1, "value")
        return Finding("SC012", place, printed, {"suggested": printed.replace(",", ".")})
    fields = {"expected": len(names), "found": found}
    return Finding("SC007", Place(source, number + 1), text.strip()[:_QUOTED], fields)


def _lines(columns: dict[str, pa.StringArray], rows: int, skipped: list[int]) -> NDArray[np.int64]:
    """Line of each row: rows set aside leave a gap, a line break inside a cell moves what follows."""
    numbers = np.arange(1, rows + len(skipped) + 1)
    kept = np.setdiff1d(numbers, np.array(skipped, np.int64), assume_unique=True)[:rows]
    breaks = np.zeros(rows, np.int64)
    for column in columns.values():
        breaks += np.asarray(pc.count_substring(column, "\n"), np.int64)
    answer: NDArray[np.int64] = kept + 1 + np.concatenate([[0], np.cumsum(breaks)[:-1]])[:rows]
    return answer


def _from_parquet(source: str, data: bytes) -> TextColumns:
    try:
        table = pq.read_table(pa.BufferReader(data))
        names, faults = checked_header(source, [tidy(name) for name in table.column_names])
        columns = {
            name: pc.fill_null(pc.cast(table.column(at), pa.string()), "").combine_chunks()
            for at, name in enumerate(names)
            if not name.startswith("?")
        }
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise refuse("SC023", Place(source), problem="broken Parquet") from error
    return TextColumns(source, completed(columns, table.num_rows), np.arange(1, table.num_rows + 1), faults)
