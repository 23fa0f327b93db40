"""What an export seems to be, as a mapping: only what has one reading is proposed, the rest is null and asked.

A header is taken for a column where it has that name or is one of the words listed for it, and its cells are of the
column's kind. Nothing likelier than the rest is chosen: where two readings exist the answer is `None`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import slug
from piramide.kernel.packed.spreadsheet import inspect, number_text
from piramide.kernel.tidying import tidy
from piramide.measurement.contract import WORK, Column, ColumnType, Contract, contracts, header_words

_SAMPLE: Final = 1 << 20
_ROWS: Final = 2000
_TITLES: Final = 20
_MOST_CODES: Final = 500
_SEPARATORS: Final = (",", ";", "\t", "|")
_ZIP: Final = b"PK\x03\x04"
_DATES: Final[Mapping[str, re.Pattern[str]]] = {
    "YYYY-MM-DD": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "DD/MM/YYYY": re.compile(r"(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/\d{4}"),
    "MM/DD/YYYY": re.compile(r"(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])/\d{4}"),
    "DD-MM-YYYY": re.compile(r"(0?[1-9]|[12]\d|3[01])-(0?[1-9]|1[0-2])-\d{4}"),
    "DD.MM.YYYY": re.compile(r"(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.\d{4}"),
    "YYYY/MM/DD": re.compile(r"\d{4}/(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])"),
}
_TIME: Final = re.compile(r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?$")
_NUMBER: Final = re.compile(r"[+-]?[\d.,]*\d")
_WITH_POINT: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_WITH_COMMA: Final = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?")
_CLOSED: Final = "closed_on"

Codes = Callable[[str], Mapping[str, str]]
"""For `structure` or `product`, what its codes and names (as slugs) stand for."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """The first rows of an export below its header, as texts, and how they are read."""

    reading: dict[str, Any]
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_typed: bool = False

    def cells(self, header: str) -> list[str]:
        """Filled cells under a header."""
        at = self.headers.index(header)
        return [row[at] for row in self.rows if at < len(row) and row[at]]


def proposed(path: Path, dataset: str, codes: Codes) -> dict[str, Any]:
    """A mapping of an export, `None` where a person must say; `dataset` may be empty.

    Raises `Refusal`: FA011 for a file that cannot be read, FA006 for one without rows, WB004 to WB008 for a workbook.
    """
    sample = _sample(path)
    of = contracts().get(dataset) or _dataset_of(sample)
    mapping: dict[str, Any] = {"format": 1, "dataset": of.id if of else None, "read": sample.reading}
    if of is None:
        return mapping
    fields = _fields(sample, of)
    kinds = {of.column(name).type for name in fields if name != _CLOSED}
    if not sample.is_typed:
        days = [cell for name in fields if _type(of, name) is ColumnType.DATE for cell in sample.cells(fields[name])]
        sample.reading["date"] = _date_format(days) if days else "YYYY-MM-DD"
        amounts = [c for name in fields if _type(of, name) is ColumnType.DECIMAL for c in sample.cells(fields[name])]
        sample.reading["decimal"] = _decimal(amounts) if ColumnType.DECIMAL in kinds else "."
    return mapping | _columns(sample, of, fields, codes)


def _type(of: Contract, name: str) -> ColumnType:
    return ColumnType.DATE if name == _CLOSED else of.column(name).type


def _dataset_of(sample: _Sample) -> Contract | None:
    """The dataset that gets most of its required columns, if it is one alone and gets two at least."""
    found = {}
    for name, of in contracts().items():
        fields = _fields(sample, of)
        found[name] = sum(column.required and column.name in fields for column in of.columns)
        found[name] += _CLOSED in fields
    most = max(found.values())
    best = [name for name, count in found.items() if count == most]
    return contracts()[best[0]] if most > 1 and len(best) == 1 else None


def _fields(sample: _Sample, of: Contract) -> dict[str, str]:
    """The header that each column has; a column that two headers could be, and a header of two columns, have none."""
    listed: dict[str, list[str]] = {}
    names = (*of.names, *([_CLOSED] if of.id == WORK else []))
    for header in sample.headers:
        meant = [name for name in names if _is_named(header, name)]
        fitting = [name for name in meant if _fits(sample.cells(header), _type(of, name))]
        if len(meant) == 1 and fitting and sample.headers.count(header) == 1:
            listed.setdefault(meant[0], []).append(header)
    return {name: headers[0] for name, headers in listed.items() if len(headers) == 1}


def _is_named(header: str, name: str) -> bool:
    word = _slug(header)
    return bool(word) and (word == name or word in header_words().get(name, ()))


def _slug(text: str) -> str:
    return slug(text) if re.search(r"[^\W_]", text, re.ASCII) else ""


def _fits(cells: Sequence[str], kind: ColumnType) -> bool:
    """Whether cells can be of the kind of a column: a header says one thing, its cells must not say another."""
    if kind is ColumnType.DATE:
        return all(any(form.fullmatch(_TIME.sub("", cell)) for form in _DATES.values()) for cell in cells)
    if kind in {ColumnType.INTEGER, ColumnType.DECIMAL}:
        return all(_NUMBER.fullmatch(cell) for cell in cells)
    return kind is not ColumnType.BOOLEAN or {cell.lower() for cell in cells} <= {"true", "false"}


def _date_format(cells: Iterable[str]) -> str | None:
    """The one way in which all days can be read; `None` for 03/04/2025 alone."""
    plain = [_TIME.sub("", cell) for cell in cells]
    forms = [name for name, form in _DATES.items() if all(form.fullmatch(cell) for cell in plain)]
    return forms[0] if len(forms) == 1 else None


def _decimal(cells: Iterable[str]) -> str | None:
    """The one mark with which all numbers can be read; `None` for 1.234 alone. Whole numbers alone have a point."""
    marked = [cell for cell in cells if "." in cell or "," in cell]
    if not marked:
        return "."
    marks = [
        mark for mark, form in ((".", _WITH_POINT), (",", _WITH_COMMA)) if all(form.fullmatch(cell) for cell in marked)
    ]
    return marks[0] if len(marks) == 1 else None


def _columns(sample: _Sample, of: Contract, fields: Mapping[str, str], codes: Codes) -> dict[str, Any]:
    """Columns, codes and rows of the mapping; a required column that no header gives is `None`."""
    tables: dict[str, dict[str, str | None]] = {}
    columns: dict[str, Any] = {}
    for column in of.columns:
        header = fields.get(column.name)
        if header is None:
            if column.required:
                columns[column.name] = None
            continue
        table = _table(sample.cells(header), column, codes)
        if table:
            tables[column.name] = table
        columns[column.name] = {"from": header, "codes": column.name} if table else header
    rows = _two_dates(columns, fields) if of.id == WORK else []
    parts = {"codes": tables, "columns": columns, "rows": rows}
    return {name: part for name, part in parts.items() if part}


def _table(cells: Sequence[str], column: Column, codes: Codes) -> dict[str, str | None]:
    """What each code of a column stands for; nothing where all are codes of the product already."""
    known = dict(codes(column.references)) if column.references else {}
    known |= {value: value for value in column.allowed}
    distinct = sorted(set(cells))
    if not known or all(known.get(cell) == cell for cell in distinct) or len(distinct) > _MOST_CODES:
        return {}
    return {cell: known.get(cell) or known.get(f"={_slug(cell)}") for cell in distinct}


def _two_dates(columns: dict[str, Any], fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a case with a day of receipt and one of closing: a row received, and a row resolved."""
    if _CLOSED not in fields or not isinstance(columns.get("received_on"), str) or "day" in fields:
        return []
    columns.pop("day")
    columns.pop("entry", None)
    at_end = {name: columns.pop(name) for name in ("outcome", "staff_hours", "interest_paid") if name in columns}
    arrival, closing = fields["received_on"], fields[_CLOSED]
    return [
        {"when": arrival, "columns": {"day": arrival, "entry": {"value": "received"}}},
        {"when": closing, "columns": {"day": closing, "entry": {"value": "resolved"}, **at_end}},
    ]


