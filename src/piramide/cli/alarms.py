"""`piramide facts alarms`."""

from __future__ import annotations

from pathlib import Path

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.alarms import PeriodAlarms, Request
from piramide.cycle.alarms import alarms as run_alarms
from piramide.kernel.figure import preview

__all__ = ["Request", "alarms"]


def alarms(request: Request, store: Path, *, as_json: bool) -> None:
    """Say what stands out in a period, the rarest first."""
    answer = run_alarms(request, store)
    if as_json:
        terminal.print_json(answer.as_json())
        return
    for evidence in answer.evidence:
        terminal.print_text(f"! {evidence.code}  {evidence.finding().message()}")
    terminal.print_text(_summary(answer))


def _summary(answer: PeriodAlarms) -> str:
    return say(
        "answer.alarms",
        count=len(answer.evidence),
        offices=len({evidence.office for evidence in answer.evidence}),
        by_chance=terminal.figure(preview(answer.by_chance), 1),
        too_small=max((examined.too_small for examined in answer.alarms), default=0),
    )
