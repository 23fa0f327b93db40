"""`piramide report sheet`."""

from __future__ import annotations

from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.report import write_sheet_of_run
from piramide.cycle.runs.store import Store
from piramide.kernel import wording


def sheet(prefix: str, structure: str, out: Path, store: Path, *, as_json: bool) -> None:
    """Print the objective sheet of a structure."""
    written = write_sheet_of_run(Store(store), prefix, structure, out, wording.current_language())
    terminal.tell_findings(written.findings)
    if as_json:
        terminal.print_json({"run": written.run, "structure": structure, "file": str(out)})
    else:
        terminal.print_text(say("answer.written", path=out))
