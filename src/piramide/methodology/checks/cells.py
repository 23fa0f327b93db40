"""Cells of published tables, read exactly as printed and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from piramide.kernel.findings import Place
from piramide.methodology.model import Table

_SPACED: Final = re.compile(r"(-?\d{1,3}(?:\.\d{3})*),(\d+)")  # as an Italian act prints it, once spaces are gone
_FIGURE: Final = re.compile(r"[-+]?\d+(?:\.\d+)?(?:/0*[1-9]\d*)?")
_BLANK: Final = frozenset({"", "-", "–", "—"})  # a dash is how a table prints nothing
_LINE: Final = "line"
_EDITORIAL: Final = frozenset({_LINE, "source"})  # of the document the table was read from
_LABELS: Final = ("label", "place", "structure", "indicator", "product", "metric", "area", "description")


class Cell(NamedTuple):
    """One printed cell: table, row counted from 0, column."""

    table: str
    row: int
    column: str


def exact(text: str) -> Fraction | None:
    """The exact figure of a text in machine notation, `None` where the text is none.

    >>> exact("93.35"), exact("8.855.168,560")
    (Fraction(1867, 20), None)
    """
    return Fraction(text) if _FIGURE.fullmatch(text) else None


def spaced(text: str) -> Fraction | None:
    """The figure of a text in Italian notation that only spaces inside keep from being one.

    >>> spaced("76.388.271, 53"), spaced("8.855.168,560")
    (Fraction(7638827153, 100), None)
    """
    match = _SPACED.fullmatch(re.sub(r"\s", "", text)) if re.search(r"\s", text) else None
    return Fraction(f"{match[1].replace('.', '')}.{match[2]}") if match else None


def decimals_of(text: str) -> int:
    """Decimals that a figure is printed with."""
    return len(text.rpartition("," if "," in text else ".")[2]) if {",", "."} & set(text) else 0


def machine(figure: Fraction, decimals: int | None = None) -> str:
    """A figure in machine notation: exact, or rounded half-up (away from zero) at `decimals`.

    A fraction that has no finite decimals is cut to six of them.

    >>> machine(Fraction(-7, 2)), machine(Fraction(2, 3)), machine(Fraction(1, 8), 2)
    ('-3.5', '0.666667', '0.13')
    """
    if decimals is None:
        decimals = next((d for d in range(13) if (figure * 10**d).denominator == 1), 6)
    scaled = rounded(figure, decimals) * 10**decimals
    digits = f"{abs(scaled.numerator):0{decimals + 1}d}"
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


def rounded(figure: Fraction, decimals: int) -> Fraction:
    """The figure rounded half-up, away from zero (R39)."""
    unit = 10**decimals
    whole = (abs(figure) * unit * 2 + 1) // 2
    return Fraction(whole if figure >= 0 else -whole, unit)


class Book:
    """The tables of a pack with an index of their columns and the figures read so far."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self._at = {key: {name: i for i, name in enumerate(table.columns)} for key, table in tables.items()}
        self._figures: dict[Cell, Fraction | None] = {}

    def text(self, cell: Cell) -> str:
        """The cell as printed."""
        row = self.tables[cell.table].rows[cell.row]
        return row[self._at[cell.table][cell.column]].strip()

    def is_blank(self, cell: Cell) -> bool:
        """Whether the table prints nothing there."""
        return self.text(cell) in _BLANK

    def figure(self, cell: Cell) -> Fraction | None:
        """The exact figure of the cell; `None` where it is blank or has no reading."""
        if cell not in self._figures:
            text = self.text(cell)
            figure = exact(text)
            self._figures[cell] = spaced(text) if figure is None else figure
        return self._figures[cell]

    def is_malformed(self, cell: Cell) -> bool:
        """Whether something is printed that is not a figure."""
        return not self.is_blank(cell) and (self.figure(cell) is None or exact(self.text(cell)) is None)

    def has_column(self, table: str, column: str) -> bool:
        """Whether the table has that column."""
        return column in self._at[table]

    def rows(self, table: str, where: Mapping[str, frozenset[str]], unless: Mapping[str, frozenset[str]]) -> list[int]:
        """Rows whose cells are among the texts of `where`, and not all among those of `unless`."""
        return [
            row
            for row in range(len(self.tables[table].rows))
            if self._matches(table, row, where) and not (unless and self._matches(table, row, unless))
        ]

    def _matches(self, table: str, row: int, wanted: Mapping[str, frozenset[str]]) -> bool:
        return all(self.text(Cell(table, row, column)) in texts for column, texts in wanted.items())

    def key(self, table: str, row: int) -> str:
        """The key cells of a row joined by `|`, as overrides and identities name it."""
        return "|".join(self.text(Cell(table, row, column)) for column in self.tables[table].key)

    def texts(self, table: str, row: int, columns: Sequence[str]) -> tuple[str, ...]:
        """The texts of several cells of one row."""
        return tuple(self.text(Cell(table, row, column)) for column in columns)

    def place(self, cell: Cell) -> Place:
        """File, line and column of a cell."""
        table = self.tables[cell.table]
        return Place(table.path, table.lines[cell.row], cell.column)

    def subject(self, cell: Cell) -> str:
        """What a reader calls the cell: title of the table, label and key of the row, column."""
        table = self.tables[cell.table]
        names = dict.fromkeys(self._names(cell))
        return f"{table.title or table.id}: {', '.join(names)} ({self.column_name(cell)})"

    def column_name(self, cell: Cell) -> str:
        """What the table calls the cell's column: its label, else its name."""
        return self.tables[cell.table].labels.get(cell.column, cell.column.replace("_", " "))

    def document_line(self, cell: Cell) -> str:
        """The line of the document that the cell was read from, if the table says it."""
        return self.text(cell._replace(column=_LINE)) if self.has_column(cell.table, _LINE) else ""

    def is_code(self, cell: Cell) -> bool:
        """Whether the column holds years or codes, whose digits are not grouped and whose difference says nothing."""
        return cell.column in self.tables[cell.table].codes

    def row_name(self, cell: Cell) -> str:
        """The first words that name the cell's row, else its key."""
        names = self._names(cell)
        return next((name for name in names if exact(name) is None), self.key(cell.table, cell.row))

    def _names(self, cell: Cell) -> list[str]:
        """Label and key of the row; where they are numbers only, its first words as well."""
        table = self.tables[cell.table]
        label = [name for name in _LABELS if name in table.columns and name not in table.key][:1]
        names = self._words(cell, (*label, *table.key))
        if all(exact(name) is not None for name in names):
            names += [name for name in self._words(cell, table.columns) if exact(name) is None][:1]
        return names

    def _words(self, cell: Cell, columns: Sequence[str]) -> list[str]:
        others = (column for column in columns if column != cell.column and column not in _EDITORIAL)
        texts = (self.text(Cell(cell.table, cell.row, column)) for column in others)
        return [_short(text) for text in texts if text not in _BLANK]


def _short(text: str, length: int = 70) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
