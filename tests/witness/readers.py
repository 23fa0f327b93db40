"""What stands on a page, a sheet, a workbook and a paper, read back as texts; and how a fraction should be printed."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

MINUS, NONE = "\u2212", "\u2013"
FIRST_NUMBER: Final = re.compile(r"^[+\u2212-]?\d[\d.]*(?:,(\d+))?")
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet as printed."""

    label: str
    target: str
    value: str
    gap: str
    index: str
    points: str


def half_up(value: Fraction, decimals: int) -> int:
    """The printed figure in units of its last digit; halves go away from zero."""
    units = (2 * abs(value) * 10**decimals + 1) // 2
    return -int(units) if value < 0 else int(units)


def italian(value: Fraction, decimals: int, *, signed: bool = False) -> str:
    """A number as an Italian paper prints it."""
    units = half_up(value, decimals)
    whole, rest = divmod(abs(units), 10**decimals)
    text = f"{whole:,}".replace(",", ".") + (f",{rest:0{decimals}}" if decimals else "")
    return (MINUS if units < 0 else "+" if signed and units > 0 else "") + text


def markdown_rows(text: str) -> list[Row]:
    """The table of a sheet in Markdown, its total last."""
    table = text.split("## Obiettivi e risultati\n\n", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    found = []
    for line in table:
        cells = [re.sub(r"\\(.)", r"\1", cell).strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        label, _, _, target, value, gap, index, points, _ = cells
        bare = label.strip("*_").split(f" {NONE} ")[0]
        found.append(Row(bare, target, value, gap, index.strip("*"), points.strip("*")))
    return found


class _Cells(HTMLParser):
    """Rows of the table of a sheet on its page: the text of each cell, what only the eye gets left out."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = self._is_cell = False
        self._hidden = 0
        self._stack: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        told = dict(attrs)
        if tag == "table" and "sheet" in (told.get("class") or "").split():
            self._inside = True
        if not self._inside:
            return
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1] += [""] * (int(told.get("colspan") or 1))
            self._is_cell = True
        elif tag not in {"br", "img", "rect", "line", "polyline", "circle"}:
            is_hidden = told.get("aria-hidden") == "true" or tag in {"svg", "sup"} or _is_aside(told)
            self._stack.append(is_hidden)
            self._hidden += is_hidden

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if not self._inside:
            return
        if tag == "table":
            self._inside = False
        elif tag in {"td", "th"}:
            self._is_cell = False
        elif (
            tag not in {"tr", "thead", "tbody", "tfoot", "caption", "rect", "line", "polyline", "circle"}
            and self._stack
        ):
            self._hidden -= self._stack.pop()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._is_cell and not self._hidden:
            self.rows[-1][-1] += data


def _is_aside(told: dict[str, str | None]) -> bool:
    return bool({"sheet-kind", "sheet-note"} & set((told.get("class") or "").split()))


def page_rows(text: str) -> list[Row]:
    """The table of a sheet on its page, its total last."""
    parser = _Cells()
    parser.feed(text)
    found = []
    for cells in parser.rows[1:]:
        label, _, first, second, third, index, points = (" ".join(cell.split()) for cell in cells[:7])
        target, value, gap = ("", "", "") if first == second == "" and third in {"", NONE} else (first, second, third)
        found.append(Row(label, target, value, "" if gap == NONE else gap, index, points))
    return found


def paper_lines(path: Path) -> list[str]:
    """The lines of a PDF as they stand on the paper."""
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def workbook_rows(path: Path) -> list[Row]:
    """The first sheet of a workbook as a spreadsheet shows it: each number with the decimals of its format."""
    with zipfile.ZipFile(path) as book:
        strings = [
            "".join(part.text or "" for part in one.iter(f"{_MAIN}t"))
            for one in ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        ]
        styles = ET.fromstring(book.read("xl/styles.xml"))  # noqa: S314
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    formats = {one.get("numFmtId"): one.get("formatCode") or "" for one in styles.iter(f"{_MAIN}numFmt")}
    formats |= {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "10": "0.00%"}
    cross = styles.find(f"{_MAIN}cellXfs")
    looks = [formats[str(one.get("numFmtId"))] for one in cross] if cross is not None else []
    rows = []
    for line in sheet.iter(f"{_MAIN}row"):
        cells = {}
        for cell in line:
            value = cell.find(f"{_MAIN}v")
            text = value.text or "" if value is not None else ""
            column = re.sub(r"\d", "", str(cell.get("r")))
            shown = strings[int(text)] if cell.get("t") == "s" else _shown(text, looks[int(cell.get("s") or 0)])
            cells[column] = shown
        rows.append(cells)
    start = next(place for place, cells in enumerate(rows) if cells.get("D") == "Peso") + 1
    return [
        Row(c["B"], c["G"] or c.get("H", ""), c.get("I", ""), c.get("J", ""), c.get("L", ""), c.get("M", ""))
        for c in rows[start:]
        if len(c) > 3
    ]


def _shown(text: str, look: str) -> str:
    """A number under a format, the last digit half-up on the decimals that the cell holds."""
    if not text:
        return ""
    look = look.partition(";")[0]
    places = re.search(r"0\.(0+)", look)
    decimals, value = len(places[1]) if places else 0, Fraction(text)
    body = italian(value * 100 if "%" in look else value, decimals, signed=look.startswith("+"))
    return ("(" if look.startswith("(") else "") + body + ("%" if "%" in look else "") + (")" if "(" in look else "")
