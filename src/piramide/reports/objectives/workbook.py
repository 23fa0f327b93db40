"""The sheet as a spreadsheet: merged cells as printed, figures as numbers with their formats, never a formula."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from piramide.reports.cell_double import cell_double, decimals_of
from piramide.reports.formulas import begins_a_formula
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.printed_tables import Cell, Table
from piramide.reports.worksheets import free_name

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_PAGE: Final = 130
"""Characters across the page, shared by the columns of a table."""
_A4: Final = 9
_FRAME: Final[Mapping[str, object]] = {"border": 1, "border_color": "#90A4AE", "text_wrap": True, "valign": "vcenter"}
_HEAD: Final[Mapping[str, object]] = {**_FRAME, "bold": True, "bg_color": "#17324D", "font_color": "#FFFFFF"}


def workbook(sheet: ObjectivesSheet) -> bytes:
    """The workbook: the sheet, then one worksheet for each annex."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        first = datetime.combine(date(sheet.year, 1, 1), datetime.min.time(), UTC).replace(tzinfo=None)
        told = {"title": f"{sheet.heading} - {sheet.structure_label}", "author": sheet.administration}
        book.set_properties({**told, "keywords": sheet.keywords, "created": first})
        _objectives(_Page(book, sheet, sheet.structure_label, sheet.objectives), sheet)
        for annex in sheet.annexes:
            page = _Page(book, sheet, annex.title, annex.table)
            page.line(annex.title, bold=True, font_size=13)
            page.table(annex.table)
    return content.getvalue()


def _objectives(page: _Page, sheet: ObjectivesSheet) -> None:
    page.line(sheet.heading, bold=True, font_size=16)
    page.line(sheet.addressee, bold=True, font_size=13)
    page.table(sheet.objectives)
    page.skip()
    for text in (*sheet.acts, *sheet.notes, *((sheet.warning,) if sheet.warning else ())):
        page.line(text)


class _Page:
    """One worksheet, written from the top, as wide as its table."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: ObjectivesSheet, name: str, table: Table) -> None:
        self._book, self._row, self._width = book, 0, len(table.titles)
        self._sheet: Worksheet = book.add_worksheet(free_name(book, name))
        total = sum(table.widths)
        for column, width in enumerate(table.widths):
            self._sheet.set_column(column, column, max(8, round(_PAGE * width / total)))
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L{_footer(sheet.administration)}: {_footer(sheet.basis)}&R&P/&N")

    def line(self, text: str, **look: object) -> None:
        """A line over the whole width."""
        style = self._format({"text_wrap": True, "valign": "top", **look}, text)
        if self._width > 1:
            self._sheet.merge_range(self._row, 0, self._row, self._width - 1, "", style)
        self._sheet.write_string(self._row, 0, text, style)
        if len(text) > _PAGE:
            self._sheet.set_row(self._row, 15 * (1 + len(text) // _PAGE))
        self._row += 1

    def skip(self) -> None:
        """A blank row."""
        self._row += 1

    def table(self, table: Table) -> None:
        """The titles, repeated on every printed page, and the rows."""
        for column, title in enumerate(table.titles):
            self._sheet.write_string(self._row, column, title, self._format(_HEAD, title))
        self._sheet.repeat_rows(self._row)
        self._sheet.freeze_panes(self._row + 1, 0)
        self._row += 1
        blank = self._book.add_format(dict(_FRAME))
        for _row in table.rows:
            for column in range(self._width):
                self._sheet.write_blank(self._row, column, None, blank)
            self._row += 1
        first = self._row - len(table.rows)
        for at, row in enumerate(table.rows):
            for cell in row:
                self._cell(first + at, cell)

    def _cell(self, row: int, cell: Cell) -> None:
        look: dict[str, object] = {**_FRAME, "bold": cell.is_bold, "italic": cell.is_italic, "indent": cell.indent}
        if cell.is_figure:
            look |= {"num_format": cell.shown, "align": "right"}
        style = self._format(look, cell.text)
        if cell.rows > 1 or cell.columns > 1:
            last = row + cell.rows - 1, cell.column + cell.columns - 1
            self._sheet.merge_range(row, cell.column, *last, "", style)
        if cell.number is None:
            self._sheet.write_string(row, cell.column, cell.text, style)
        else:
            double = cell_double(cell.number, decimals_of(cell.shown))
            self._sheet.write_number(row, cell.column, double, style)

    def _format(self, look: Mapping[str, object], text: str) -> Format:
        """A text that begins like a formula is marked as a text."""
        return self._book.add_format({**look, "quote_prefix": True} if begins_a_formula(text) else dict(look))


def _footer(text: str) -> str:
    return text.replace("&", "&&")
