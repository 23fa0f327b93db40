"""From bytes to columns of text: the part of reading values that does not know what they mean.

    read_columns   a CSV or Parquet file as text columns, one line number per row
    columns_of     the same from bytes that are in memory already

A file that cannot be a table of values is refused here, at the first thing that makes it so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.value_columns import COLUMNS, REQUIRED

MOST_BYTES: Final = 200_000_000
_PARQUET: Final = b"PAR1"
_QUOTED: Final = 80
_DIGITS: Final = re.compile(r"\s*[+-]?\d+,\d+\s*", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class TextColumns:
    """Every column of the contract as trimmed text (empty where the file has none), and the line of each row."""

    source: str
    columns: dict[str, pa.StringArray]
    lines: NDArray[np.int64]
    faults: tuple[Finding, ...] = ()

    def place(self, row: int, column: str = "") -> Place:
        """Where a cell stands in the file."""
        return Place(self.source, int(self.lines[row]), column)


def read_columns(path: Path) -> TextColumns:
    """Read a values file, CSV or Parquet.

    Refuses SC001 a file that cannot be read, SC002 one of 200 MB or more, SC003 an empty one, SC004 another encoding
    than UTF-8, SC005-SC006 and SC021-SC022 columns missing, unknown, badly separated or twice, SC023 and SC027 what is
    broken Parquet or CSV.
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
    columns = _from_parquet(source, data) if data.startswith(_PARQUET) else _from_csv(source, data)
    if not len(columns.lines) and not columns.faults:
        raise refuse("SC003", Place(source, 1))
    return columns


def _from_csv(source: str, data: bytes) -> TextColumns:
    _check_encoding(source, data)
    first, _, rest = data.partition(b"\n")
    try:
        header = next(csv.reader([first.decode("utf-8-sig").rstrip("\r")], strict=True), [])
    except csv.Error as error:
        raise refuse("SC027", Place(source, 1), problem=str(error)) from error
    names = _checked_header(source, [name.strip() for name in header])
    if not rest.strip():
        return TextColumns(source, _completed({}, 0), np.zeros(0, np.int64))
    skipped: list[tuple[int, int, str]] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        skipped.append((row.number, row.actual_columns, row.text))
        return "skip"

    try:
        table = _parsed(rest, names, set_aside)
    except pa.ArrowException as error:
        raise refuse("SC027", Place(source), problem="broken CSV") from error
    columns = {name: table.column(name).combine_chunks() for name in names}
    lines = _lines(columns, table.num_rows, [number for number, _, _ in skipped])
    faults = tuple(_uneven(source, row, names) for row in skipped if row[2].strip())
    return _without_blank_rows(TextColumns(source, _completed(columns, table.num_rows), lines, faults))


def _parsed(rest: bytes, names: list[str], set_aside: Callable[[pa_csv.InvalidRow], str]) -> pa.Table:
    """All the rows as text; those of another length go to `set_aside`."""
    text = dict.fromkeys(names, pa.string())
    return pa_csv.read_csv(
        io.BytesIO(rest),
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(rest) + 1),
        parse_options=pa_csv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=set_aside, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(column_types=text, strings_can_be_null=False, check_utf8=False),
    )


def _without_blank_rows(text: TextColumns) -> TextColumns:
    """An empty line is no row."""
    filled = np.zeros(len(text.lines), np.bool_)
    for column in text.columns.values():
        filled |= np.asarray(pc.not_equal(column, ""), np.bool_)
    columns = {name: column.filter(pa.array(filled)) for name, column in text.columns.items()}
    return TextColumns(text.source, columns, text.lines[filled], text.faults)


def _check_encoding(source: str, data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse("SC004", Place(source, data.count(b"\n", 0, error.start) + 1)) from error
    if b"\0" in data:
        raise refuse("SC004", Place(source, data.count(b"\n", 0, data.index(b"\0")) + 1))


def _checked_header(source: str, header: list[str]) -> list[str]:
    """The names of the columns, or a refusal with everything that is wrong with them."""
    place = Place(source, 1)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise refuse("SC021", place, separator=";" if ";" in header[0] else "tab")
    faults = [
        Finding("SC006", place, name, {"near": ", ".join(nearest(name, COLUMNS)) or ", ".join(COLUMNS)})
        for name in dict.fromkeys(header)
        if name not in COLUMNS
    ]
    faults += [Finding("SC022", place, name) for name in dict.fromkeys(header) if header.count(name) > 1]
    faults += [
        Finding("SC005", place, name, {"columns": ",".join(REQUIRED)}) for name in REQUIRED if name not in header
    ]
    if faults:
        raise Refusal(*faults)
    return header


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
        _checked_header(source, list(table.column_names))
        columns = {
            name: pc.fill_null(pc.cast(table.column(name), pa.string()), "").combine_chunks()
            for name in table.column_names
        }
    except pa.ArrowException as error:
        raise refuse("SC023", Place(source), problem="broken Parquet") from error
    return TextColumns(source, _completed(columns, table.num_rows), np.arange(1, table.num_rows + 1))


def _completed(columns: dict[str, pa.StringArray], rows: int) -> dict[str, pa.StringArray]:
    """Every column of the contract, trimmed; those the file leaves out are empty."""
    blank = pa.array([""] * rows, pa.string())
    return {name: pc.utf8_trim_whitespace(columns.get(name, blank)) for name in COLUMNS}
