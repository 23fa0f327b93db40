"""`piramide verify`."""

from __future__ import annotations

from pathlib import Path

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.store import Store
from piramide.cycle.verify import Difference
from piramide.cycle.verify import verify as verify_run

UNFAVOURABLE = 1


def verify(prefix: str, store: Path, *, as_json: bool) -> None:
    """Recompute a run and say whether it is what it says."""
    answer = verify_run(Store(store), prefix)
    difference = answer.difference
    if as_json:
        body = {"run": answer.run, "verified": answer.verified, "code": answer.verified_with}
        body["made_with"] = answer.made_with
        terminal.print_json(body if difference is None else body | {"difference": difference.as_json()})
    elif difference is None:
        terminal.print_text(say("answer.verified", run=answer.run))
    else:
        terminal.print_text(say("answer.not_verified", run=answer.run, what=_words(difference)))
    if answer.made_with != answer.verified_with and not as_json:
        terminal.tell(say("answer.newer_code", then=answer.made_with, now=answer.verified_with))
    if difference is not None:
        raise typer.Exit(UNFAVOURABLE)


def _words(difference: Difference) -> str:
    key = "answer.differs_cell" if difference.structure else "answer.differs_file"
    return say(
        key,
        file=difference.file,
        structure=difference.structure,
        node=f"{difference.node or '–'}.{difference.column}",
        kept=difference.kept,
        recomputed=difference.recomputed,
    )
