"""`piramide pack check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.plans.checked import check_report
from piramide.kernel.findings import findings_as_json
from piramide.methodology.checks.check_report import CheckReport

UNFAVOURABLE = 1


def check(name: str, folders: Sequence[Path], *, demonstration: bool, with_notes: bool, as_json: bool) -> None:
    """Every finding of a pack."""
    report = check_report(name, folders, demonstration=demonstration)
    if as_json:
        terminal.print_json(_report_as_json(name, report))
    else:
        terminal.print_findings(report.findings, with_notes=with_notes)
        if report.identities:
            counted = say(
                "answer.relations",
                identities=report.identities,
                relations=report.relations,
                proven=report.proven,
                failing=report.failing,
            )
            terminal.print_text("\n".join(wrap(counted, terminal.answer_width())))
    if terminal.unfavourable(report.findings):
        raise typer.Exit(UNFAVOURABLE)


def _report_as_json(name: str, report: CheckReport) -> dict[str, object]:
    return {
        "pack": name,
        "identities": {"declared": report.identities, "proven": report.proven},
        "relations": {"evaluated": report.relations, "failing": report.failing},
        "findings": findings_as_json(report.findings),
    }
