"""`piramide facts`: facts into the ledger, what it holds, whether it can be right."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.facts import (
    DatasetStatus,
    LoadRequest,
    facts_status,
    findings_of_facts,
    load_facts,
    parse_pairs,
    parse_share,
)
from piramide.cycle.store import Store
from piramide.kernel.findings import Finding, refuse
from piramide.measurement.loading.load import LoadReport
from piramide.measurement.loading.sources import Source

UNFAVOURABLE = 1


@dataclass(frozen=True, slots=True)
class How:
    """Options of a load, as the user wrote them."""

    learned_on: str
    query: str
    most_rejected: str
    pack: str


def load(arguments: Sequence[str], how: How, packs: list[Path], store: Path, *, as_json: bool) -> None:
    """Load sources into datasets; exit code 1 when rows were set aside."""
    day = parse_day(how.learned_on) if how.learned_on else today()
    request = LoadRequest(parse_pairs(arguments), day, how.query, parse_share(how.most_rejected), how.pack)
    with _bars() as progress:
        reports = load_facts(request, packs, Store(store), progress, lambda: terminal.tell(say("answer.facts_waiting")))
    for report in reports:
        for finding in report.findings:
            terminal.tell(f"{finding.code}: {finding.message()}")
        more = report.load.manifest["rejected"] - len(report.findings)
        if more > 0:
            terminal.tell(say("answer.facts_more_rejected", count=more, file=report.load.rejected_file))
    if as_json:
        terminal.print_json({"loads": [_load_as_json(report) for report in reports]})
    else:
        for report in reports:
            _print_load(report)
    if any(report.reasons for report in reports):
        raise typer.Exit(UNFAVOURABLE)


def check(pack: str, control: Path | None, packs: list[Path], store: Path, *, as_json: bool) -> None:
    """Print every finding of the ledger; exit code 1 with an error."""
    findings = findings_of_facts(Store(store), pack, packs, control)
    if as_json:
        terminal.print_json({"findings": [finding.as_json() for finding in findings]})
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


@contextmanager
def _bars() -> Iterator[Callable[[Source], Callable[[int], None]]]:
    """A progress bar for each source, on standard error and only when that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bars:

        def start(source: Source) -> Callable[[int], None]:
            bar = bars.add_task(source.label, total=source.size or None)
            return lambda count: bars.advance(bar, count)

        yield start


def _load_as_json(report: LoadReport) -> dict[str, Any]:
    hidden = {"columns", "reasons"}
    manifest = {name: value for name, value in report.load.manifest.items() if name not in hidden}
    return manifest | {
        "reasons": report.reasons,
        "rejected_file": str(report.load.rejected_file),
        "findings": [finding.as_json() for finding in report.findings],
    }


def _print_load(report: LoadReport) -> None:
    manifest = report.load.manifest
    terminal.print_text(
        say(
            "answer.facts_loaded",
            dataset=manifest["dataset"],
            load=manifest["load"],
            accepted=terminal.figure(manifest["accepted"], 0),
            rejected=terminal.figure(manifest["rejected"], 0),
            first=manifest["first_day"] or "–",
            last=manifest["last_day"] or "–",
        )
    )


def _print_status(datasets: Sequence[DatasetStatus]) -> None:
    headings = ("dataset", "loads", "rows", "months", "from", "to", "learned", "late")
    figures = {"loads", "rows", "months"}
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
