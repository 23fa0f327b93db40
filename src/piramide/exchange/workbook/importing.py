"""Reading a workbook back as a pack: whole or not at all, every fault with its sheet and cell."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from piramide.exchange.workbook.cells import Cell, Kind, read_cell
from piramide.exchange.workbook.forms import edit, grids_of
from piramide.exchange.workbook.grids import Grid, SentBack, sent_back
from piramide.exchange.workbook.originals import SHEET, Original, originals_of
from piramide.kernel import wording
from piramide.kernel.durable import DRAFT, put, settle
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.packed.spreadsheet import Remarkable, inspect, read_bytes
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack

_NAMED = 8
"""Addresses that a message names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A pack that came back: id, hash, year, its folder, the files that were edited, and notes."""

    pack: str
    hash: str
    year: int
    folder: Path
    changed: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook as sent back: its originals, and every sheet's cells."""

    file: str
    originals: tuple[Original, ...]
    cells: Mapping[str, list[list[Cell]]]
    remarkable: Mapping[str, Remarkable]


def import_workbook(file: Path, out: Path | None = None) -> Imported:
    """Write the pack that `file` holds into `out` (default: a folder here, called as the pack), and load it.

    An unedited workbook gives back every byte. Refuses, and writes nothing, when the workbook cannot be opened or
    used (WB0xx), when `out` holds something (WB027), or when the edited pack does not load (its own findings, each
    with its sheet).
    """
    _refuse_full(out)
    book = _open(file)
    files, changed, findings = _contents(book)
    draft = _draft(files, out, file)
    try:
        pack = _loaded(draft, book)
        final = out if out is not None else Path(pack.id)
        _refuse_full(final)
        settle(draft, final)
    except OSError as error:
        raise refuse("WB028", Place(str(out or ".")), problem=error.strerror or "") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Imported(pack.id, pack.hash, pack.year, final, changed, findings)


def is_unedited(file: Path) -> bool:
    """Whether a file is an export that nobody has touched, so that nothing is lost when it is written again."""
    try:
        book = _open(file)
        return all(_sent_back(book, original) is None for original in book.originals)
    except Refusal:
        return False


def _refuse_full(folder: Path | None) -> None:
    if folder is not None and (folder.is_file() or (folder.is_dir() and any(folder.iterdir()))):
        raise refuse("WB027", Place(str(folder)))


