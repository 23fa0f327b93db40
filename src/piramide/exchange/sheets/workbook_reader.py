"""Spreadsheets: what every visible worksheet shows, one below the other, with the cells they merge."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from piramide.exchange.sheets.grid import Grid, RawCell, RawRow, make_grid
from piramide.exchange.sheets.number_formats import shown, shows_year
from piramide.exchange.sheets.workbook_forms import At, Form, forms
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.numbers import from_float, parse_italian
from piramide.kernel.packed.unfolding import SHEET

_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number: what differs after them is noise."""

_PLAIN: Final = Form()


def read_workbook(raw: bytes, file: str) -> Grid:
    """Read a workbook; refuses one that is protected (SH005), damaged (SH006) or far too wide or long (SH002)."""
    place = Place(file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [item.name for item in workbook.sheets_metadata if item.visible is SheetVisibleEnum.Visible]
        sheets = [workbook.get_sheet_by_name(name) for name in names]
        return make_grid(file, _rows(sheets, forms(raw), place))
    except PasswordError as error:
        raise refuse("SH005", place) from error
    except (CalamineError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        code = "SH005" if raw.startswith(b"\xd0\xcf") else "SH006"
        raise refuse(code, place) from error


def _rows(sheets: list[CalamineSheet], shapes: Mapping[str, Mapping[At, Form]], place: Place) -> Iterator[RawRow]:
    for sheet in sheets:
        if sheet.total_height * sheet.total_width > SHEET.cells:
            raise refuse("SH002", place, what="cells", size=sheet.total_height * sheet.total_width, largest=SHEET.cells)
        merged = _merged_rows(sheet)
        own = shapes.get(sheet.name, {})
        for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
            cells = [
                _cell(value, own.get((row, at), _PLAIN), merged.get((row, at), 1)) for at, value in enumerate(values)
            ]
            yield RawRow(row + 1, cells, sheet.name, states_spans=True, has_addresses=True)
        yield RawRow(0, ())


def _merged_rows(sheet: CalamineSheet) -> Mapping[At, int]:
    """How many rows the merged cell that starts at (row, column) covers."""
    ranges = sheet.merged_cell_ranges or []
    return {(top, left): bottom - top + 1 for (top, left), (bottom, _) in ranges}


def _cell(value: object, form: Form, rows: int) -> RawCell:
    """A cell as it is shown; where that is another figure than the one it holds, both."""
    span = max(rows, form.rows)
    if form.fault:
        return RawCell(form.fault, span)
    if isinstance(value, bool):
        return RawCell("VERO" if value else "FALSO", span)
    if isinstance(value, int | float):
        plain = _decimal(value).replace(".", ",")
        text = (shown(value, form.code) if form.code else None) or plain
        return RawCell(text, span, held="" if _is_same(text, value) else plain)
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return RawCell(f"{day:%d/%m/%Y}" if shows_year(form.code) else f"{day:%d/%m}", span)
    return RawCell(str(value), span)


def _is_same(text: str, value: float) -> bool:
    """Whether a figure as shown is the one that is held, as far as a spreadsheet keeps digits."""
    try:
        read = parse_italian(text).value
    except Refusal:
        return True  # not a bare figure: its words say what it is
    return read is not None and _kept(read) == _kept(from_float(value))


def _kept(value: Fraction) -> str:
    return f"{float(value):.{_DIGITS - 1}g}"


def _decimal(value: float) -> str:
    exact = from_float(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    places = next(n for n in range(1, 400) if 10**n % exact.denominator == 0)
    digits = str(abs(exact.numerator) * 10**places // exact.denominator).rjust(places + 1, "0")
    return f"{'-' if exact < 0 else ''}{digits[:-places]}.{digits[-places:]}"
