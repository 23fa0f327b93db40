"""PDF files: ruled tables with the cells they merge, and the lines of text between them, from the top of each page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from piramide.kernel.findings import Place, refuse
from piramide.methodology.sheets.grid import Grid, RawCell, RawRow, make_grid
from piramide.methodology.sheets.pdf_lines import Line, text_lines

_BROKEN_WORD: Final = re.compile(r"(?<=\w)-\n(?=[a-zà-ù])")
_MOST_PAGES: Final = 60

_Piece = tuple[float, list[RawCell]]


def read_pdf(raw: bytes, file: str) -> Grid:
    """Read a PDF; refuses one that is protected (SH005), damaged (SH006), without text (SH009) or a book (SH002)."""
    place = Place(file)
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise refuse("SH002", place, size=len(pdf.pages), largest=_MOST_PAGES)
            rows = list(_pages(pdf.pages))
    except PdfminerException as error:
        is_locked = any(isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__cause__))
        raise refuse("SH005" if is_locked else "SH006", place) from error
    except (PDFException, ValueError, KeyError, TypeError, OSError) as error:
        raise refuse("SH006", place) from error
    if not any(cell.text.strip() for row in rows for cell in row.cells):
        raise refuse("SH009", place)
    return make_grid(file, rows)


def _pages(pages: Sequence[Any]) -> Iterator[RawRow]:
    """Rows of all pages, with their ordinal on the page as line."""
    columns: list[float] = []
    for number, page in enumerate(pages, start=1):
        pieces, columns = _page(page, number, columns)
        for line, (_, cells) in enumerate(pieces, start=1):
            yield RawRow(line, cells, f"pag. {number}")


def _page(page: Any, number: int, before: list[float]) -> tuple[list[_Piece], list[float]]:  # noqa: ANN401 - no types
    """Rows of a page from its head, and the columns of its text. The number of the page itself is no row."""
    tables = page.find_tables()
    pieces: list[_Piece] = []
    for table in tables:
        pieces += _table_rows(page, table)
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda item: not any(_inside(item, box) for box in boxes))
    words = outside.extract_words(x_tolerance_ratio=0.2, extra_attrs=["size"])
    lines, columns = text_lines(words, before)
    pieces += [(line.top, _cells(line)) for line in lines if line.text != str(number)]
    return sorted(pieces, key=lambda piece: piece[0]), columns or before


def _cells(line: Line) -> list[RawCell]:
    last = max(line.cells)
    return [RawCell(line.cells.get(column, "")) for column in range(last + 1)]


def _inside(item: Mapping[str, Any], box: tuple[float, float, float, float]) -> bool:
    """Whether the middle of an object lies inside a box."""
    across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _table_rows(page: Any, table: Any) -> list[_Piece]:  # noqa: ANN401
    """Rows of a ruled table; a cell that covers the rows below says how many."""
    texts = table.extract()
    rows = []
    for index, row in enumerate(table.rows):
        cells = []
        for column, box in enumerate(row.cells):
            if box is None:
                cells.append(RawCell(""))
                continue
            covered = _covered(table.rows[index + 1 :], column, box)
            text = _BROKEN_WORD.sub("-", texts[index][column] or "")
            cells.append(RawCell(text, 1 + covered, _is_italic(page, box)))
        rows.append((row.bbox[1], cells))
    return rows


def _covered(below: list[Any], column: int, box: tuple[float, float, float, float]) -> int:
    """How many rows below a cell its box reaches over."""
    count = 0
    for row in below:
        if row.cells[column] is not None or row.bbox[1] >= box[3] - 1:
            break
        count += 1
    return count


def _is_italic(page: Any, box: tuple[float, float, float, float]) -> bool:  # noqa: ANN401
    names = [char["fontname"].lower() for char in page.chars if char["text"].strip() and _inside(char, box)]
    return bool(names) and all("italic" in name or "oblique" in name for name in names)
