"""Report: the objective sheet of a structure, from a kept run to a file on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.sheet_content import sheet_report
from piramide.kernel.findings import Finding
from piramide.reports.writing import write_sheet


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was written: the id of its run, and what was drawn otherwise than it is written."""

    run: str
    findings: tuple[Finding, ...]


def write_sheet_of_run(store: Store, prefix: str, structure: str, out: Path, language: str) -> Written:
    """Write the sheet of `structure` in the run `prefix` as the extension of `out` says."""
    opened = open_run(store, prefix)
    said = write_sheet(sheet_report(opened, structure, language), out, language)
    return Written(opened.run.id, said)
