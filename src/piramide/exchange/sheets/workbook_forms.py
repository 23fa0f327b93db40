"""How the cells of a spreadsheet show what they hold: number formats, errors, formulas that nobody computed.

The reader of values gives neither; a percentage would come as a bare 0.855 and `#N/A` as an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from piramide.exchange.sheets.number_formats import BUILT_IN

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DIGITS_AFTER: Final = re.compile(r"[.,](\d{1,6})\D*$")
_MOST_REPEATED: Final = 1_000

At = tuple[int, int]
"""Row and column of a cell, from 0."""


@dataclass(frozen=True, slots=True)
class Form:
    """Number format, the error or the formula without value that stands for the content, rows that the cell covers."""

    code: str = ""
    fault: str = ""
    rows: int = 1


def forms(raw: bytes) -> Mapping[str, Mapping[At, Form]]:
    """Cells by worksheet that are more than their value; empty for formats that do not say (XLS, XLSB).

    Raises `ValueError` for parts that hide a DOCTYPE or an ENTITY, or that are no XML.
    """
    if not raw.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        names = set(package.namelist())
        try:
            if "xl/workbook.xml" in names:
                return dict(_of_workbook(package))
            return dict(_of_open_document(package)) if "content.xml" in names else {}
        except (ET.ParseError, KeyError) as error:
            raise ValueError from error


def _safe(package: zipfile.ZipFile, name: str) -> bytes:
    content = package.read(name)
    if any(mark in content for mark in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
        raise ValueError(name)
    return content


def _root(package: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(_safe(package, name))  # noqa: S314 - no DOCTYPE, no ENTITY


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _of_workbook(package: zipfile.ZipFile) -> Iterator[tuple[str, Mapping[At, Form]]]:
    relations = {
        item.attrib["Id"]: item.attrib["Target"]
        for item in _root(package, "xl/_rels/workbook.xml.rels")
        if item.attrib.get("TargetMode") != "External"
    }
    codes = _codes(package)
    for item in _root(package, "xl/workbook.xml").iter():
        target = relations.get(item.attrib.get(_RELATION, "")) if _local(item.tag) == "sheet" else None
        if target is not None:
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield item.attrib["name"], dict(_of_sheet(_safe(package, part), codes))


def _codes(package: zipfile.ZipFile) -> list[str]:
    """Format code of each style that cells name by number."""
    if "xl/styles.xml" not in package.namelist():
        return []
    root = _root(package, "xl/styles.xml")
    own = {int(item.attrib["numFmtId"]): item.attrib["formatCode"] for item in root.iterfind("{*}numFmts/{*}numFmt")}
    known = BUILT_IN | own
    return [known.get(int(item.get("numFmtId", "0")), "") for item in root.iterfind("{*}cellXfs/{*}xf")]


def _of_sheet(content: bytes, codes: list[str]) -> Iterator[tuple[At, Form]]:
    row = column = -1
    for event, element in ET.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314 - as in _root
        kind = _local(element.tag)
        if event == "start" and kind == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "end" and kind == "c":
            match = _ADDRESS.fullmatch(element.get("r", ""))
            column = _column(match[1]) if match else column + 1
            if form := _form(element, codes):
                yield (row, column), form
        elif event == "end" and kind == "row":
            element.clear()


def _form(cell: ET.Element, codes: list[str]) -> Form | None:
    style = int(cell.get("s", "0"))
    code = codes[style] if style < len(codes) else ""
    value = cell.findtext("{*}v") or ""
    formula = cell.find("{*}f")
    if cell.get("t") == "e":
        return Form(code, value or "#?")
    if formula is not None and not value and cell.get("t") != "str":
        return Form(code, f"={formula.text or ''}")
    return Form(code) if code else None


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _of_open_document(package: zipfile.ZipFile) -> Iterator[tuple[str, Mapping[At, Form]]]:
    for table in _root(package, "content.xml").iterfind("{*}body/{*}spreadsheet/{*}table"):
        yield _named(table, "name"), dict(_of_table(table))


def _of_table(table: ET.Element) -> Iterator[tuple[At, Form]]:
    """Cells of a table of an open document, those that repeat the one before included."""
    at = 0
    for row in table.iter():
        if _local(row.tag) != "table-row":
            continue
        column, again = 0, min(int(_named(row, "number-rows-repeated") or 1), _MOST_REPEATED)
        for cell in row:
            count = int(_named(cell, "number-columns-repeated") or 1)
            form = _open_form(cell)
            for below in range(again) if form else ():
                for beside in range(min(count, _MOST_REPEATED)):
                    yield (at + below, column + beside), form or Form()
            column += count
        at += int(_named(row, "number-rows-repeated") or 1)


def _open_form(cell: ET.Element) -> Form | None:
    shown = " ".join("".join(item.itertext()) for item in cell.iterfind("{*}p")).strip()
    rows = int(_named(cell, "number-rows-spanned") or 1)
    kind = _named(cell, "value-type")
    formula = _named(cell, "formula")
    is_error = kind == "error" or bool(formula and shown.startswith(("#", "Err:")))
    if is_error:
        return Form(fault=shown if shown.startswith("#") else f"#{shown}", rows=rows)
    if formula and (not kind or not shown):
        return Form(fault=f"={formula.partition('=')[2]}", rows=rows)
    digits = _DIGITS_AFTER.search(shown)
    cents = f".{'0' * len(digits[1])}" if digits else ""
    code = {"percentage": f"0{cents}%", "currency": f'#,##0{cents} "€"'}.get(kind, "")
    if kind == "currency" and _named(cell, "currency") != "EUR":
        code = ""
    return Form(code, rows=rows) if code or rows > 1 else None


def _named(element: ET.Element, name: str) -> str:
    """Attribute by its local name; of two (a standard one and an extension's) the extension's says more."""
    found = [value for key, value in element.attrib.items() if _local(key) == name]
    return found[-1] if found else ""
