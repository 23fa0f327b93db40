"""`piramide facts check` and `facts status`: what the ledger holds, whether it can be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.facts import DatasetStatus, facts_status, findings_of_facts
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Finding, findings_as_json, refuse

UNFAVOURABLE = 1


def check(pack: str, control: Path | None, packs: list[Path], store: Path, *, as_json: bool) -> None:
    """Print every finding of the ledger; exit code 1 with an error."""
    findings = findings_of_facts(Store(store), pack, packs, control)
    if as_json:
        terminal.print_json({"findings": findings_as_json(findings)})
    else:
        terminal.print_findings(findings)
    if terminal.unfavourable(findings):
        raise typer.Exit(UNFAVOURABLE)


def status(store: Path, *, as_json: bool) -> None:
    """Print what the ledger holds, dataset by dataset."""
    datasets = facts_status(Store(store), today())
    if as_json:
        terminal.print_json({"datasets": [asdict(dataset) for dataset in datasets]})
    elif not datasets:
        terminal.print_text(Finding("FA050", subject="", fields={"where": str(store)}).message())
    else:
        _print_status(datasets)


def today() -> date:
    """The day on the user's calendar."""
    return date.today()  # noqa: DTZ011 - a day of the calendar, not a moment


def parse_day(text: str) -> date:
    """A day such as `2024-09-30`. Raises `Refusal` (FA055)."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("FA055", subject=text) from error


def _print_status(datasets: Sequence[DatasetStatus]) -> None:
    headings = ("dataset", "loads", "rows", "months", "from", "to", "learned", "late")
    figures = {"loads", "rows", "months", "from", "to", "learned"}  # days, too, are never broken
    rows = [
        (
            one.dataset,
            str(one.loads),
            terminal.figure(one.rows, 0),
            str(one.months),
            one.first_month,
            one.last_month,
            one.last_learned,
            _late(one),
        )
        for one in datasets
    ]
    terminal.print_table([(say(f"answer.facts_{name}"), name in figures) for name in headings], rows)


def _late(one: DatasetStatus) -> str:
    if not one.late:
        return ""
    return one.late[0] if len(one.late) == 1 else f"{one.late[0]} … {one.late[-1]} ({len(one.late)})"
