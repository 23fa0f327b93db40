"""The same sheet as text, spreadsheet, Word document and PDF, merged cells included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import docx
import typst
import xlsxwriter

FIXTURES = Path(__file__).parent / "fixtures"
OFFICIAL = ("dcm_milano", "trentino_alto_adige", "dc_risorse_umane")


@dataclass(frozen=True)
class Merge:
    """Lines `first` to `last` of the text (from 1) share one cell in `column`."""

    first: int
    last: int
    column: int


MERGES = {
    "dcm_milano": (
        *(Merge(6, 14, column) for column in (0, 1)),
        *(Merge(15, 28, column) for column in (0, 1)),
        *(Merge(29, 38, column) for column in (0, 1, 2)),
        Merge(6, 11, 2),
        Merge(12, 14, 2),
        Merge(16, 17, 4),
        Merge(20, 21, 4),
        Merge(30, 38, 4),
        Merge(30, 38, 5),
    ),
    "trentino_alto_adige": (
        *(Merge(6, 8, column) for column in (0, 1, 2)),
        *(Merge(32, 42, column) for column in (0, 1, 2)),
        Merge(19, 20, 4),
        Merge(23, 24, 4),
        Merge(33, 42, 4),
        Merge(33, 42, 5),
    ),
    "dc_risorse_umane": (
        *(Merge(6, 8, column) for column in (0, 1)),
        Merge(6, 7, 4),
        Merge(6, 7, 5),
        Merge(15, 17, 4),
        Merge(22, 23, 4),
        Merge(22, 23, 5),
        Merge(24, 25, 4),
        Merge(24, 25, 5),
        Merge(26, 36, 4),
        Merge(26, 36, 5),
    ),
}
"""What the official sheets print once for several rows, read off their pages."""


def lines(name: str) -> list[list[str]]:
    """Cells of each line of a fixture."""
    return [line.split("\t") for line in (FIXTURES / f"{name}.txt").read_text(encoding="utf-8").split("\n")]


def straight(name: str) -> list[list[str]]:
    """Lines with the rows of the table moved back under their header, as an office program would hold them."""
    rows = lines(name)
    header = next(index for index, row in enumerate(rows) if row[0].startswith("AMBITO DI"))
    for index in range(header + 1, len(rows)):
        filled = [cell for cell in rows[index] if cell]
        if not filled:
            break
        if not any(re.fullmatch(r"\d+%", cell) for cell in filled):
            gap = [""] if len(filled) == 2 and filled[1] in rows[index][-2:] and "Pag" not in filled[1] else []
            rows[index] = ["", "", "", filled[0], *gap, *filled[1:]]
        elif filled[0].endswith("%"):
            rows[index] = ["", "", *filled]
    return [[*row, *[""] * (6 - len(row))] for row in rows]


def merged(name: str) -> tuple[list[list[str]], dict[tuple[int, int], int]]:
    """Straight lines with each merged figure in its first row, and the rows that each cell covers."""
    rows = straight(name)
    spans = {}
    for merge in MERGES[name]:
        covered = range(merge.first - 1, merge.last)
        text = next(rows[index][merge.column] for index in covered if rows[index][merge.column])
        for index in covered:
            rows[index][merge.column] = ""
        rows[merge.first - 1][merge.column] = text
        spans[merge.first - 1, merge.column] = merge.last - merge.first + 1
    return rows, spans


def write_xlsx(name: str, path: Path) -> Path:
    """A workbook whose figures are numbers with a format, as people type them."""
    rows, spans = merged(name)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Scheda")
        percent = book.add_format({"num_format": "0%"})
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                figure = _number(text)
                style = percent if text.endswith("%") else None
                if span := spans.get((row, column)):
                    sheet.merge_range(row, column, row + span - 1, column, text if figure is None else figure, style)
                elif figure is not None:
                    sheet.write_number(row, column, figure, style)
                elif text:
                    sheet.write_string(row, column, re.sub(r"</?i>", "", text))
    return path


def _number(text: str) -> float | None:
    if not re.fullmatch(r"\d[\d.]*(,\d+)?(%| €)?", text):
        return None
    value = float(text.rstrip("% €").replace(".", "").replace(",", "."))
    return value / 100 if text.endswith("%") else value


def write_docx(name: str, path: Path) -> Path:
    """A document: title and notes as paragraphs, tables with their merged cells and italics."""
    rows, spans = merged(name)
    document = docx.Document()
    for block in _blocks(rows):
        if len(block) == 1:
            document.add_paragraph(next(cell for cell in rows[block[0]] if cell))
            continue
        table = document.add_table(rows=len(block), cols=max(len(rows[index]) for index in block))
        for at, index in enumerate(block):
            for column, text in enumerate(rows[index]):
                if not text:
                    continue
                cell = table.cell(at, column)
                if span := spans.get((index, column)):
                    cell = cell.merge(table.cell(at + span - 1, column))
                run = cell.paragraphs[0].add_run(re.sub(r"</?i>", "", text))
                run.italic = text.startswith("<i>") or None
    document.save(str(path))
    return path


def write_pdf(name: str, path: Path, *, stroke: str = "0.5pt") -> Path:
    """A printed page with tables, ruled unless `stroke` is `none`: cells wrap, merged ones are tall, pages break."""
    rows, spans = merged(name)
    parts = ['#set page(paper: "a4", flipped: true, margin: 1cm)', "#set text(size: 7pt, hyphenate: false)"]
    for block in _blocks(rows):
        if len(block) == 1:
            text = next(cell for cell in rows[block[0]] if cell)
            parts.append(f"#par[{_typst(text)}]")
            continue
        width = max(index + 1 for row in block for index, cell in enumerate(rows[row]) if cell)
        columns = ", ".join(_WIDTHS[:width] if width == len(_WIDTHS) else ["2fr"] * width)
        covered = {(row, column) for (first, column), span in spans.items() for row in range(first + 1, first + span)}
        cells = [
            f"table.cell(rowspan: {spans.get((row, column), 1)})[{_typst(rows[row][column])}],"
            for row in block
            for column in range(width)
            if (row, column) not in covered
        ]
        parts.append(f"#table(columns: ({columns}), stroke: {stroke},\n" + "\n".join(cells) + ")")
    path.write_bytes(typst.compile("\n\n".join(parts).encode()))
    return path


_WIDTHS = ["2fr", "1fr", "1fr", "5fr", "3fr", "3fr"]


def _typst(text: str) -> str:
    italic = text.startswith("<i>")
    safe = re.sub(r"([\\#$*_<>@`\[\]=/~\"'+-])", r"\\\1", re.sub(r"</?i>", "", text))
    return f"#emph[{safe}]" if italic else safe


def _blocks(rows: list[list[str]]) -> list[list[int]]:
    """Rows that make a table together, and every other row by itself."""
    blocks: list[list[int]] = []
    is_open = False
    for index, row in enumerate(rows):
        if not any(row):
            is_open = False
            continue
        is_table = sum(1 for cell in row if cell) > 1 or (is_open and len(blocks[-1]) > 1)
        if is_table and is_open:
            blocks[-1].append(index)
        else:
            blocks.append([index])
        is_open = is_table
    return blocks
