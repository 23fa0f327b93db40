"""Tables of cells: as a pack shows them, and as a planner sent them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from piramide.exchange.workbook.cells import (
    BLANK,
    LONGEST_TEXT,
    Cell,
    Kind,
    holds_dates,
    holds_numbers,
    is_italian_number,
)
from piramide.kernel.findings import Finding, Place, Refusal

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
FIELD = "field"
"""Heading of a sheet that has a row for each field instead of a column."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as exported: its name before any shortening, its headings, its rows (each as long as the headings).

    In a sheet of `lines` a blank row is an empty line of the file, and no cell is a number.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_lines: bool = False

    def texts(self, column: str) -> tuple[str, ...]:
        """What stands in a column."""
        at = self.columns.index(column) if column in self.columns else -1
        return tuple(row[at].text for row in self.rows) if at >= 0 else ()

    @property
    def fits(self) -> bool:
        """Whether a spreadsheet can hold it."""
        sizes = (len(cell.text.encode("utf-16-le")) // 2 for row in self.rows for cell in row)
        return (
            len(self.rows) < MOST_ROWS and len(self.columns) <= MOST_COLUMNS and max(sizes, default=0) <= LONGEST_TEXT
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row that came back: its cells by heading, its number in the sheet, and the letters of the columns."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]

    def __getitem__(self, column: str) -> Cell:
        """The cell under a heading; empty where the sheet lacks the column."""
        return self.cells.get(column, BLANK)

    def place(self, column: str = "") -> str:
        """Where a spreadsheet shows it: `trees-comune!F4`."""
        return f"{self.sheet}!{self.letters.get(column, 'A')}{self.number}"


@dataclass(frozen=True, slots=True)
class SentBack:
    """One sheet as it came back: headings in their order and rows; blank rows are left out, except in lines."""

    sheet: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def equals(self, grid: Grid) -> bool:
        """Whether it says what was exported."""
        if self.columns != grid.columns:
            return False
        mine = [tuple(row[name].text for name in self.columns) for row in self.rows]
        theirs = [tuple(cell.text for cell in row) for row in grid.rows]
        if not grid.is_lines:
            theirs = [row for row in theirs if any(row)]
        while theirs and not any(theirs[-1]):
            theirs.pop()
        return mine == theirs


def column_letters(index: int) -> str:
    """Letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sent_back(grid: Grid, sheet: str, cells: list[list[Cell]], file: str) -> SentBack:
    """The rows of a sheet under its headings.

    Refuses headings that are missing (WB014), repeated (WB015) or absent over a filled cell (WB016), and what nobody
    can take for data: a time (WB031), a day (WB018) or a printed figure (WB017) where a number stands.
    """
    header = [cell.text.strip() for cell in cells[0]] if cells else []
    findings = [
        _finding("WB014", file, f"{sheet}!1", name)
        for name in grid.columns
        if name not in header and _matters(grid, name)
    ]
    for at, name in enumerate(header):
        letter = column_letters(at)
        if name and name in header[:at]:
            findings.append(_finding("WB015", file, f"{sheet}!{letter}1", name))
        if not name and (full := [number for number, row in enumerate(cells, 1) if row[at].text.strip()]):
            findings.append(_finding("WB016", file, f"{sheet}!{letter}{full[0]}", ""))
    if findings:
        raise Refusal(*findings)
    letters = {name: column_letters(at) for at, name in enumerate(header) if name}
    rows = [Row(sheet, number, dict(zip(header, row, strict=True)), letters) for number, row in enumerate(cells[1:], 2)]
    columns = tuple(name for name in header if name)
    if not grid.is_lines:
        rows = [row for row in rows if any(row[name].text.strip() for name in columns)]
        findings = [finding for name in columns for finding in _faults(grid, name, rows, file)]
    while rows and not any(row[name].text for name in columns for row in rows[-1:]):
        rows.pop()
    if findings:
        raise Refusal(*findings)
    return SentBack(sheet, columns, tuple(rows))


def _matters(grid: Grid, column: str) -> bool:
    """A heading may go when nothing stood below it."""
    return grid.is_lines or any(grid.texts(column)) or not any(any(c.text for c in row) for row in grid.rows)


def _faults(grid: Grid, column: str, rows: Iterable[Row], file: str) -> Iterable[Finding]:
    texts = grid.texts(column)
    known = {"", *texts}
    new = [row for row in rows if row[column].text not in known]
    if not new:
        return
    of_numbers, of_days = holds_numbers(column, texts), holds_dates(column, texts)
    for row in new:
        cell = row[column]
        if cell.kind is Kind.TIME:
            yield _finding("WB031", file, row.place(column), cell.text)
        elif cell.kind is Kind.DATE and not (of_days or holds_dates(row[FIELD].text, ())):
            yield _finding("WB018", file, row.place(column), cell.text)
        elif cell.kind is Kind.TEXT and of_numbers and is_italian_number(cell.text):
            yield _finding("WB017", file, row.place(column), cell.text)


def _finding(code: str, file: str, address: str, subject: str) -> Finding:
    return Finding(code, Place(file, 0, address), subject)
