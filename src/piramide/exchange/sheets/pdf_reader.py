"""PDF files: ruled tables with the cells they merge, and the lines of text between them, from the top of each page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from piramide.exchange.sheets.grid import Grid, RawCell, RawRow, make_grid
from piramide.exchange.sheets.pdf_lines import Line, text_lines
from piramide.exchange.sheets.pdf_streams import weigh_streams
from piramide.exchange.sheets.pdf_tables import PdfTable, go_on, inside, read_tables
from piramide.kernel.findings import Place, refuse
from piramide.kernel.packed.unfolding import TooMuchError

_MOST_PAGES: Final = 60


def read_pdf(raw: bytes, file: str) -> Grid:
    """Read a PDF.

    Refuses one that is protected (SH005), damaged (SH006), without text (SH009), too long or unfolding to too much
    (SH002).
    """
    place = Place(file)
    try:
        weigh_streams(raw, place)
    except TooMuchError as much:
        raise much.refusal("SH002") from much
    try:
        with pdfplumber.open(io.BytesIO(raw)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise refuse("SH002", place, what="pages", size=len(pdf.pages), largest=_MOST_PAGES)
            rows = _pages(pdf.pages)
    except PdfminerException as error:
        is_locked = any(isinstance(cause, PDFPasswordIncorrect) for cause in (*error.args, error.__cause__))
        raise refuse("SH005" if is_locked else "SH006", place) from error
    except (PDFException, ValueError, KeyError, TypeError, OSError) as error:
        raise refuse("SH006", place) from error
    if not any(cell.text.strip() for row in rows for cell in row.cells):
        raise refuse("SH009", place)
    return make_grid(file, rows)


def _pages(pages: Sequence[Any]) -> list[RawRow]:
    """Rows of all pages, with their ordinal on the page as line; cells that the end of a page cuts are whole again."""
    columns: list[float] = []
    rows: list[RawRow] = []
    before: PdfTable | None = None
    for number, page in enumerate(pages, start=1):
        tables, lines, columns = _page(page, number, columns)
        pieces: list[tuple[float, list[RawCell], PdfTable | None]] = [(line.top, _cells(line), None) for line in lines]
        pieces += [(top, cells, table) for table in tables for top, cells in table.rows]
        for line, (_, cells, table) in enumerate(sorted(pieces, key=lambda piece: piece[0]), start=1):
            if table:
                table.positions.append(len(rows))
            rows.append(RawRow(line, cells, f"pag. {number}", states_spans=table is not None))
        if before and tables:
            go_on(rows, before, tables[0])
        before = tables[-1] if tables else before
    return rows


def _page(
    page: Any,  # noqa: ANN401 - the library has no types
    number: int,
    before: list[float],
) -> tuple[list[PdfTable], list[Line], list[float]]:
    """Tables of a page, its other lines, the columns of those. The number of the page itself is no line."""
    tables = read_tables(page)
    outside = page.filter(lambda item: not any(inside(item, table.box) for table in tables))
    words = outside.extract_words(x_tolerance_ratio=0.2, extra_attrs=["size"])
    lines, columns = text_lines(words, before)
    return tables, [line for line in lines if line.text != str(number)], columns or before


def _cells(line: Line) -> list[RawCell]:
    last = max(line.cells)
    return [RawCell(line.cells.get(column, "")) for column in range(last + 1)]
