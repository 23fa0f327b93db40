"""`piramide plan outlook`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.outlook import OutlookRequest
from piramide.cycle.planning.outlook import outlook as make_outlook
from piramide.kernel.figure import preview

__all__ = ["OutlookRequest", "outlook"]

_LIKELY = 0.8
_DECIMALS = 1


def outlook(request: OutlookRequest, out: Path | None, *, as_json: bool) -> None:
    """Say where the indices are going, and which targets are likely to be met."""
    with steps("answer.outlook") as progress:
        answer = make_outlook(request, out, progress)
    if as_json:
        terminal.print_json({"plan": answer.kept.id} | answer.answer)
        return
    names = ("p10", "p50", "p90", "coverage", "likely", "open")
    columns = [(say("answer.outlook_structure"), False), *((say(f"answer.outlook_{name}"), True) for name in names)]
    terminal.print_table(columns, [_row(structure) for structure in answer.answer["structures"]])
    terminal.print_text(say("answer.plan_kept", plan=answer.kept.id))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _row(structure: dict[str, Any]) -> tuple[str, ...]:
    index, nodes = structure["index"], structure["nodes"]
    asked = [node["probability"] for node in nodes if node["probability"] is not None]
    likely = sum(each >= _LIKELY for each in asked)
    without = sum(node["basis"] == "none" for node in nodes)
    figures = [index["p10"], index["p50"], index["p90"], 100 * structure["coverage"]]
    told = ["–" if each is None else terminal.figure(preview(float(each)), _DECIMALS) for each in figures]
    return (structure["id"], *told, f"{likely}/{len(asked)}", str(without))
