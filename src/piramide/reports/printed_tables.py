"""Tables on paper, whatever the format: cells that may cover several rows, with a figure behind their text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any


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

    def laid(self) -> dict[str, Any]:
        """The table for a template: its cells one after the other, empty where nothing begins and nothing covers."""
        cells: list[dict[str, Any] | None] = []
        covered = [0] * len(self.titles)
        for row in self.rows:
            own = {cell.column: cell for cell in row}
            for column in range(len(self.titles)):
                if cell := own.get(column):
                    cells.append({**asdict(cell), "number": None})
                    covered[column] = cell.rows
                elif not covered[column]:
                    cells.append(None)
                covered[column] = max(0, covered[column] - 1)
        return {"titles": self.titles, "widths": self.widths, "cells": cells}


@dataclass(frozen=True, slots=True)
class AnnexPaper:
    """An annex: its title and its table."""

    title: str
    table: Table
