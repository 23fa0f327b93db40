"""Spreadsheets: the values of every visible worksheet, one below the other, with the cells they merge."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from piramide.kernel.findings import Place, refuse
from piramide.kernel.numbers import from_float
from piramide.methodology.sheets.grid import Grid, RawCell, RawRow, make_grid

_MOST_CELLS: Final = 2_000_000


def read_workbook(raw: bytes, file: str) -> Grid:
    """Read a workbook; refuses one that is protected (SH005), damaged (SH006) or far too wide or long (SH002)."""
    place = Place(file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [item.name for item in workbook.sheets_metadata if item.visible is SheetVisibleEnum.Visible]
        sheets = [workbook.get_sheet_by_name(name) for name in names]
        return make_grid(file, _rows(sheets, place))
    except PasswordError as error:
        raise refuse("SH005", place) from error
    except (CalamineError, ValueError) as error:
        code = "SH005" if raw.startswith(b"\xd0\xcf") else "SH006"
        raise refuse(code, place) from error


def _rows(sheets: list[CalamineSheet], place: Place) -> Iterator[RawRow]:
    for sheet in sheets:
        if sheet.total_height * sheet.total_width > _MOST_CELLS:
            raise refuse("SH002", place, size=sheet.total_height, largest=_MOST_CELLS)
        merged = _merged_rows(sheet)
        for index, values in enumerate(sheet.to_python(skip_empty_area=False)):
            cells = [RawCell(_text(value), merged.get((index, column), 1)) for column, value in enumerate(values)]
            yield RawRow(index + 1, cells, sheet.name)
        yield RawRow(0, ())


def _merged_rows(sheet: CalamineSheet) -> Mapping[tuple[int, int], int]:
    """How many rows the merged cell that starts at (row, column) covers."""
    ranges = sheet.merged_cell_ranges or []
    return {(top, left): bottom - top + 1 for (top, left), (bottom, _) in ranges}


def _text(value: object) -> str:
    """A value as Italian prints it without grouping: the decimals of a number are all that it has."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _decimal(value).replace(".", ",")
    return str(value)


def _decimal(value: float) -> str:
    exact = from_float(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    places = next(n for n in range(1, 400) if 10**n % exact.denominator == 0)
    digits = str(abs(exact.numerator) * 10**places // exact.denominator).rjust(places + 1, "0")
    return f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}"
