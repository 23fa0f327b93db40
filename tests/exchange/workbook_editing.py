"""A planner with a spreadsheet program: every sheet read, edited, and saved again by another writer."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook, SheetVisibleEnum

TREE = "trees-comune"
INDICATORS = "pack-indicators"
HIDDEN = "_piramide"


@dataclass(frozen=True)
class Formula:
    """A formula and the result that the program kept beside it."""

    text: str
    result: float | str


class Saved(dict[str, list[list[Any]]]):
    """The sheets of a workbook by name: rows of cells."""

    def row(self, sheet: str, column: str, value: str) -> list[Any]:
        """The first row with `value` under `column`."""
        at = self[sheet][0].index(column)
        return next(row for row in self[sheet][1:] if row[at] == value)

    def put(self, sheet: str, where: Mapping[str, str], column: str, value: object) -> None:
        """Write a cell of the first row where every column says what `where` says."""
        header = self[sheet][0]
        for row in self[sheet][1:]:
            if all(row[header.index(name)] == text for name, text in where.items()):
                row[header.index(column)] = value
                return
        raise LookupError(where)

    def add(self, sheet: str, **cells: object) -> None:
        """Write a new last row."""
        self[sheet].append([cells.get(name.replace(".", "_"), "") for name in self[sheet][0]])

    def rename(self, before: str, after: str) -> None:
        """Give a sheet another name, in its place."""
        items = [(after if name == before else name, rows) for name, rows in self.items()]
        self.clear()
        self.update(items)


def opened(file: Path) -> Saved:
    """Every sheet of a workbook."""
    book = CalamineWorkbook.from_path(file)
    return Saved({name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names})


def save(sheets: Saved, file: Path) -> None:
    """Write the sheets as a spreadsheet program does: dates as dates, formulas with their results."""
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        hour = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == HIDDEN:
                sheet.hide()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, Formula):
                        sheet.write_formula(at, column, value.text, None, value.result)
                    elif isinstance(value, datetime | date):
                        sheet.write_datetime(at, column, value, day)
                    elif isinstance(value, time):
                        sheet.write_datetime(at, column, value, hour)
                    elif isinstance(value, bool):
                        sheet.write_boolean(at, column, value)
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    else:
                        sheet.write_number(at, column, value)


def edit(file: Path, change: Callable[[Saved], None]) -> None:
    """Open, change, save."""
    sheets = opened(file)
    change(sheets)
    save(sheets, file)


def repack(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the parts of the package itself."""
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return dict(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def visible(file: Path) -> list[str]:
    """Names of the sheets that a planner sees."""
    metadata = CalamineWorkbook.from_path(file).sheets_metadata
    return [sheet.name for sheet in metadata if sheet.visible is SheetVisibleEnum.Visible]
