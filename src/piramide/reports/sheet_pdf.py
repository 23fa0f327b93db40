"""The sheet as a tagged PDF (PDF/A-2a, PDF/UA-1): `templates/sheet.typ` lays out what `paper` worded.

Texts reach the template as data and are never read as markup. No clock and no font of the machine is used, so the
same report gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

import typst

from piramide.kernel.findings import refuse
from piramide.reports.labels import labels
from piramide.reports.sheet import SheetReport
from piramide.reports.worded import worded

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]


def sheet_pdf(report: SheetReport, language: str = "it") -> bytes:
    """Return the sheet as a PDF; refused (RP003) when a character of the report has no glyph in its fonts."""
    say = labels(language)
    data: dict[str, Any] = {
        "paper": asdict(worded(report, say)),
        "say": {name: dict(say.section(name)) for name in ("column", "section", "sheet", "recompute")},
    }
    template = (resources.files("piramide.reports") / "templates" / "sheet.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)})
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=moment(report))
    except typst.TypstError as error:
        problem = "no glyph" if "could not be displayed" in error.message else "not composed"
        raise refuse("RP003", subject=report.structure_label, problem=problem) from error
    assert isinstance(pdf, bytes)  # noqa: S101 - a PDF is one file, unlike pages of images
    return pdf


def moment(report: SheetReport) -> datetime:
    """The day that dates the file: that of the organisation and method, else the last one of the year."""
    day = report.as_of or date(report.year, 12, 31)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
