"""Tables with merged cells in Markdown: what a cell covers stays blank below it."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.reports.markdown_texts import escaped
from piramide.reports.printed_tables import Table

_INDENT = "&nbsp;&nbsp;"


def table_lines(table: Table) -> Iterator[str]:
    """The lines of a table, and a blank one."""
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
