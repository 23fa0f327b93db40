"""`piramide facts preview`: what an export holds, and what a load through its mapping would do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import typer

from piramide.cli import terminal
from piramide.cli.facts import UNFAVOURABLE
from piramide.cli.texts import say
from piramide.cycle.facts_preview import ExportPreview, preview_export
from piramide.cycle.runs.store import Store


@dataclass(frozen=True, slots=True)
class How:
    """Options of a preview, as the user wrote them."""

    dataset: str
    mapping: Path | None
    pack: str


def preview(file: Path, how: How, packs: list[Path], store: Path, *, as_json: bool) -> None:
    """Print the mapping, the rows that would be set aside and what is fed; exit code 1 when some would be."""
    found = preview_export(file, how.dataset, how.mapping, how.pack, packs, Store(store))
    if as_json:
        terminal.print_json(_as_json(found))
    else:
        _print(found)
    if found.rows and found.rows.aside:
        raise typer.Exit(UNFAVOURABLE)


def _as_json(found: ExportPreview) -> dict[str, object]:
    rows = found.rows
    aside = (
        [{"line": one.place.line, "column": one.place.cell, "message": one.message()} for one in rows.findings]
        if rows
        else []
    )
    return {
        "mapping": found.mapping,
        "rows": {
            "read": rows.read if rows else None,
            "skipped": rows.skipped if rows else None,
            "set_aside": aside,
            "set_aside_count": rows.aside if rows else None,
        },
        "feeds": {
            "measures": list(found.feeds.measures),
            "indicators": list(found.feeds.indicators),
            "lacking": {name: list(columns) for name, columns in found.feeds.lacking.items()},
        },
    }


def _print(found: ExportPreview) -> None:
    """The mapping as a file of it may be written, then what it gives."""
    terminal.print_text(json.dumps(found.mapping, ensure_ascii=False, indent=2))
    if found.rows is None:
        terminal.tell(say("answer.preview_open"))
        return
    terminal.tell_findings(found.rows.findings)
    counts = (found.rows.read, found.rows.skipped, found.rows.aside)
    read, skipped, aside = (terminal.figure(count, 0) for count in counts)
    terminal.print_text(say("answer.preview_rows", read=read, skipped=skipped, aside=aside))
    names = ", ".join(found.feeds.measures) or "–"
    terminal.print_text(
        say("answer.preview_feeds", measures=names, indicators=", ".join(found.feeds.indicators) or "–")
    )
    for name, columns in found.feeds.lacking.items():
        terminal.print_text(say("answer.preview_lacking", measure=name, columns=", ".join(columns)))
