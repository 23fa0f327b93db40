"""The one shape that every kind of file is read into: rows of cells with their place in the file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from piramide.kernel.findings import Place
from piramide.kernel.symbols import plain_symbols, without_bullet
from piramide.kernel.tidying import tidy

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_ITALIC: Final = re.compile(r"<(i|em)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty.

    `row` and `column` count from 0 in the grid and identify it; `rows` is how many rows the file says it covers
    (1 where the file says nothing, as text never does), `sure_rows` how many of them for certain (0: all); `held` is
    the figure that a spreadsheet keeps where the one that it shows is another.
    """

    text: str
    place: Place
    row: int
    column: int
    rows: int = 1
    is_italic: bool = False
    held: str = ""
    sure_rows: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the grid: its cells that are not empty, from the left.

    `states_spans`: the file says how far each cell reaches, so that an empty one is empty and not merged;
    `has_addresses`: its cells have a name that people know, such as `F5`.
    """

    index: int
    place: Place
    cells: tuple[Cell, ...]
    states_spans: bool = False
    has_addresses: bool = False

    def at(self, column: int) -> Place:
        """Place of the cell in a column, whether it is empty or not."""
        return _cell_place(self.place, column, has_address=self.has_addresses)

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts of the cells."""
        return tuple(cell.text for cell in self.cells)

    @property
    def text(self) -> str:
        """All the texts, for patterns that look at the whole row."""
        return " ".join(self.texts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as read. `encoding` is the one a text was found in, when it is not UTF-8."""

    file: str
    rows: tuple[Row, ...]
    encoding: str = ""

    def cells(self) -> Iterator[Cell]:
        """Every cell that is not empty."""
        for row in self.rows:
            yield from row.cells


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as a reader found it, before cleaning; empty ones too, since they hold their column."""

    text: str
    rows: int = 1
    is_italic: bool = False
    held: str = ""
    sure_rows: int = 0


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as a reader found it, with the line and the name (worksheet, table, page) for messages."""

    line: int
    cells: Sequence[RawCell]
    within: str = ""
    states_spans: bool = False
    has_addresses: bool = False


def clean(text: str) -> str:
    """Text without tags, entities, invisible characters, bullets at its start and runs of spaces.

    >>> clean("<i>Accertamenti&nbsp;da DMV</i> ")
    'Accertamenti da DMV'
    """
    return without_bullet(plain_symbols(tidy(html.unescape(_TAG.sub("", text)))))


def make_grid(file: str, rows: Iterable[RawRow], encoding: str = "") -> Grid:
    """The grid of a file from its rows; cells are cleaned and empty ones dropped."""
    return Grid(file, tuple(_row(file, index, row) for index, row in enumerate(rows)), encoding)


def _row(file: str, index: int, raw: RawRow) -> Row:
    where = Place(file, raw.line, raw.within)
    cells = []
    for column, cell in enumerate(raw.cells):
        if text := clean(cell.text):
            place = _cell_place(where, column, has_address=raw.has_addresses)
            is_italic = cell.is_italic or bool(_ITALIC.search(cell.text))
            cells.append(Cell(text, place, index, column, cell.rows, is_italic, cell.held, cell.sure_rows))
    return Row(index, where, tuple(cells), raw.states_spans, raw.has_addresses)


def _cell_place(row: Place, column: int, *, has_address: bool) -> Place:
    name = f"{_letter(column)}{row.line if has_address else ''}"
    return Place(row.file, row.line, f"{row.cell} {name}".strip())


def _letter(column: int) -> str:
    """Name of a column as spreadsheets write it: A, B, … AA."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
