"""A bar on standard error for work that is done file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from piramide.cli.texts import say


@contextmanager
def steps(words: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar that is told what is done, how much of it and of how much; nothing where standard error is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(say(words), total=None)
        yield lambda what, done, total: bar.update(
            task, description=f"{say(words)} {what}".strip(), completed=done, total=total
        )
