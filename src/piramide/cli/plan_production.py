"""`piramide plan production`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.producing import KeptProduction, ProductionRequest
from piramide.cycle.planning.producing import production as make_production
from piramide.kernel.figure import preview
from piramide.kernel.findings import findings_as_json

__all__ = ["ProductionRequest", "production"]

_FOUND: Final = "PN045"


def production(request: ProductionRequest, out: Path | None, *, as_json: bool) -> None:
    """Plan the production of a year, and say what each region needs, has and lacks."""
    with steps("answer.producing") as progress:
        answer = make_production(request, out, progress)
    if as_json:
        found = {"plan": answer.kept.id, "findings": findings_as_json(answer.findings)}
        terminal.print_json(found | answer.answer)
        return
    terminal.tell_findings([finding for finding in answer.findings if finding.code != _FOUND])
    _print(answer)
    terminal.print_text(say("answer.plan_kept", plan=answer.kept.id))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _print(answer: KeptProduction) -> None:
    body = answer.answer
    columns = [(say("answer.production_where"), False)]
    names = ("opening", "received", "resolved", "pending", "need_hours", "hours", "uncovered", "euro")
    columns += [(say(f"answer.production_{name}"), True) for name in names]
    rows = [_row(total, names) for total in (*body["regions"], body["nation"])]
    terminal.print_table(columns, rows)
    short = [office for office in body["offices"] if office["uncovered"] is None or office["uncovered"] > 0]
    terminal.print_text(say("answer.production_short", count=len(short), offices=len(body["offices"])))
    if body["hours_from_history"]:
        terminal.print_text(say("answer.production_history", count=body["hours_from_history"]))
    if body["printed"]:
        terminal.print_text()
        terminal.print_text(say("answer.production_beside"))
        columns = [(say("answer.production_line"), False)]
        columns += [(say(f"answer.production_{name}"), True) for name in ("printed", "planned", "difference")]
        rows = [_row(row | {"id": row["line"]}, ("printed", "planned", "difference")) for row in body["printed"]]
        terminal.print_table(columns, rows)


def _row(total: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return (str(total["id"]), *(_whole(total[name]) for name in names))


def _whole(value: float | None) -> str:
    return "–" if value is None else terminal.figure(preview(float(value)), 0)
