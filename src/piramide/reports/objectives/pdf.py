"""The sheet as a tagged PDF (PDF/A-2a, PDF/UA-1); several sheets make one file with a bookmark each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import typst

from piramide.kernel.findings import Finding, refuse
from piramide.reports.glyphs import drawn, undrawable
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.sheet_pdf import STANDARDS, forget


def pdf(sheets: Sequence[ObjectivesSheet]) -> bytes:
    """The document of some sheets of one plan; a character that its fonts lack is drawn as a mark (`remarks`)."""
    first = sheets[0]
    data: dict[str, Any] = {
        "language": first.language,
        "title": first.heading if len(sheets) > 1 else f"{first.heading} – {first.structure_label}",
        "administration": first.administration,
        "page": first.page,
        "sheets": [_worded(sheet) for sheet in sheets],
    }
    template = (resources.files("piramide.reports") / "templates" / "objectives.typ").read_bytes()
    compiler = typst.Compiler(template, ignore_system_fonts=True, sys_inputs={"data": json.dumps(drawn(data))})
    moment = datetime(first.year, 1, 1, tzinfo=UTC)
    try:
        made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=moment)
    except typst.TypstError as error:
        raise refuse("RP003", subject=first.structure_label, problem="not composed") from error
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file, unlike pages of images
    forget()
    return made


def remarks(sheets: Sequence[ObjectivesSheet]) -> Iterator[Finding]:
    """Characters of the sheets that the PDF replaces (RP006)."""
    for sheet in sheets:
        yield from undrawable(_worded(sheet), sheet.structure_label)


def _worded(sheet: ObjectivesSheet) -> dict[str, Any]:
    return {
        "heading": sheet.heading,
        "structure": sheet.structure_label,
        "addressee": sheet.addressee,
        "warning": sheet.warning,
        "basis": sheet.basis,
        "objectives": sheet.objectives.laid(),
        "acts": sheet.acts,
        "notes": sheet.notes,
        "annexes": [{"title": annex.title, "table": annex.table.laid()} for annex in sheet.annexes],
    }
