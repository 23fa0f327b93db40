"""Values in a workbook: the first sheet, unfolded under limits, without formulas, numbers as they are kept.

Nothing in a file is trusted: a workbook is unfolded under limits before anything opens it; formulas and errors are no
values.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.packed.spreadsheet import inspect, number_text
from piramide.kernel.packed.unfolding import TABLE, TooMuchError, unfolded
from piramide.kernel.tidying import tidy
from piramide.kernel.value_rows import FIGURES
from piramide.scoring.value_columns import TextColumns, checked_header, completed, without_blank_rows
from piramide.scoring.value_dialect import decimal_mark, with_points

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


def is_workbook(data: bytes) -> bool:
    """Whether bytes are those of a spreadsheet, of today or of long ago."""
    return data.startswith((_ZIP, _OLE))


def workbook_columns(data: bytes, source: str) -> TextColumns:
    """The first sheet of a workbook as text columns; a decimal comma in a cell of text is read as one.

    Refuses CO003 and WB004 to WB008 an unsafe workbook, CO004 one with formulas, SC005 columns missing.
    """
    place = Place(source)
    if not data.startswith(_OLE):
        data = safe_package(data, place)
    remarkable = inspect(data, source)
    for title, found in remarkable.items():
        if formulas := (*found.formulas, *found.uncomputed):
            raise refuse("CO004", Place(source, cell=formulas[0]), sheet=title, count=len(formulas))
    rows = _first_sheet(data, place)
    header = [_cell_text(cell) for cell in rows[0]] if rows else []
    width = max((at + 1 for at, name in enumerate(header) if name), default=0)
    names, wrong = checked_header(source, header[:width])
    faults = [Finding("SC007", Place(source, at + 1), fields=_lengths(width, row)) for at, row in _longer(rows, width)]
    errors = next(iter(remarkable.values())).errors if remarkable else ()
    faults += [Finding("SC036", Place(source, int("".join(filter(str.isdigit, cell))), cell), cell) for cell in errors]
    columns = {name: [_cell_text(row[at]) for row in rows[1:]] for at, name in enumerate(names)}
    written = {
        name: np.array([isinstance(row[at], str) for row in rows[1:]], np.bool_)
        for at, name in enumerate(names)
        if name in FIGURES
    }
    return _decided(source, columns, written, (*wrong, *faults))


def _decided(
    source: str, columns: Mapping[str, list[str]], written: Mapping[str, Any], faults: tuple[Finding, ...]
) -> TextColumns:
    """Columns whose cells of text have their decimals read, and a word on it where there was a comma."""
    rows = len(next(iter(columns.values())))
    arrays = {name: pa.array(cells, pa.string()) for name, cells in columns.items() if not name.startswith("?")}
    text = TextColumns(source, completed(arrays, rows), np.arange(2, rows + 2), faults)
    none = np.zeros(rows, np.bool_)
    mark = decimal_mark(text)
    fields = {"separator": "XLSX", "mark": mark, "encoding": "XLSX"}
    remarks = (Finding("SC034", Place(source), source, fields),) if mark == "," else ()
    read = with_points(text, {name: written.get(name, none) for name in FIGURES})
    return without_blank_rows(TextColumns(source, read.columns, read.lines, read.faults, remarks))


def _longer(rows: Sequence[Sequence[object]], width: int) -> list[tuple[int, Sequence[object]]]:
    return [(at, row) for at, row in enumerate(rows) if any(_cell_text(cell) for cell in row[width:])]


def _lengths(width: int, row: Sequence[object]) -> dict[str, object]:
    return {"expected": width, "found": max(at + 1 for at, cell in enumerate(row) if _cell_text(cell))}


def _first_sheet(data: bytes, place: Place) -> list[list[Any]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError) as error:
        raise refuse("WB004", place) from error


def _cell_text(value: object) -> str:
    """A cell as a values file would say it; a month that a spreadsheet took for a date is a month again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    return tidy(str(value))


def safe_package(data: bytes, place: Place) -> bytes:
    """A package unfolded under limits and written again.

    Refuses CO003 one that unfolds to too much, WB004 a damaged one, WB005 one with a password.
    """
    try:
        return unfolded(data, place, TABLE)
    except TooMuchError as much:
        raise much.refusal("CO003") from much
    except RuntimeError as error:  # a part with a password, or packed in a way that nobody knows
        code = "WB004" if isinstance(error, NotImplementedError) else "WB005"
        raise refuse(code, place) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError, ValueError) as error:
        raise refuse("WB004", place) from error
