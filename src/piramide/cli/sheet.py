"""`piramide sheet import`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.exchange.sheets import import_sheets, lookups_for, write_pack

UNFAVOURABLE = 1


def import_sheet(files: Sequence[Path], out: Path | None, folders: Sequence[Path], *, as_json: bool) -> None:
    """Read official sheets, write the pack files if asked, and tell what could not be placed."""
    known = lookups_for(files, folders)
    read = import_sheets(files, known)
    if out is not None:
        write_pack(read, out, known)
    if as_json:
        terminal.print_json(read.as_json())
    else:
        columns = [(say("answer.structure"), False), (say("answer.label"), False), (say("answer.kind"), False)]
        terminal.print_table(columns, [(s.structure.id, s.structure.label, s.structure.kind) for s in read.structures])
        terminal.print_findings(read.findings)
        if out is not None:
            terminal.print_text(say("answer.written", path=out))
    if terminal.unfavourable(read.findings):
        raise typer.Exit(UNFAVOURABLE)
