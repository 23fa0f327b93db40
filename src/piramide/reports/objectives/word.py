"""The sheet as a Word document: real headings, header rows that come again, merged cells, the language of the plan."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.printed_tables import Cell, Table

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""Day of every part of the file: the same plan gives the same bytes."""
_LANGUAGES: Final = {"it": "it-IT", "en": "en-GB"}
_WIDTH_CM: Final = 27.0
_SMALL, _TEXT = Pt(8), Pt(10)


def word(sheet: ObjectivesSheet) -> bytes:
    """The document."""
    document = docx.Document()
    _set_page(document, sheet)
    document.add_heading(sheet.heading, level=1)
    document.add_paragraph().add_run(sheet.addressee).bold = True
    if sheet.warning:
        document.add_paragraph(sheet.warning)
    _add_table(document, sheet.objectives)
    for text in (*sheet.acts, *sheet.notes):
        document.add_paragraph(text)
    for annex in sheet.annexes:
        document.add_heading(annex.title, level=2)
        _add_table(document, annex.table)
    content = BytesIO()
    document.save(content)
    return _without_clock(content.getvalue())


def _set_page(document: Any, sheet: ObjectivesSheet) -> None:  # noqa: ANN401 - python-docx has no types
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.35)
    section.top_margin = section.bottom_margin = Cm(1.5)
    section.footer.paragraphs[0].text = f"{sheet.administration}: {sheet.basis}"
    section.footer.paragraphs[0].runs[0].font.size = _SMALL
    normal = document.styles["Normal"]
    normal.font.size = _TEXT
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(name), _LANGUAGES.get(sheet.language, sheet.language))
    properties = normal.element.get_or_add_rPr()
    properties.append(language)
    for default in document.styles.element.iter(qn("w:lang")):
        default.set(qn("w:val"), _LANGUAGES.get(sheet.language, sheet.language))
    core = document.core_properties
    core.title, core.author = f"{sheet.heading} - {sheet.structure_label}", sheet.administration
    core.keywords, core.comments, core.language = sheet.keywords, "", _LANGUAGES.get(sheet.language, sheet.language)
    core.last_modified_by = sheet.administration
    core.created = core.modified = datetime(sheet.year, 1, 1, tzinfo=UTC)


def _add_table(document: Any, table: Table) -> None:  # noqa: ANN401
    drawn = document.add_table(1 + len(table.rows), len(table.titles), style="Table Grid")
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    total = sum(table.widths)
    widths = [Cm(_WIDTH_CM * width / total) for width in table.widths]
    grid = [list(row.cells) for row in drawn.rows]  # once: asking a cell of the table walks it all
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width
    for row in grid:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width
    for column, title in enumerate(table.titles):
        _write(grid[0][column], Cell(column, title, is_bold=True))
        _shade(grid[0][column])
    _repeat(drawn.rows[0])
    for at, cells in enumerate(table.rows, 1):
        for cell in cells:
            own = grid[at][cell.column]
            if cell.rows > 1 or cell.columns > 1:
                own = own.merge(grid[at + cell.rows - 1][cell.column + cell.columns - 1])
            _write(own, cell)
    document.add_paragraph()


def _write(into: Any, cell: Cell) -> None:  # noqa: ANN401
    """The text in the first paragraph; those that a merge left behind go."""
    first, *others = into.paragraphs
    for paragraph in others:
        paragraph._element.getparent().remove(paragraph._element)  # noqa: SLF001 - the library has no way to say it
    run = first.add_run(cell.text)
    run.font.size, run.bold, run.italic = _SMALL, cell.is_bold, cell.is_italic
    first.paragraph_format.space_after = Pt(0)
    first.paragraph_format.left_indent = Cm(0.35 * cell.indent) if cell.indent else None
    if cell.is_figure:
        first.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _shade(cell: Any) -> None:  # noqa: ANN401
    fill = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "D6E0EA")):
        fill.set(qn(name), value)
    cell._element.get_or_add_tcPr().append(fill)  # noqa: SLF001


def _repeat(row: Any) -> None:  # noqa: ANN401
    """Mark a row as the header: it comes again on every page, and a screen reader says it."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


def _without_clock(raw: bytes) -> bytes:
    """The same package with every part dated alike."""
    still = BytesIO()
    with ZipFile(BytesIO(raw)) as package, ZipFile(still, "w", ZIP_DEFLATED) as copy:
        for item in package.infolist():
            entry = ZipInfo(item.filename, _FIRST_DAY)
            entry.compress_type = ZIP_DEFLATED
            copy.writestr(entry, package.read(item.filename))
    return still.getvalue()
