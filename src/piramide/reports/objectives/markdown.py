"""The sheet as Markdown: what a merged cell covers stays blank below it, as in a text of the official sheets."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.reports.objectives.paper import ObjectivesSheet, Table
from piramide.reports.sheet_markdown import escaped, paragraph

_INDENT = "&nbsp;&nbsp;"


def markdown(sheet: ObjectivesSheet) -> bytes:
    """The sheet as UTF-8 text."""
    return ("\n".join(_lines(sheet)) + "\n").encode()


def _lines(sheet: ObjectivesSheet) -> Iterator[str]:
    yield from (f"# {escaped(sheet.heading)}", "", f"**{escaped(sheet.addressee)}**", "")
    yield from (f"> {escaped(sheet.warning)}", "") if sheet.warning else ()
    yield from _table(sheet.objectives)
    for text in (*sheet.acts, *sheet.notes):
        yield from (paragraph(text), "")
    for annex in sheet.annexes:
        yield from (f"## {escaped(annex.title)}", "", *_table(annex.table))
    yield from ("---", "", f"{escaped(sheet.administration)} · {escaped(sheet.basis)}")


def _table(table: Table) -> Iterator[str]:
    yield _row([escaped(title) for title in table.titles])
    yield _row(["---"] * len(table.titles))
    for row in table.rows:
        cells = [""] * len(table.titles)
        for cell in row:
            text = escaped(cell.text)
            text = f"**{text}**" if cell.is_bold else f"*{text}*" if cell.is_italic else text
            cells[cell.column] = _INDENT * cell.indent + text
        yield _row(cells)
    yield ""


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
