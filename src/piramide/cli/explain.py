"""`piramide explain`."""

from __future__ import annotations

from pathlib import Path

from piramide.cli import terminal
from piramide.cycle.explain import explain_run
from piramide.cycle.store import Store
from piramide.kernel import wording
from piramide.scoring.explain_print import as_json as explanation_as_json
from piramide.scoring.explain_print import as_text


def explain(prefix: str, structure: str, node: str, depth: int, store: Path, *, as_json: bool) -> None:
    """Tell one number of a run."""
    explanation = explain_run(Store(store), prefix, structure, node or None)
    if as_json:
        terminal.print_json(explanation_as_json(explanation))
    else:
        terminal.print_text(as_text(explanation, wording.current_language(), depth))
