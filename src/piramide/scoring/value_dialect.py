"""How a file of values is written: separator, encoding and decimals, decided for the whole file and said.

    decoded        the text of a file as UTF-8, and the encoding it was found in
    separator_of   what stands between its columns
    with_points    the figures with a decimal point, whatever the file writes; cells that say two things are faults

A spreadsheet in Italian writes `;` between columns and a decimal comma; a program writes `,` and a point.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.tidying import tidy
from piramide.kernel.value_rows import COLUMNS, FIGURES
from piramide.scoring.value_columns import TextColumns

UTF_8: Final = "UTF-8"
_WINDOWS: Final = "cp1252"
_SEPARATORS: Final = (",", ";")
_MINUS: Final = "\u2212"
_WITH_COMMA: Final = rf"^[+\-{_MINUS}]?(\d+|\d{{1,3}}(\.\d{{3}})+),\d+$"
_WITH_POINT: Final = rf"^[+\-{_MINUS}]?\d*\.[\d.]*([eE][+-]?\d+)?$"
_TWO_READINGS: Final = rf"^[+\-{_MINUS}]?[1-9]\d{{0,2}}(\.\d{{3}})+$"
_MOST_FAULTS: Final = 51

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Which cells of a column of figures are written with a comma, with a point, and with a point of two readings."""

    commas: Flags
    points: Flags
    doubtful: Flags


def decoded(source: str, data: bytes) -> tuple[bytes, str]:
    """The bytes in UTF-8, and the encoding they were in; refuses (SC004) what is neither UTF-8 nor Windows-1252."""
    if b"\0" in data:
        raise refuse("SC004", Place(source, data.count(b"\n", 0, data.index(b"\0")) + 1))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        try:
            return data.decode(_WINDOWS).encode(), "Windows-1252"
        except UnicodeDecodeError:
            raise refuse("SC004", Place(source, data.count(b"\n", 0, error.start) + 1)) from error
    return data, UTF_8


def separator_of(header: str) -> str:
    """What separates the columns: of comma and semicolon the one that gives more names of columns."""

    def names(separator: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=separator, strict=True), [])
        except csv.Error:
            return 0
        return len({tidy(cell) for cell in cells} & set(COLUMNS))

    return max(_SEPARATORS, key=names)


def with_points(text: TextColumns, written: Mapping[str, Flags] | None = None) -> TextColumns:
    """Figures with a decimal point. `written` marks the cells that hold text, where others hold numbers.

    A decimal comma holds for the whole file: beside it, a point that groups no thousands is a fault (SC035); so is,
    without any comma, a point that may group thousands, unless another cell shows that it opens decimals.
    """
    cells = {name: _cells(text.columns[name], written.get(name) if written else None) for name in FIGURES}
    commas = any(kind.commas.any() for kind in cells.values())
    opens_decimals = any((kind.points & ~kind.doubtful).any() for kind in cells.values())
    wrong = {
        name: kind.points if commas else kind.doubtful if not opens_decimals else np.zeros_like(kind.points)
        for name, kind in cells.items()
    }
    faults = tuple(_mixed(text, cells, wrong))
    columns = {name: _pointed(text.columns[name], cells[name].commas, wrong[name]) for name in FIGURES}
    return replace(text, columns={**text.columns, **columns}, faults=(*text.faults, *faults))


def decimal_mark(text: TextColumns) -> str:
    """The mark that opens decimals in a file as it is written: a comma if any figure has one."""
    return "," if any(np.asarray(_like(text.columns[name], _WITH_COMMA)).any() for name in FIGURES) else "."


def _cells(column: pa.StringArray, written: Flags | None) -> _Cells:
    here = np.ones(len(column), np.bool_) if written is None else written
    commas, points, doubtful = (_like(column, pattern) & here for pattern in (_WITH_COMMA, _WITH_POINT, _TWO_READINGS))
    return _Cells(commas, points, doubtful)


def _like(column: pa.StringArray, pattern: str) -> Flags:
    return np.asarray(pc.match_substring_regex(column, pattern), np.bool_)


def _mixed(text: TextColumns, cells: Mapping[str, _Cells], wrong: Mapping[str, Flags]) -> Iterator[Finding]:
    """A fault for each cell whose point says two things, with the line that shows a decimal comma if there is one."""
    lines = [int(text.lines[row]) for kind in cells.values() for row in np.flatnonzero(kind.commas)[:1]]
    for name, rows in wrong.items():
        for row in np.flatnonzero(rows)[:_MOST_FAULTS].tolist():
            printed = text.columns[name][row].as_py()
            fields = {"line": min(lines)} if lines else {}
            yield Finding("SC035", text.place(row, name), printed[:40], fields)


def _pointed(column: pa.StringArray, commas: Flags, wrong: Flags) -> pa.StringArray:
    """A column with points; the cells that are told already are emptied, so that nothing else is said of them."""
    plain = pc.replace_substring(column, _MINUS, "-")
    pointed = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    return pc.if_else(pa.array(wrong), "0", pc.if_else(pa.array(commas), pointed, plain))
