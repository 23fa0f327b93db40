"""`piramide plan whatif`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.whatif import WhatifRequest
from piramide.cycle.planning.whatif import whatif as make_whatif
from piramide.kernel.figure import Figure
from piramide.scoring.simulation import StructureChange, kind_in_words
from piramide.scoring.simulation import as_json as simulation_json

__all__ = ["WhatifRequest", "whatif"]

_DECIMALS: Final = 2
_CAUSES: Final = 2


def whatif(request: WhatifRequest, out: Path | None, *, as_json: bool) -> None:
    """Say who gains and who loses by a change, and through what."""
    with steps("answer.whatif") as progress:
        answer = make_whatif(request, out, progress)
    if as_json:
        body = simulation_json(answer.simulation)
        terminal.print_json({"plan": answer.kept.id, "name": answer.change.name} | body)
        return
    columns = [(say("answer.outlook_structure"), False)]
    columns += [(say(f"answer.whatif_{name}"), True) for name in ("base", "other", "change")]
    columns += [(say("answer.whatif_because"), False)]
    terminal.print_table(columns, [_row(structure) for structure in answer.simulation.structures])
    terminal.print_text(say("answer.plan_kept", plan=answer.kept.id))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _row(structure: StructureChange) -> tuple[str, ...]:
    causes = [f"{cause.label} ({kind_in_words(cause.kind)})" for cause in structure.because[:_CAUSES]]
    figures = (structure.base, structure.other, structure.change)
    return (structure.label, *(_told(each) for each in figures), "; ".join(causes))


def _told(value: Figure | None) -> str:
    return "–" if value is None else terminal.figure(value, _DECIMALS)