def _open(file: Path) -> _Book:
    raw = read_bytes(file)
    name = file.name
    remarkable = inspect(raw, name)
    if SHEET not in remarkable:
        raise refuse("WB009", Place(name))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            kept = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
            originals = originals_of([[str(cell) for cell in row] for row in kept], name)
            _refuse_other_sheets(originals, book.sheet_names, name)
            wanted = {sheet for original in originals for sheet in original.sheets}
            cells = {sheet: _cells(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in wanted}
    except (CalamineError, ValueError) as error:
        raise refuse("WB004", Place(name)) from error
    return _Book(name, originals, cells, remarkable)


def _cells(rows: Sequence[Sequence[object]]) -> list[list[Cell]]:
    return [[read_cell(value) for value in row] for row in rows]  # type: ignore[arg-type]  # calamine's own values


def _refuse_other_sheets(originals: Iterable[Original], found: Sequence[str], file: str) -> None:
    """Every sheet of the export is there, and none besides but the cover."""
    wanted = [sheet for original in originals for sheet in original.sheets]
    covers = {wording.word("workbook", "cover", spoken) for spoken in wording.languages()}
    extra = [name for name in found if name not in {*wanted, *covers, SHEET}]
    missing = [name for name in wanted if name not in found]
    findings = [
        Finding("WB012", Place(file), name, {"near": ", ".join(nearest(name, extra) or extra[:3])}) for name in missing
    ]
    findings += [Finding("WB013", Place(file), name) for name in extra]
    if findings:
        raise Refusal(*findings)


def _contents(book: _Book) -> tuple[dict[str, bytes], tuple[str, ...], tuple[Finding, ...]]:
    """The bytes of every file, which ones were edited, and notes. Every fault of every sheet is reported at once."""
    files: dict[str, bytes] = {}
    changed: list[str] = []
    notes: list[Finding] = []
    faults: list[Finding] = []
    for original in book.originals:
        files[original.path] = original.raw
        try:
            sheets = _sent_back(book, original)
            if sheets is None:
                continue
            edited = edit(original.path, original.raw, sheets, book.file)
        except Refusal as refusal:
            faults.extend(refusal.findings)
            continue
        if (raw := edited.text.encode()) != original.raw.removeprefix(b"\xef\xbb\xbf"):
            files[original.path] = raw
            changed.append(original.path)
        notes.extend(edited.findings)
        notes.extend(_formula_notes(book, original))
    if faults:
        raise Refusal(*faults)
    return files, tuple(changed), tuple(notes)


def _sent_back(book: _Book, original: Original) -> dict[str, SentBack] | None:
    """The sheets of a file by their names before shortening, or `None` when they say what was exported."""
    grids = grids_of(original.path, original.raw) if original.sheets else ()
    if len(grids) != len(original.sheets):
        raise refuse("WB010", Place(book.file), original.path)
    found: dict[str, SentBack] = {}
    faults: list[Finding] = []
    for grid, sheet in zip(grids, original.sheets, strict=True):
        try:
            found[grid.name] = _sheet(book, grid, sheet)
        except Refusal as refusal:
            faults.extend(refusal.findings)
    if faults:
        raise Refusal(*faults)
    unchanged = all(found[grid.name].equals(grid) for grid in grids)
    return None if unchanged else found


def _sheet(book: _Book, grid: Grid, sheet: str) -> SentBack:
    noted = book.remarkable[sheet]
    faults = [
        Finding(code, Place(book.file, 0, f"{sheet}!{address}"))
        for code, addresses in (("WB019", noted.errors), ("WB020", noted.uncomputed))
        for address in addresses
    ]
    if faults:
        raise Refusal(*faults)
    cells = book.cells[sheet]
    if grid.is_lines:
        cells = [[Cell(cell.text, Kind.TEXT) for cell in row] for row in cells]
    return sent_back(grid, sheet, cells, book.file)


def _formula_notes(book: _Book, original: Original) -> Iterator[Finding]:
    for sheet in original.sheets:
        if addresses := book.remarkable[sheet].formulas:
            named = ", ".join(addresses[:_NAMED]) + (" …" if len(addresses) > _NAMED else "")
            yield Finding("WB021", Place(book.file, 0, sheet), named)


def _draft(files: Mapping[str, bytes], out: Path | None, file: Path) -> Path:
    """The files in a new folder beside the final one."""
    parent = out.resolve().parent if out is not None else Path.cwd()
    try:
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=parent))
    except OSError as error:
        raise refuse("WB028", Place(str(out or file)), problem=error.strerror or "") from error
    try:
        for path, raw in files.items():
            put(draft / path, raw)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise refuse("WB028", Place(str(out or file)), problem=error.strerror or "") from error
    return draft


def _loaded(draft: Path, book: _Book) -> Pack:
    """The pack that was written; its faults name the sheet beside file and line."""
    sheets = {original.path: original.sheets[0] for original in book.originals if original.sheets}
    try:
        if (draft / "demonstration").is_dir():
            load_pack(draft, demonstration=True)
        return load_pack(draft)
    except Refusal as refusal:
        raise Refusal(*(_in_sheet(finding, sheets) for finding in refusal.findings)) from refusal


def _in_sheet(finding: Finding, sheets: Mapping[str, str]) -> Finding:
    sheet = sheets.get(finding.place.file)
    if sheet is None:
        return finding
    cell = f"{sheet}: {finding.place.cell}" if finding.place.cell else sheet
    return replace(finding, place=replace(finding.place, cell=cell))
