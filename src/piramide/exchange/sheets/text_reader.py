"""Text with a separator between cells, as tables come out of a copy or of a conversion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from piramide.exchange.sheets.grid import Grid, RawCell, RawRow, make_grid
from piramide.kernel.findings import Place, refuse

_SEPARATORS: Final = ("\t", ";", "|")
_LONGEST_QUOTED: Final = 20


def read_text(raw: bytes, file: str) -> Grid:
    """Read text in UTF-8, UTF-16 with its mark, or else windows-1252; refuses bytes that are none (SH004)."""
    text, encoding = _decode(raw, file)
    separator = _separator(text)
    rows = (RawRow(line, [RawCell(cell) for cell in cells]) for line, cells in _rows(text, separator))
    return make_grid(file, _with_blanks(rows), encoding)


def _decode(raw: bytes, file: str) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(raw, "utf-16", file), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252", file), "windows-1252"


def _decoded(raw: bytes, encoding: str, file: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse("SH004", Place(file)) from error


def _separator(text: str) -> str:
    """The separator of most cells: a tab if there is any, else one that stands three times in some row."""
    if "\t" in text:
        return "\t"
    rows = text.splitlines()
    most = {separator: max((row.count(separator) for row in rows), default=0) for separator in _SEPARATORS[1:]}
    best = max(most, key=lambda separator: most[separator])
    return best if most[best] >= 3 else "\t"


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Cells of each row with its line; a cell between quotes may run over lines, as spreadsheets copy it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    at = 0
    while at < len(lines):
        last = _end_of_quoted(lines, at, separator)
        row = "\n".join(lines[at : last + 1])
        if separator == "|":
            row = row.strip().strip("|")
        yield at + 1, [_unquoted(cell) for cell in row.split(separator)]
        at = last + 1


def _end_of_quoted(lines: list[str], at: int, separator: str) -> int:
    """Index of the line that closes the quotes opened by a cell of line `at`; `at` itself when none is open."""
    cells = lines[at].split(separator)
    if not any(cell.startswith('"') and cell.count('"') % 2 for cell in cells):
        return at
    quotes = lines[at].count('"')
    for last in range(at + 1, min(at + _LONGEST_QUOTED, len(lines))):
        quotes += lines[last].count('"')
        if quotes % 2 == 0:
            return last
    return at


def _unquoted(cell: str) -> str:
    text = cell.strip()
    is_quoted = len(text) >= 2 and text[0] == text[-1] == '"'
    if is_quoted and text[1:-1].replace('""', "").count('"') == 0:
        return text[1:-1].replace('""', '"')
    return cell


def _with_blanks(rows: Iterator[RawRow]) -> Iterator[RawRow]:
    """Rows that hold only the dashes of a drawn table are no rows."""
    for row in rows:
        if any(set(cell.text.strip()) - set("-:+= ") for cell in row.cells) or len(row.cells) < 3:
            yield row
