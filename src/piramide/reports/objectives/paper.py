"""What an objective sheet is made of, whatever the format: words, and tables of cells that may cover several rows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as printed.

    `column` counts from 0; `rows` and `columns` are how many the cell covers. `number` is the figure that a spreadsheet
    holds and `shown` the format in which it reads as `text`; without one the text stands for itself.
    """

    column: int
    text: str
    rows: int = 1
    columns: int = 1
    number: Fraction | None = None
    shown: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_figure: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its titles, its rows from above (a row holds only the cells that begin in it), widths as shares."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnnexPaper:
    """An annex: its title and its table."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class ObjectivesSheet:
    """The sheet of one structure: heading, addressee, table, acts and notes, annexes.

    `warning` says that what follows is invented; `basis` names plan, fingerprint and day; `plan` and `structure` are
    ids, kept in the file so that an import reads it with the vocabulary of its own plan.
    """

    plan: str
    structure: str
    structure_label: str
    administration: str
    language: str
    year: int
    heading: str
    addressee: str
    objectives: Table
    acts: tuple[str, ...]
    notes: tuple[str, ...]
    annexes: tuple[AnnexPaper, ...]
    basis: str
    page: str
    warning: str = ""

    @property
    def keywords(self) -> str:
        """What the file says of itself to an import."""
        return f"piramide plan={self.plan} structure={self.structure}"
