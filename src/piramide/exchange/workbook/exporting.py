"""Writing a pack as a workbook that a planner can work in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from piramide.exchange.workbook import originals
from piramide.exchange.workbook.cells import Cell, Kind
from piramide.exchange.workbook.forms import grids_of
from piramide.exchange.workbook.grids import MOST_COLUMNS, MOST_ROWS, Grid
from piramide.exchange.workbook.importing import is_unedited
from piramide.exchange.workbook.originals import Original
from piramide.kernel import wording
from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.packed.spreadsheet import LARGEST_FILE
from piramide.kernel.sheet_names import sheet_names
from piramide.methodology.loading import load_pack
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.model import MissingPolicy, NodeKind, Pack, RuleKind, WeightSource

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_HEAD: Final = {"bold": True, "bg_color": "#17324D", "font_color": "#FFFFFF", "valign": "top"}
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_NARROWEST, _WIDEST, _LINES_WIDTH = 8, 60, 120
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "rule": tuple(RuleKind),
    "missing": tuple(MissingPolicy),
    "weight_source": tuple(source for source in WeightSource if source is not WeightSource.RULE),
    "direction": ("up", "down", "both", "none"),
    "level": ("flow", "level", "ratio"),
    "composite.of": ("attainment", "gap", "capped_gap", "points"),
    "moment": ("Q1", "Q2", "Q3", "Q4", "year", "any"),
}
_SAMPLE: Final = 400
"""Rows that decide how wide a column is."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file, the pack and its hash, how many sheets show it, notes on what is not shown."""

    file: Path
    pack: str
    hash: str
    sheets: int
    findings: tuple[Finding, ...]


def export_workbook(folder: Path, file: Path) -> Exported:
    """Write the pack in `folder` as `file` (.xlsx), whole or not at all.

    The same pack gives the same bytes. Refuses a pack that does not load, a file that is no XLSX by name (WB001), one
    that is there and is no unedited export (WB029), one that cannot be written (WB028).
    """
    if file.suffix.lower() != ".xlsx":
        raise refuse("WB001", Place(str(file)))
    pack = load_pack(folder)
    if file.exists() and not is_unedited(file):
        raise refuse("WB029", Place(str(file)))
    files = PackFiles(folder)
    shown = {path: ((folder / path).read_bytes(), ()) for path in files.everything()}
    grids = {path: grids_of(path, raw) for path, (raw, _) in shown.items()}
    cover = wording.word("workbook", "cover")
    wanted = [grid.name for found in grids.values() for grid in found]
    names = iter(sheet_names(wanted, (cover, originals.SHEET)))
    kept = [Original(path, raw, tuple(next(names) for _ in grids[path])) for path, (raw, _) in shown.items()]
    content = _workbook(pack, kept, grids, cover)
    _refuse_unreadable(kept, content, file)
    _write(content, file)
    notes = tuple(Finding("WB030", Place(item.path), item.path) for item in kept if not item.sheets)
    return Exported(file, pack.id, pack.hash, len(wanted), notes)


