"""Word documents: paragraphs and tables in their order, with the cells that tables merge."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import docx
from docx.oxml.ns import qn

from piramide.exchange.sheets.grid import Grid, RawCell, RawRow, make_grid
from piramide.kernel.findings import Place, refuse

_TEXT: Final = qn("w:t")
_TAB: Final = qn("w:tab")
_BREAKS: Final = frozenset({qn("w:br"), qn("w:cr")})
_ITALIC: Final = qn("w:i")


def read_document(raw: bytes, file: str) -> Grid:
    """Read the body of a document; refuses one that is damaged (SH006)."""
    try:
        body = docx.Document(io.BytesIO(raw)).element.body
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise refuse("SH006", Place(file)) from error
    return make_grid(file, _numbered(_blocks(body)))


def _numbered(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Rows with their ordinal in the document as line: a document has no lines of its own."""
    for line, row in enumerate(rows, start=1):
        yield RawRow(line, row.cells, row.within, states_spans=row.states_spans)


def _blocks(body: Any) -> Iterator[RawRow]:  # noqa: ANN401 - lxml elements come without types
    tables = 0
    for block in body.iterchildren():
        if block.tag == qn("w:p"):
            for text in _paragraph(block).split("\n"):
                yield RawRow(0, [RawCell(cell) for cell in text.split("\t")])
        elif block.tag == qn("w:tbl"):
            tables += 1
            yield from _table(block, f"tab. {tables}")
            yield RawRow(0, ())
        elif block.tag == qn("w:sdt"):
            content = block.find(qn("w:sdtContent"))
            yield from _blocks(content) if content is not None else ()


def _paragraph(paragraph: Any) -> str:  # noqa: ANN401
    parts = []
    for item in paragraph.iter():
        if item.tag == _TEXT:
            parts.append(item.text or "")
        elif item.tag == _TAB and item.getparent().tag == qn("w:r"):
            parts.append("\t")
        elif item.tag in _BREAKS:
            parts.append("\n")
    return "".join(parts)


def _table(table: Any, within: str) -> Iterator[RawRow]:  # noqa: ANN401
    """Rows of a table on its own columns; a cell that goes on from above is empty."""
    laid = [list(_row(row)) for row in table.iterchildren(qn("w:tr"))]
    for index, cells in enumerate(laid):
        line: list[RawCell] = []
        for column, cell, merge in cells:
            line.extend(RawCell("") for _ in range(column - len(line)))
            if merge == "continue":
                line.append(RawCell(""))
            else:
                rows = 1 + _continued(laid, index + 1, column) if merge == "restart" else 1
                line.append(RawCell(_cell_text(cell), rows, _is_italic(cell)))
        yield RawRow(0, line, within, states_spans=True)


def _row(row: Any) -> Iterator[tuple[int, Any, str]]:  # noqa: ANN401
    """Cells of a row with their first column and whether they start or continue a vertical merge."""
    column = _number(row, "w:trPr/w:gridBefore")
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is not row:
            continue
        merged = cell.find("w:tcPr/w:vMerge", cell.nsmap)
        kind = "" if merged is None else (merged.get(qn("w:val")) or "continue")
        yield column, cell, kind
        column += max(1, _number(cell, "w:tcPr/w:gridSpan"))


def _number(element: Any, path: str) -> int:  # noqa: ANN401
    found = element.find(path, element.nsmap)
    value = "0" if found is None else found.get(qn("w:val"), "0")
    return int(value) if value.isdecimal() else 0


def _continued(rows: list[list[tuple[int, Any, str]]], first: int, column: int) -> int:
    """How many rows from `first` on go on with the cell that starts at `column`."""
    count = 0
    for cells in islice(rows, first, None):
        if not any(at == column and merge == "continue" for at, _, merge in cells):
            break
        count += 1
    return count


def _cell_text(cell: Any) -> str:  # noqa: ANN401
    return " ".join(_paragraph(item).replace("\t", " ") for item in cell.iter(qn("w:p")))


def _is_italic(cell: Any) -> bool:  # noqa: ANN401
    runs = [run for run in cell.iter(qn("w:r")) if any((text.text or "").strip() for text in run.iter(_TEXT))]
    return bool(runs) and all(
        any(mark.get(qn("w:val"), "1") not in {"0", "false"} for mark in run.iter(_ITALIC)) for run in runs
    )
