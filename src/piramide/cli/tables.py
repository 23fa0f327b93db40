"""Tables on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from piramide.cli.width import WIDE, answer_width


class _AnswerConsole(Console):
    """A console that leaves a closed pipe to whoever runs the command."""

    def on_broken_pipe(self) -> None:
        """The reader has gone."""
        raise BrokenPipeError


def answer_console(otherwise: int = WIDE) -> Console:
    """Standard output, as wide as `answer_width` says."""
    return _AnswerConsole(highlight=False, soft_wrap=True, width=answer_width(otherwise))


def table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> None:
    """A table on standard output; a column is its heading and whether it holds figures."""
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading, is_figure in columns:
        drawn.add_column(heading, justify="right" if is_figure else "left", no_wrap=is_figure, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console = answer_console()
    console.soft_wrap = False
    console.print(drawn)
