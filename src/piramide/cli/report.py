"""`piramide report sheet | objectives`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.objectives import Asked, write_objectives
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.kernel import wording

__all__ = ["Asked", "objectives", "sheet"]


def sheet(prefix: str, structure: str, out: Path, store: Path, *, as_json: bool) -> None:
    """Print the objective sheet of a structure."""
    written = write_sheet_of_run(Store(store), prefix, structure, out, wording.current_language())
    terminal.tell_findings(written.findings)
    if as_json:
        terminal.print_json({"run": written.run, "structure": structure, "file": str(out)})
    else:
        terminal.print_text(say("answer.written", path=out))


def objectives(asked: Asked, folders: Sequence[Path], *, as_json: bool) -> None:
    """Print the objective sheets of a plan, before any result."""
    printed = write_objectives(asked, folders)
    terminal.tell_findings(printed.findings)
    if as_json:
        terminal.print_json({"files": [asdict(file) for file in printed.files]})
    else:
        count = len(printed.files)
        key = "answer.sheets_written" if count > 1 else "answer.written"
        terminal.print_text(say(key, path=asked.out, count=count))
