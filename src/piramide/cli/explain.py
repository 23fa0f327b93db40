"""`piramide explain`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from piramide.cli import terminal
from piramide.cycle.explain import explain_run
from piramide.cycle.runs.store import Store
from piramide.kernel import wording
from piramide.scoring.explain_print import as_json as explanation_as_json
from piramide.scoring.explain_print import as_text

if TYPE_CHECKING:
    from piramide.measurement.trace import Trace


@dataclass(frozen=True, slots=True)
class Asked:
    """What is explained: a node of a structure of a run, so many levels down; with `rows`, on to the facts."""

    run: str
    structure: str
    node: str
    depth: int
    rows: bool


def explain(asked: Asked, store: Path, *, as_json: bool) -> None:
    """Tell one number of a run."""
    explanation = explain_run(Store(store), asked.run, asked.structure, asked.node or None)
    traced = _traced(asked, store) if asked.rows else None
    if as_json:
        answer = explanation_as_json(explanation)
        terminal.print_json(answer | ({"measured": asdict(traced)} if traced else {}))
        return
    terminal.print_text(as_text(explanation, wording.current_language(), asked.depth))
    if traced:
        from piramide.cli.explain_rows import print_trace

        print_trace(traced)


def _traced(asked: Asked, store: Path) -> Trace:
    """What stands behind a value in the facts: there is a database to start, which an explanation alone is not."""
    from piramide.cycle.explain_rows import trace_run

    return trace_run(Store(store), asked.run, asked.structure, asked.node)
