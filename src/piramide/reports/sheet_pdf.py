"""The sheet as a tagged PDF (PDF/A-2a, PDF/UA-1): `templates/sheet.typ` lays out what `paper` worded.

Texts reach the template as data and are never read as markup. No clock and no font of the machine is used, so the
same report gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

import typst

from piramide.kernel.findings import Finding, refuse
from piramide.reports.glyphs import drawn, undrawable
from piramide.reports.labels import labels
from piramide.reports.sheet import SheetReport
from piramide.reports.worded import worded

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_BLANKS = 4
"""Blank pages composed after a sheet. The library keeps what it made (13 MB a sheet) until ten more documents were
composed, for who composes the same one again; no sheet is composed twice. Each blank page takes 2 ms and makes all that
is kept one document older, so that a process that prints keeps 60 MB, not 160."""


def sheet_pdf(report: SheetReport, language: str = "it") -> bytes:
    """Return the sheet as a PDF; a character that its fonts lack is drawn as a mark (`remarks` names it)."""
    say = labels(language)
    data: dict[str, Any] = {
        "paper": asdict(worded(report, say)),
        "annexes": [{"title": annex.title, "table": annex.table.laid()} for annex in report.annexes],
        "say": {name: dict(say.section(name)) for name in ("column", "section", "sheet", "recompute")},
    }
    template = (resources.files("piramide.reports") / "templates" / "sheet.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"data": json.dumps(drawn(data))})
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=moment(report))
    except typst.TypstError as error:
        raise refuse("RP003", subject=report.structure_label, problem="not composed") from error
    assert isinstance(pdf, bytes)  # noqa: S101 - a PDF is one file, unlike pages of images
    forget()
    return pdf


def forget() -> None:
    """Let the library drop what it keeps of earlier sheets."""
    for _count in range(_BLANKS):
        typst.Compiler(b" ", font_paths=_fonts()).compile(format="svg")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def remarks(report: SheetReport, language: str = "it") -> tuple[Finding, ...]:
    """Characters of the report that the PDF replaces (RP006), each with the row that holds it."""
    return tuple(undrawable(asdict(worded(report, labels(language))), report.structure_label))


def moment(report: SheetReport) -> datetime:
    """The day that dates the file: that of the organisation and method, else the last one of the year."""
    day = report.as_of or date(report.year, 12, 31)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
