"""`piramide facts load`: facts into the ledger, and what became of each source."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from piramide.cli import terminal
from piramide.cli.facts import UNFAVOURABLE, parse_day, today
from piramide.cli.texts import say
from piramide.cycle.fact_sources import Wanted, parse_sources
from piramide.cycle.facts import Listener, LoadRequest, load_facts, parse_share
from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Refusal, findings_as_json
from piramide.measurement.loading.load import LoadReport
from piramide.measurement.loading.sources import Source


@dataclass(frozen=True, slots=True)
class How:
    """Options of a load, as the user wrote them."""

    learned_on: str
    query: str
    most_rejected: str
    pack: str
    mapping: Path | None = None


@dataclass(slots=True)
class _Heard:
    """What has been loaded so far, and the (dataset, source) pairs that were there already."""

    reports: list[LoadReport] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)


def load(arguments: Sequence[str], how: How, packs: list[Path], store: Path, *, as_json: bool) -> None:
    """Load sources into datasets; exit code 1 when rows were set aside."""
    wanted = parse_sources(arguments)
    heard = _load(wanted, how, packs, Store(store))
    for report in heard.reports:
        _tell_rejected(report)
    if wanted.left_out:
        terminal.tell(say("answer.facts_left_out", files=", ".join(wanted.left_out)))
    if as_json:
        terminal.print_json(
            {
                "loads": [_load_as_json(report) for report in heard.reports],
                "already_there": [{"dataset": dataset, "source": source} for dataset, source in heard.known],
                "left_out": list(wanted.left_out),
            }
        )
    elif wanted.from_folders:
        _print_by_dataset(heard)
    else:
        for report in heard.reports:
            _print_load(report)
    if any(report.reasons for report in heard.reports):
        raise typer.Exit(UNFAVOURABLE)


def _load(wanted: Wanted, how: How, packs: list[Path], store: Store) -> _Heard:
    """Load, and when a source is refused say which were committed before it: they stay."""
    day = parse_day(how.learned_on) if how.learned_on else today()
    share = parse_share(how.most_rejected)
    request = LoadRequest(wanted.pairs, day, how.query, share, how.pack, wanted.from_folders, how.mapping)
    heard = _Heard()
    with _bars(len(wanted.pairs)) as progress:
        listener = Listener(
            progress,
            lambda: terminal.tell(say("answer.facts_waiting")),
            heard.reports.append,
            lambda dataset, source: heard.known.append((dataset, source)),
        )
        try:
            load_facts(request, packs, store, listener)
        except Refusal:
            if heard.reports:
                sources = ", ".join(report.load.manifest["source"] for report in heard.reports)
                again = "facts_loaded_before_again" if wanted.from_folders else "facts_loaded_before"
                terminal.tell(say(f"answer.{again}", sources=sources))
            raise
    return heard


@contextmanager
def _bars(count: int) -> Iterator[Callable[[Source], Callable[[int], None]]]:
    """A progress bar for the source that is read, on standard error and only when that is a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    begun: list[TaskID] = []
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bars:

        def start(source: Source) -> Callable[[int], None]:
            if begun:
                bars.remove_task(begun[-1])
            bar = bars.add_task(f"{len(begun) + 1}/{count} {source.label}", total=source.size or None)
            begun.append(bar)
            return lambda read: bars.advance(bar, read)

        yield start


def _tell_rejected(report: LoadReport) -> None:
    terminal.tell_findings((*report.remarks, *report.findings))
    more = report.load.manifest["rejected"] - len(report.findings)
    if more > 0:
        terminal.tell(say("answer.facts_more_rejected", count=more, file=report.load.rejected_file))


def _load_as_json(report: LoadReport) -> dict[str, Any]:
    hidden = {"columns", "reasons", "files", "before", "codes"}
    manifest = {name: value for name, value in report.load.manifest.items() if name not in hidden}
    return manifest | {
        "reasons": report.reasons,
        "rejected_file": str(report.load.rejected_file),
        "findings": findings_as_json(report.findings),
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


def _print_by_dataset(heard: _Heard) -> None:
    """One line for each dataset of a folder, and one for all of them."""
    by_dataset: dict[str, list[dict[str, Any]]] = {dataset: [] for dataset, _ in heard.known}
    for report in heard.reports:
        by_dataset.setdefault(report.load.dataset, []).append(report.load.manifest)
    known = [dataset for dataset, _ in heard.known]
    headings = ["dataset", "loads", "accepted", "rejected", *(["known"] if known else []), "from", "to"]
    rows = [
        (
            dataset,
            str(len(manifests)),
            *_rows_of(manifests),
            *([str(known.count(dataset))] if known else []),
            min((day for one in manifests if (day := one["first_day"])), default="–"),
            max((day for one in manifests if (day := one["last_day"])), default="–"),
        )
        for dataset, manifests in sorted(by_dataset.items())
    ]
    # Days, too, are never broken over two lines.
    terminal.print_table([(say(f"answer.facts_{name}"), name != "dataset") for name in headings], rows)
    accepted, rejected = _rows_of([report.load.manifest for report in heard.reports])
    figures_of_all = {"count": len(heard.reports), "accepted": accepted, "rejected": rejected, "known": len(known)}
    terminal.print_text(say("answer.facts_loaded_all", **figures_of_all))


def _rows_of(manifests: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Rows accepted and rows set aside, in the user's notation."""
    counts = (sum(one[key] for one in manifests) for key in ("accepted", "rejected"))
    accepted, rejected = (terminal.figure(count, 0) for count in counts)
    return accepted, rejected
