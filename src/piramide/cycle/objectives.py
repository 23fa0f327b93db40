"""Objectives: the sheets of a plan before any result, from the pack to files on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from piramide.cycle.plans.objectives.content import objectives_sheet
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.score import day_within
from piramide.kernel.findings import Finding, Place, refuse
from piramide.methodology.in_force import in_force, last_day
from piramide.reports.objectives.markdown import markdown
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.objectives.pdf import pdf, remarks
from piramide.reports.objectives.word import word
from piramide.reports.objectives.workbook import workbook
from piramide.reports.writing import format_of, write_whole

ZIP: Final = ".zip"
_PDF: Final = ".pdf"
_FORMS: Final[Mapping[str, Callable[[ObjectivesSheet], bytes]]] = {
    _PDF: lambda sheet: pdf([sheet]),
    ".docx": word,
    ".xlsx": workbook,
    ".md": markdown,
}
FORMS: Final = tuple(name.removeprefix(".") for name in _FORMS)
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sheets: of `structures`, or of everybody; where to; `form` of the files in a `.zip`; on which day."""

    pack: str
    out: Path
    structures: tuple[str, ...] = ()
    everybody: bool = False
    form: str = ""
    as_of: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """The sheet of one structure: the file that holds it (in a `.zip`, its name there), and the SHA-256 of that."""

    structure: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PrintedSheets:
    """What was written, and what was drawn otherwise than it is written."""

    files: tuple[PrintedFile, ...]
    findings: tuple[Finding, ...] = ()


def write_objectives(asked: Asked, folders: Sequence[Path] = ()) -> PrintedSheets:
    """Write the sheets that are asked; the same plan gives the same bytes, and a file is there whole or not at all.

    Raises `Refusal`: RP009 neither or both of `structures` and `everybody`, RP001 unknown extension or form, RP010 many
    sheets in a file that holds one, RP011 a form that is not that of the file, RP007 and RP008 no such sheet, CY010 and
    CY015 the day, RP002 cannot be written there.
    """
    if bool(asked.structures) == asked.everybody:
        raise refuse("RP009", Place(str(asked.out)))
    extension = format_of(asked.out, {**_FORMS, ZIP: None})
    form = _form(asked, extension)
    pack = open_pack(asked.pack, folders, demonstration=asked.demonstration)
    day = day_within(asked.as_of, pack) if asked.as_of else last_day(pack)
    pack = in_force(pack, day)
    wanted = tuple(dict.fromkeys(asked.structures)) or tuple(n for n in pack.sheets if n in pack.organisation.on(day))
    if not wanted:
        raise refuse("RP007", Place(pack.id), pack.id)
    sheets = [objectives_sheet(pack, name, day) for name in wanted]
    if extension == ZIP:
        content, files = _zipped(sheets, form)
    elif extension == _PDF:
        content = pdf(sheets)
        files = tuple(PrintedFile(name, str(asked.out), _sha256(content)) for name in wanted)
    elif len(sheets) > 1:
        raise refuse("RP010", Place(str(asked.out)), extension, count=len(sheets))
    else:
        content = _FORMS[extension](sheets[0])
        files = (PrintedFile(wanted[0], str(asked.out), _sha256(content)),)
    write_whole(content, asked.out)
    return PrintedSheets(files, tuple(remarks(sheets)) if form == _PDF else ())


def _form(asked: Asked, extension: str) -> str:
    """The form of each sheet, with its dot: that of the file, or of the files in it."""
    form = f".{asked.form.lower().removeprefix('.')}" if asked.form else ""
    if form and form not in _FORMS:
        raise refuse("RP001", Place("--form"), asked.form, known=", ".join(FORMS))
    if form and extension not in {ZIP, form}:
        raise refuse("RP011", Place(str(asked.out)), extension, form=asked.form)
    return form or (_PDF if extension == ZIP else extension)


def _zipped(sheets: Sequence[ObjectivesSheet], form: str) -> tuple[bytes, tuple[PrintedFile, ...]]:
    """A file for each sheet, called as its structure, all of one day: the clock stays out."""
    content = BytesIO()
    files = []
    with ZipFile(content, "w") as package:
        for sheet in sheets:
            made, name = _FORMS[form](sheet), f"{sheet.structure}{form}"
            entry = ZipInfo(name, _FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, made)
            files.append(PrintedFile(sheet.structure, name, _sha256(made)))
    return content.getvalue(), tuple(files)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
