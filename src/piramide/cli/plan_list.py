"""`piramide plan list`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.planning.kept import KeptPlan, kept_plans

_WHEN: Final = ("month", "first", "year", "name")


def list_plans(store: Path, *, as_json: bool) -> None:
    """List the plans of a store, the newest first."""
    plans = kept_plans(store)
    if as_json:
        terminal.print_json({"plans": [_as_json(plan) for plan in plans]})
    elif not plans:
        terminal.print_text(say("answer.no_plans"))
    else:
        columns = [(say(f"answer.list_{name}"), False) for name in ("plan", "kind", "pack", "when")]
        terminal.print_table(columns, [_row(plan) for plan in plans])


def _row(plan: KeptPlan) -> tuple[str, ...]:
    return (plan.id[:16], say(f"answer.kind_{plan.kind}"), str(plan.manifest.get("pack", "")), _when(plan))


def _when(plan: KeptPlan) -> str:
    """What the plan is of: a month, a year, or the name of a change."""
    return next((str(plan.manifest[name]) for name in _WHEN if plan.manifest.get(name)), "")


def _as_json(plan: KeptPlan) -> dict[str, Any]:
    return {"plan": plan.id, "kind": plan.kind, "pack": plan.manifest.get("pack"), "of": _when(plan)}
