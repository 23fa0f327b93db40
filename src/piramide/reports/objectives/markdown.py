"""The sheet as Markdown: what a merged cell covers stays blank below it, as in a text of the official sheets."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.reports.markdown_tables import table_lines
from piramide.reports.markdown_texts import escaped, paragraph
from piramide.reports.objectives.paper import ObjectivesSheet


def markdown(sheet: ObjectivesSheet) -> bytes:
    """The sheet as UTF-8 text."""
    return ("\n".join(_lines(sheet)) + "\n").encode()


def _lines(sheet: ObjectivesSheet) -> Iterator[str]:
    yield from (f"# {escaped(sheet.heading)}", "", f"**{escaped(sheet.addressee)}**", "")
    yield from (f"> {escaped(sheet.warning)}", "") if sheet.warning else ()
    yield from table_lines(sheet.objectives)
    for text in (*sheet.acts, *sheet.notes):
        yield from (paragraph(text), "")
    for annex in sheet.annexes:
        yield from (f"## {escaped(annex.title)}", "", *table_lines(annex.table))
    yield from ("---", "", f"{escaped(sheet.administration)} · {escaped(sheet.basis)}")