def _sample(path: Path) -> _Sample:
    try:
        with path.open("rb") as file:
            data = file.read(_SAMPLE)
        if data.startswith(_ZIP):
            return _sheet_sample(path)
    except OSError as error:
        raise refuse("FA011", Place(str(path)), problem=error.strerror or str(error)) from error
    encoding = _encoding(data)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data).removeprefix("\ufeff")
    if len(data) == _SAMPLE:
        text = text[: text.rfind("\n") + 1]
    found = {mark: _table_in(list(csv.reader(io.StringIO(text), delimiter=mark))) for mark in _SEPARATORS}
    widths = {mark: len(table[1]) for mark, table in found.items()}
    widest = [mark for mark, width in widths.items() if width == max(widths.values())]
    row, headers, rows = found[widest[0]]
    if not rows:
        raise refuse("FA006", Place(str(path)))
    separator = widest[0] if len(widest) == 1 or len(headers) == 1 else None
    reading = {"header_row": row, "separator": separator, "encoding": encoding}
    return _Sample(reading, headers, rows)


def _encoding(data: bytes) -> str:
    """The encoding by its mark, else UTF-8 if the bytes are that, else the one of Western Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _table_in(rows: Sequence[Sequence[str]]) -> tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Number of the header row, headers, rows below: the header is the first of the widest rows at the beginning."""
    tidied = [tuple(tidy(cell) for cell in row) for row in islice(rows, _ROWS)]
    filled = [sum(map(bool, row)) for row in tidied[:_TITLES]]
    at = filled.index(max(filled)) if filled else 0
    if not filled or not max(filled):
        return 1, (), ()
    header = tidied[at]
    below = tuple(row for row in tidied[at + 1 :] if len(row) == len(header) and any(row))
    return at + 1, header, below


def _sheet_sample(path: Path) -> _Sample:
    """The first sheet of a workbook: numbers and days are what they are, and need no reading."""
    data, place = path.read_bytes(), Place(str(path))
    inspect(data, str(path))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=_ROWS)
    except (CalamineError, ValueError) as error:
        raise refuse("WB004", place) from error
    row, headers, below = _table_in([[_cell(value) for value in cells] for cells in rows])
    if not below:
        raise refuse("FA006", place)
    return _Sample({"sheet": book.sheet_names[0], "header_row": row}, headers, below, is_typed=True)


def _cell(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return str(value).lower() if isinstance(value, bool) else str(value)
