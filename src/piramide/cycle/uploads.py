"""Files of collected values that people upload: what they are by their content, and which rows can be accepted.

Nothing in a file is trusted: its kind is what its first bytes say, an XLSX is unfolded under limits before anything
opens it, formulas are refused, and every row passes the checks of `score`.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineWorkbook

from piramide.cycle.collected import decimal_text
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.numbers import from_float
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack
from piramide.methodology.value_columns import ASKED
from piramide.methodology.workbook.package import inspect
from piramide.scoring.reading import check_values
from piramide.scoring.value_file import TextColumns, columns_of

LARGEST_UNFOLDED: Final = 100_000_000
LARGEST_RATIO: Final = 200
MOST_PARTS: Final = 2_000
MOST_REJECTED: Final = 2_000
"""Rows at fault above which a file is refused whole: nobody reads so many reasons."""
MOST_CELLS: Final = 1_000_000
_SMALL_PART: Final = 1_000_000
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_KINDS: Final = (
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
)

Key = tuple[str, str, str]
"""Structure, indicator, and the shortest name of the moment."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be accepted: where it stands and what it says; `period` is the shortest name of its moment."""

    line: int
    structure: str
    indicator: str
    period: str
    value: str
    status: str
    note: str

    @property
    def key(self) -> Key:
        """What the row is about."""
        return self.structure, self.indicator, self.period


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot: its cells as they were, and every reason."""

    line: int
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: rows accepted and rejected, by line; `blank` rows say nothing and are left alone."""

    accepted: tuple[Row, ...]
    rejected: tuple[Rejected, ...]
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign asks, and the structures whose values the person may enter."""

    pack: Pack
    asked: Collection[Key]
    structures: Collection[str]


def preview(data: bytes, name: str, terms: Terms) -> Preview:
    """Judge every row of a CSV or XLSX.

    Refuses the whole file: CO001 neither CSV nor XLSX, CO003 and WB004 to WB008 an unsafe workbook, CO004 one with
    formulas, CO010 too many rows at fault, and SC002 to SC006, SC021, SC022, SC027 what is no table of values.
    """
    text = columns_of(_as_csv(data, name), name)
    faults: dict[int, list[Finding]] = {}
    for finding in text.faults:
        faults.setdefault(finding.place.line, []).append(finding)
    said = np.asarray(_says(text), np.bool_)
    blank = int((~said).sum())
    left = _subset(text, said)
    if len(left.lines) > len(terms.asked) + MOST_REJECTED:  # no two rows answer one question
        raise refuse("CO010", Place(name), count=MOST_REJECTED)
    while len(faults) <= MOST_REJECTED and (found := _faults(left, terms)):
        for line, findings in found.items():
            faults.setdefault(line, []).extend(findings)
        left = _subset(left, ~np.isin(left.lines, list(found)))
    if len(faults) > MOST_REJECTED:
        raise refuse("CO010", Place(name), count=MOST_REJECTED)
    return Preview(tuple(_rows(left)), tuple(_rejected(text, faults)), blank)


def _as_csv(data: bytes, name: str) -> bytes:
    """The bytes of a CSV: the file itself, or the first sheet of a workbook."""
    if data.startswith((_ZIP, _OLE)):
        return _workbook_as_csv(data, name)
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "")
    if kind or b"\0" in data[:4096]:
        raise refuse("CO001", Place(name), found=kind or "–")
    return data


def _workbook_as_csv(data: bytes, name: str) -> bytes:
    place = Place(name)
    if not data.startswith(_OLE):
        data = unfolded(data, place)
    for title, remarkable in inspect(data, name).items():
        if found := (*remarkable.formulas, *remarkable.uncomputed):
            raise refuse("CO004", Place(name, cell=found[0]), sheet=title, count=len(found))
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise refuse("CO003", place, size=sheet.total_height * sheet.total_width)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError) as error:
        raise refuse("WB004", place) from error
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    width = max((at + 1 for at, cell in enumerate(rows[0] if rows else ()) if str(cell).strip()), default=0)
    for row in rows:
        cells = [_cell_text(cell) for cell in row]
        extra = cells[width:] if any(cells[width:]) else []
        writer.writerow([*cells[:width], *extra] if any(cells) else [""] * width)
    return text.getvalue().encode()


def unfolded(data: bytes, place: Place) -> bytes:
    """The same package with every part read under limits and written again as it is.

    What a header says of a size is not believed: no more is ever unfolded than it states, and whoever opens the copy
    finds nothing else in it. Refuses CO003 a package of too many parts, too large or packed too tightly, WB004 a
    damaged one, WB005 one with a password.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(copy, "w") as out:
            entries = package.infolist()
            total = sum(entry.file_size for entry in entries)
            packed = max(sum(entry.compress_size for entry in entries), 1)
            tight = any(e.file_size > _SMALL_PART and e.file_size > LARGEST_RATIO * e.compress_size for e in entries)
            overlapping = packed > len(data)
            is_safe = total <= LARGEST_UNFOLDED and len(entries) <= MOST_PARTS and not tight and not overlapping
            for entry in entries if is_safe else ():
                out.writestr(entry.filename, package.read(entry))
    except RuntimeError as error:  # a part with a password, or packed in a way that nobody knows
        code = "WB004" if isinstance(error, NotImplementedError) else "WB005"
        raise refuse(code, place) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError, ValueError) as error:
        raise refuse("WB004", place) from error
    if not is_safe:
        raise refuse("CO003", place, size=total)
    return copy.getvalue()


