"""`piramide plan share`, and `piramide verify` of a kept plan."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.planning import sharing
from piramide.kernel.figure import preview

UNFAVOURABLE: Final = 1
_DECIMALS: Final = 3


def share(problem: Path, out: Path | None, *, as_json: bool) -> None:
    """Share the work of a problem and say who helps whom; exit code 1 when something stays above a target."""
    plan = sharing.share(problem, out)
    if as_json:
        terminal.print_json(plan.answer)
    else:
        _print(plan)
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
    if rows:
        terminal.print_table(columns, rows)
    else:
        terminal.print_text(say("answer.no_moves"))
    for stage in plan.answer["stages"]:
        name = say(f"answer.stage_{stage['name']}")
        terminal.print_text(f"{name}: {_amount(stage['value'])}")
    for part in ("relaxations", "prices"):
        if plan.answer[part]:
            terminal.print_text()
            terminal.print_text(say(f"answer.plan_{part}"))
        for row in plan.answer[part]:
            terminal.print_text(f"- {row['sentence']}")


def _amount(value: float) -> str:
    """Points, hours or days, to the thousandth that they are whole in."""
    return terminal.figure(preview(value), _DECIMALS)


def verify(path: Path, *, as_json: bool) -> None:
    """Say whether a kept plan is the best of its problem; exit code 1 when it is not."""
    name, difference = sharing.verify_plan(path)
    if as_json:
        terminal.print_json({"plan": name, "verified": not difference, "difference": difference or None})
    elif difference:
        terminal.print_text(say("answer.plan_not_verified", plan=name, what=say(f"answer.plan_differs_{difference}")))
    else:
        terminal.print_text(say("answer.plan_verified", plan=name))
    if difference:
        raise typer.Exit(UNFAVOURABLE)
