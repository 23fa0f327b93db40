"""`piramide plan share`, and `piramide verify` of a kept plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import typer

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning import sharing
from piramide.cycle.planning.sharing import FEASIBLE, NONE
from piramide.cycle.planning.sharing_month import MonthRequest
from piramide.cycle.planning.sharing_month import share_month as make_month
from piramide.kernel.figure import preview
from piramide.kernel.findings import Place, refuse

__all__ = ["MonthRequest", "share", "share_month", "verify"]

UNFAVOURABLE: Final = 1
_DECIMALS: Final = 3


def refuse_beside_problem(*given: str, worst_first: bool, lot: float | None) -> None:
    """Refuse what cannot stand beside a problem, which says everything itself (PN048)."""
    if any(given) or worst_first or lot is not None:
        raise refuse("PN048", Place("--problem"))


def share(problem: Path, out: Path | None, seconds: float | None, *, as_json: bool) -> None:
    """Share the work of a problem and say who helps whom; exit code 1 when something stays above a target."""
    _tell(sharing.share(problem, out, seconds), out, "", as_json=as_json)


def share_month(request: MonthRequest, out: Path | None, *, as_json: bool) -> None:
    """Share the work of a month of the store; exit code 1 when something stays above a target."""
    with steps("answer.sharing") as progress:
        answer = make_month(request, out, progress)
    _tell(answer.shared, out, answer.kept.id, as_json=as_json)


def _tell(plan: sharing.SharedPlan, out: Path | None, kept: str, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(plan.answer)
    else:
        _print(plan)
        if kept:
            terminal.print_text(say("answer.plan_kept", plan=kept))
        if out is not None:
            terminal.print_text(say("answer.written", path=out))
    if not plan.meets_targets:
        raise typer.Exit(UNFAVOURABLE)


def _print(plan: sharing.SharedPlan) -> None:
    columns = [
        (say("answer.move_owner"), False),
        (say("answer.move_worker"), False),
        (say("answer.move_family"), False),
    ]
    columns += [(say("answer.move_points"), True), (say("answer.move_hours"), True), (say("answer.move_rung"), False)]
    rows = [
        (
            row["from"],
            row["to"],
            row["family"],
            _amount(row["points"]),
            _amount(row["hours"]),
            say(f"answer.rung_{row['rung']}"),
        )
        for row in plan.answer["moves"]
    ]
    if plan.sharing.status == NONE:
        terminal.print_text(say("answer.plan_none" if plan.sharing.relaxations else "answer.plan_unknown"))
    elif rows:
        terminal.print_table(columns, rows)
    else:
        terminal.print_text(say("answer.no_moves"))
    for stage in plan.answer["stages"]:
        name = say(f"answer.stage_{stage['name']}")
        terminal.print_text(f"{name}: {_amount(stage['value'])}")
    if plan.sharing.status == FEASIBLE:
        gap = terminal.figure(preview(100 * plan.answer["optimality_gap"]), _DECIMALS)
        terminal.print_text(say("answer.plan_feasible", gap=f"{gap} %"))
    _list("plan_relaxations", plan.answer["relaxations"])
    for rule in ("hours_available", "target", "competence"):
        _list(f"plan_prices_{rule}", [row for row in plan.answer["prices"] if row["rule"] == rule])


def _list(title: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        terminal.print_text()
        terminal.print_text(say(f"answer.{title}"))
    for row in rows:
        terminal.print_text(f"- {row['sentence']}")


def _amount(value: float) -> str:
    """Points, hours or days, to the thousandth that they are whole in."""
    return terminal.figure(preview(value), _DECIMALS)


def verify(path: Path, *, as_json: bool) -> None:
    """Say whether a kept plan is what it says; exit code 1 when it is not."""
    name, difference = sharing.verify_plan(path)
    if as_json:
        terminal.print_json({"plan": name, "verified": not difference, "difference": difference or None})
    elif difference:
        terminal.print_text(say("answer.plan_not_verified", plan=name, what=say(f"answer.plan_differs_{difference}")))
    else:
        terminal.print_text(say("answer.plan_verified" if sharing.has_proof(path) else "answer.plan_intact", plan=name))
    if difference:
        raise typer.Exit(UNFAVOURABLE)
