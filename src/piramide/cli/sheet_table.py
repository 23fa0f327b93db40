"""The tree of a structure in the terminal: labels wrap under their own indent, and every column fits the width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from piramide.cli.tables import answer_console

WIDEST: Final = 100
"""Columns of a sheet that goes to a file or a pipe; a terminal says its own."""
NARROW: Final = 96
"""Below this, target and value share a column, and codes stand under their labels."""
_ASKED: Final = 15
"""Columns that a target in words may take before it wraps."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, and whether it holds figures, which never break."""

    heading: str
    is_figure: bool = False
    may_wrap: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet: how deep it stands, its label, its cells."""

    depth: int
    label: str
    cells: tuple[str, ...]


def is_narrow() -> bool:
    """Whether the terminal is too narrow for every column side by side."""
    return answer_console(WIDEST).width < NARROW


def print_sheet(heading: str, columns: Iterable[Column], lines: Iterable[Line]) -> None:
    """The tree as a table on standard output."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(heading, overflow="fold")
    for column in columns:
        table.add_column(
            column.heading,
            justify="right" if column.is_figure else "left",
            no_wrap=column.is_figure and not column.may_wrap,
            overflow="fold",
            max_width=_ASKED if column.is_figure and column.may_wrap else None,
        )
    for line in lines:
        table.add_row(Padding(Text(line.label), (0, 0, 0, 2 * line.depth)), *(Text(cell) for cell in line.cells))
    console = answer_console(WIDEST)
    console.soft_wrap = False
    console.print(table)
