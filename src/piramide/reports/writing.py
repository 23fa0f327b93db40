"""Writing a document to disk: the format follows the extension, and a file is there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from piramide.kernel import durable
from piramide.kernel.findings import Finding, Place, refuse
from piramide.reports.sheet import SheetReport
from piramide.reports.sheet_pdf import remarks, sheet_pdf


def _markdown_bytes(report: SheetReport, language: str) -> bytes:
    from piramide.reports.sheet_markdown import sheet_markdown  # noqa: PLC0415 - each format waits for its own library

    return sheet_markdown(report, language).encode()


def _workbook_bytes(report: SheetReport, language: str) -> bytes:
    from piramide.reports.sheet_xlsx import sheet_xlsx  # noqa: PLC0415

    return sheet_xlsx(report, language)


FORMATS: Final[Mapping[str, Callable[[SheetReport, str], bytes]]] = {
    ".pdf": sheet_pdf,
    ".xlsx": _workbook_bytes,
    ".md": _markdown_bytes,
}


def write_sheet(report: SheetReport, out: Path, language: str = "it") -> tuple[Finding, ...]:
    """Write the sheet to `out` as its extension asks: `.pdf`, `.xlsx` or `.md`.

    Raises `Refusal`: RP001 unknown extension, RP002 cannot be written there, RP003 no PDF of these texts, RP005
    unknown language. An existing file is replaced, and kept as it was when anything fails. Returns what was drawn
    otherwise than it is written (RP006).
    """
    extension = format_of(out, FORMATS)
    write_whole(FORMATS[extension](report, language), out)
    return remarks(report, language) if extension == ".pdf" else ()


def format_of(out: Path, known: Mapping[str, object]) -> str:
    """The extension of `out` in lower case; refused (RP001) when `known` lacks it."""
    extension = out.suffix.lower()
    if extension not in known:
        raise refuse("RP001", Place(str(out)), extension or out.name, known=", ".join(known))
    return extension


def write_whole(content: bytes, out: Path) -> None:
    """Write `content` beside `out`, then put it in its place in one step; refused (RP002) when that cannot be done."""
    try:
        durable.write_whole(out, content)
    except OSError as error:
        raise refuse("RP002", Place(str(out)), out.name, problem=error.strerror or type(error).__name__) from error
