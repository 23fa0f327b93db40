"""A CSV of a pack as a table, and an edited table as CSV."""

from __future__ import annotations

import csv
import io

from piramide.exchange.workbook.cells import Cell, Kind, cell_of
from piramide.exchange.workbook.grids import Grid, SentBack

_YES_NO = {"true": "yes", "false": "no"}


def csv_table(text: str, name: str) -> Grid | None:
    """The table of a CSV; `None` when it is not one: no headings, repeated ones, rows of another length."""
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error:
        return None
    header = tuple(cell.strip() for cell in rows[0]) if rows else ()
    body = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    if not header or not all(header) or len(set(header)) < len(header) or any(len(r) != len(header) for r in body):
        return None
    return Grid(name, header, tuple(tuple(cell_of(cell) for cell in row) for row in body))


def edited_csv(sheet: SentBack) -> str:
    """The rows of a sheet as CSV, quoted only where needed; a spreadsheet's true and false are `yes` and `no`."""
    answer = io.StringIO(newline="")
    lines = csv.writer(answer, lineterminator="\n")
    lines.writerow(sheet.columns)
    lines.writerows([_text(row[column]) for column in sheet.columns] for row in sheet.rows)
    return answer.getvalue()


def _text(cell: Cell) -> str:
    return _YES_NO.get(cell.text, cell.text) if cell.kind is Kind.BOOLEAN else cell.text