def _refuse_unreadable(kept: Iterable[Original], content: bytes, file: Path) -> None:
    """What could not be imported again is not exported."""
    most = (MOST_COLUMNS - 4) * originals.CHUNK
    if len(content) > LARGEST_FILE or any(len(item.raw) > most for item in kept):
        raise refuse("WB003", Place(str(file)), size=f"{len(content) / 1e6:.0f}", most=LARGEST_FILE // 1_000_000)


def _workbook(pack: Pack, kept: Sequence[Original], grids: Mapping[str, tuple[Grid, ...]], cover: str) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        # The clock stays out: the same pack gives the same bytes.
        dated = dt.datetime(pack.year, 1, 1)  # noqa: DTZ001 - a label of the file, not a moment
        book.set_properties({"title": pack.label, "author": pack.administration, "created": dated})
        looks = {
            "head": book.add_format(_HEAD),
            "text": book.add_format({"valign": "top", "num_format": "@"}),
            "guarded": book.add_format({"valign": "top", "num_format": "@", "quote_prefix": True}),
            "plain": book.add_format({"valign": "top"}),
            "wrapped": book.add_format({"valign": "top", "text_wrap": True}),
            "title": book.add_format({"bold": True, "font_size": 16}),
        }
        _write_cover(book.add_worksheet(cover), pack, kept, looks)
        for item in kept:
            for name, grid in zip(item.sheets, grids[item.path], strict=True):
                _write_grid(book.add_worksheet(name), grid, looks)
        hidden = book.add_worksheet(originals.SHEET)
        for at, row in enumerate(originals.rows_of(kept)):
            for column, text in enumerate(row):
                hidden.write_string(at, column, text)
        hidden.very_hidden()
    return content.getvalue()


def _write_cover(sheet: Worksheet, pack: Pack, kept: Sequence[Original], looks: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 110)
    sheet.write_string(0, 0, pack.label, looks["title"])
    facts = (("administration", pack.administration), ("pack", pack.id), ("year", str(pack.year)), ("hash", pack.hash))
    for at, (key, text) in enumerate(facts, 1):
        sheet.write_string(at, 0, wording.word("workbook", key))
        sheet.write_string(at, 1, text)
    row = len(facts) + 2
    for number in range(1, 20):
        if not (advice := wording.word("workbook", f"advice_{number}")):
            break
        sheet.write_string(row, 0, advice)
        row += 1
    row += 1
    for column, key in enumerate(("sheet", "file", "holds")):
        sheet.write_string(row, column, wording.word("workbook", key), looks["head"])
    for item in kept:
        for name in item.sheets or ("",):
            row += 1
            if name:
                sheet.write_url(row, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", string=name)
            sheet.write_string(row, 1, item.path)
            holds = wording.word("workbook", _subject(item.path)) if name else wording.word("workbook", "kept")
            sheet.write_string(row, 2, holds, looks["wrapped"])


def _subject(path: str) -> str:
    """The key of the words that say what a file holds: that of its folder, else its own name."""
    folders, _, name = path.rpartition("/")
    key = f"holds_{folders.rsplit('/', 1)[-1] if folders not in {'', 'demonstration'} else name.rsplit('.', 1)[0]}"
    return key if wording.word("workbook", key) else "holds_other"


def _write_grid(sheet: Worksheet, grid: Grid, looks: Mapping[str, Format]) -> None:
    for column, name in enumerate(grid.columns):
        sheet.write_string(0, column, name, looks["head"])
        lengths = [len(row[column].text) for row in grid.rows[:_SAMPLE]]
        width = _LINES_WIDTH if grid.is_lines else min(max([_NARROWEST, len(name) + 4, *lengths]), _WIDEST)
        sheet.set_column(column, column, width, looks["text"] if grid.is_lines else None)
        if name in _CHOICES or (name == "kind" and "weight" in grid.columns):
            source = list(_CHOICES.get(name, tuple(NodeKind)))
            rule = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
            sheet.data_validation(1, column, max(len(grid.rows) + 1000, 1), column, rule)
    for at, row in enumerate(grid.rows, 1):
        for column, cell in enumerate(row):
            _write_cell(sheet, at, column, cell, looks)
    keys = 0 if grid.is_lines else min(2, len(grid.columns) - 1)
    sheet.freeze_panes(1, keys)
    if not grid.is_lines and len(grid.rows) < MOST_ROWS:
        sheet.autofilter(0, 0, max(len(grid.rows), 1), len(grid.columns) - 1)


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, looks: Mapping[str, Format]) -> None:
    if cell.kind is Kind.NUMBER:
        sheet.write_number(row, column, float(cell.text), looks["plain"])
    elif cell.kind is Kind.BOOLEAN:
        sheet.write_boolean(row, column, cell.text == "true", looks["plain"])
    elif cell.text:
        # A text stays one when somebody edits it: `1/11` never becomes a day, `-tasso` never a formula.
        look = "guarded" if cell.text.startswith(_FORMULA_STARTS) else "text" if cell.text[0].isdigit() else "plain"
        sheet.write_string(row, column, cell.text, looks[look])


def _write(content: bytes, file: Path) -> None:
    try:
        write_whole(file, content)
    except OSError as error:
        raise refuse("WB028", Place(str(file)), problem=error.strerror or "") from error
