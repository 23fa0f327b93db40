"""The sheet as a file, made once for a run, a structure and a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpResponse

from piramide.reports.sheet import SheetReport
from piramide.reports.sheet_csv import sheet_csv
from piramide.reports.sheet_pdf import sheet_pdf
from piramide.reports.sheet_xlsx import sheet_xlsx
from piramide.web.fields.language import spoken
from piramide.web.house.pages import Kept
from piramide.web.structures.sheet_page import report_of
from piramide.web.structures.shown import Shown

MOST_BYTES: Final = 32_000_000
"""How much of files a process keeps: every sheet of a run and a half, as PDF."""


def _csv(report: SheetReport, language: str) -> bytes:  # noqa: ARG001 - the names of the results are the same in all
    return sheet_csv(report)


FORMS: Final[Mapping[str, tuple[str, Callable[[SheetReport, str], bytes]]]] = {
    "pdf": ("application/pdf", sheet_pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet_xlsx),
    "csv": ("text/csv; charset=utf-8", _csv),
}
SHEETS: Final = Kept(MOST_BYTES)


def export(shown: Shown, form: str) -> HttpResponse:
    """The sheet in one of `FORMS`, named after structure, period and run.

    It depends on nothing but the run, the structure and the language: made once, it is the same bytes ever after.
    """
    kind, make = FORMS[form]
    key = (form, shown.record.run, shown.structure, spoken())
    content = SHEETS.get(key)
    if content is None:
        content = make(report_of(shown), spoken())
        SHEETS.put(key, content)
    answer = HttpResponse(content, content_type=kind)
    name = f"scheda-{shown.structure}-{shown.record.period}-{shown.record.short}.{form}"
    disposition = "inline" if form == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return answer
