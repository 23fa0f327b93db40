"""Ruled tables of a PDF: their cells as the lines draw them, and those that the end of a page cuts in two.

Two cells are merged where no line parts them. At the end of a page a line is drawn through every cell: there an empty
cell at the head of the next page goes on with the one above where either of the two is merged with others: for certain
where it covers several rows itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from piramide.exchange.sheets.grid import RawCell, RawRow

_BROKEN_WORD: Final = re.compile(r"(?<=\w)-\n(?=[a-zà-ù])")
_ALIGNED: Final = 2.0
_COVERED: Final = RawCell("", 0)
"""A place where no cell of its own is drawn: one above or beside it covers it."""


@dataclass(slots=True)
class PdfTable:
    """One table of a page: the left edges of its columns, its box, its rows with their distance from the head.

    `positions` are its rows among all those of the file, once they have one; `owners` for each column the position of
    the row that holds the cell which goes on at the head of this table.
    """

    edges: tuple[float, ...]
    box: tuple[float, float, float, float]
    rows: list[tuple[float, list[RawCell]]]
    positions: list[int] = field(default_factory=list)
    owners: dict[int, int] = field(default_factory=dict)

    def texts(self, row: int) -> list[str]:
        """Texts of a row."""
        return [cell.text for cell in self.rows[row][1]]

    def last_cell(self, column: int) -> int:
        """The row of the lowest cell of a column, which reaches to the end of the table."""
        return max((at for at, (_, cells) in enumerate(self.rows) if cells[column].rows), default=0)


def read_tables(page: Any) -> list[PdfTable]:  # noqa: ANN401 - the library has no types
    """The ruled tables of a page."""
    return [_read(page, table) for table in page.find_tables()]


def inside(item: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    """Whether the middle of an object lies inside a box."""
    across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def go_on(rows: list[RawRow], before: PdfTable, after: PdfTable) -> None:
    """Let the cells that the end of a page cut reach into the table at the head of the next page."""
    are_one = len(before.edges) == len(after.edges) and all(
        abs(left - right) <= _ALIGNED for left, right in zip(before.edges, after.edges, strict=True)
    )
    first = _repeated(before, after)
    if not are_one or first == len(after.rows):
        return
    for column, cell in enumerate(after.rows[first][1]):
        at = before.last_cell(column)
        above = before.rows[at][1][column]
        owner = before.owners.get(column) if at == 0 or not above.text else before.positions[at]
        if cell.text.strip() or not cell.rows or owner is None or cell.rows == above.rows == 1:
            continue
        after.owners[column] = owner
        held = rows[owner].cells[column]
        reach = after.positions[first + cell.rows - 1] - owner + 1
        sure = held.sure_rows if cell.rows > 1 else held.sure_rows or held.rows
        cells = list(rows[owner].cells)
        cells[column] = replace(held, rows=reach, sure_rows=sure)
        rows[owner] = replace(rows[owner], cells=cells)


def _repeated(before: PdfTable, after: PdfTable) -> int:
    """How many rows at the head of a table are its headings printed again."""
    count = 0
    for at in range(min(len(before.rows), len(after.rows))):
        if not any(after.texts(at)) or before.texts(at) != after.texts(at):
            break
        count += 1
    return count


def _read(page: Any, table: Any) -> PdfTable:  # noqa: ANN401
    """Rows of a ruled table; a cell that covers the rows below says how many."""
    texts = table.extract()
    rows = []
    for index, row in enumerate(table.rows):
        cells = []
        for column, box in enumerate(row.cells):
            if box is None:
                cells.append(_COVERED)
                continue
            covered = _covered(table.rows[index + 1 :], column, box)
            text = _BROKEN_WORD.sub("-", texts[index][column] or "")
            cells.append(RawCell(text, 1 + covered, _is_italic(page, box)))
        rows.append((row.bbox[1], cells))
    return PdfTable(_edges(table.rows), table.bbox, rows)


def _edges(rows: Sequence[Any]) -> tuple[float, ...]:
    width = max((len(row.cells) for row in rows), default=0)
    return tuple(
        min((row.cells[column][0] for row in rows if row.cells[column] is not None), default=0.0)
        for column in range(width)
    )


def _covered(below: list[Any], column: int, box: tuple[float, float, float, float]) -> int:
    """How many rows below a cell its box reaches over."""
    count = 0
    for row in below:
        if row.cells[column] is not None or row.bbox[1] >= box[3] - 1:
            break
        count += 1
    return count


def _is_italic(page: Any, box: tuple[float, float, float, float]) -> bool:  # noqa: ANN401
    names = [char["fontname"].lower() for char in page.chars if char["text"].strip() and inside(char, box)]
    return bool(names) and all("italic" in name or "oblique" in name for name in names)
