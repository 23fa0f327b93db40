"""`piramide plan simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from piramide.cli import terminal
from piramide.cli.steps import steps
from piramide.cli.texts import say
from piramide.cycle.planning.simulating import YearRequest
from piramide.cycle.planning.simulating import simulate as make_simulation
from piramide.kernel.figure import preview

__all__ = ["YearRequest", "simulate"]


def simulate(request: YearRequest, out: Path | None, *, as_json: bool) -> None:
    """Say what each policy of work sharing would have brought."""
    with steps("answer.simulated_year") as progress:
        answer = make_simulation(request, out, progress)
    if as_json:
        terminal.print_json({"plan": answer.kept.id} | answer.answer)
        return
    names = ("over_at_end", "office_months", "offices_at_end", "worst", "province", "region", "outside")
    columns = [(say("answer.year_policy"), False), *((say(f"answer.year_{name}"), True) for name in names)]
    terminal.print_table(columns, [_row(policy) for policy in answer.answer["policies"]])
    terminal.print_text(say("answer.year_why"))
    terminal.print_text(say("answer.plan_kept", plan=answer.kept.id))
    if out is not None:
        terminal.print_text(say("answer.written", path=out))


def _row(policy: dict[str, Any]) -> tuple[str, ...]:
    moved = [sum(month["moved"][rung] for month in policy["months"]) for rung in ("province", "region", "outside")]
    figures = (
        policy["over_at_end"],
        policy["office_months_over"],
        policy["months"][-1]["offices_over"],
        policy["worst_days"],
        *moved,
    )
    return (say(f"answer.policy_{policy['policy']}"), *(terminal.figure(preview(float(each)), 0) for each in figures))