def _cell_text(value: object) -> str:
    """A cell as a values file would say it; a month that a spreadsheet took for a date is a month again."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return decimal_text(from_float(float(value)))
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    return " ".join(str(value).split())


def _says(text: TextColumns) -> list[bool]:
    """Rows that say something: a value, or the status of one that is not there."""
    pairs = zip(text.columns["value"].to_pylist(), text.columns["status"].to_pylist(), strict=True)
    return [bool(value or status) for value, status in pairs]


def _subset(text: TextColumns, kept: NDArray[np.bool_]) -> TextColumns:
    columns = {name: column.filter(pa.array(kept)) for name, column in text.columns.items()}
    return TextColumns(text.source, columns, text.lines[kept])


def _faults(text: TextColumns, terms: Terms) -> Mapping[int, list[Finding]]:
    """Findings by line of the rows that cannot be accepted; empty when all can."""
    found: dict[int, list[Finding]] = {}
    try:
        check_values(text, terms.pack)
    except Refusal as refusal:
        for finding in refusal.findings:
            if int(str(finding.fields.get("more", 0))) > MOST_REJECTED:
                raise refuse("CO010", Place(text.source), count=MOST_REJECTED) from refusal
            for line in _lines_of(finding, text):
                found.setdefault(line, []).append(replace(finding, place=replace(finding.place, line=line)))
        return found
    for row in _rows(text):
        if row.key not in terms.asked:
            finding = Finding(
                "CO006", Place(text.source, row.line), row.indicator, {"structure": row.structure, "period": row.period}
            )
            found[row.line] = [finding]
        elif row.structure not in terms.structures:
            found[row.line] = [Finding("CO007", Place(text.source, row.line), row.structure)]
    return found


def _lines_of(finding: Finding, text: TextColumns) -> Iterable[int]:
    """The rows that a finding makes unusable: both of a pair given twice, all of a period that cannot be read."""
    if finding.code == "SC024":
        return ()
    if finding.code == "SC010":
        return (int(str(finding.fields["first"])), finding.place.line)
    if finding.place.cell == "period":
        periods = text.columns["period"].to_pylist()
        at = text.lines.tolist().index(finding.place.line)
        return [int(line) for line, period in zip(text.lines.tolist(), periods, strict=True) if period == periods[at]]
    return (finding.place.line,)


def _rows(text: TextColumns) -> list[Row]:
    columns = [text.columns[name].to_pylist() for name in ASKED]
    moments = {period: str(parse_period(period).moment) for period in set(columns[2])}
    return [
        Row(line, structure, indicator, moments[period], value.removeprefix("+"), status, note)
        for line, structure, indicator, period, value, status, note in zip(text.lines.tolist(), *columns, strict=True)
    ]


def _rejected(text: TextColumns, faults: Mapping[int, Sequence[Finding]]) -> list[Rejected]:
    at = {line: position for position, line in enumerate(text.lines.tolist())}
    answer = []
    for line in sorted(faults):
        position = at.get(line)
        cells = () if position is None else tuple(text.columns[name][position].as_py() for name in ASKED)
        answer.append(Rejected(line, cells, tuple(faults[line])))
    return answer
