"""Report: the objective sheet of a structure, from a kept run to a file on paper."""

from __future__ import annotations

from pathlib import Path

from piramide.cycle.runs import open_run
from piramide.cycle.sheet_content import sheet_report
from piramide.cycle.store import Store
from piramide.reports.writing import write_sheet


def write_sheet_of_run(store: Store, prefix: str, structure: str, out: Path, language: str) -> str:
    """Write the sheet of `structure` in the run `prefix` as the extension of `out` says; the id of the run."""
    opened = open_run(store, prefix)
    write_sheet(sheet_report(opened, structure, language), out, language)
    return opened.run.id
