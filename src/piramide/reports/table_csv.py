"""Long tables as CSV, piece by piece: UTF-8 with a header, numbers as they are, no text that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.reports.formulas import harmless

PIECE: Final = 64 * 1024
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The table in pieces of about `PIECE` bytes, lines ended as RFC 4180 says; absence is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(figure) for figure in row])
        if text.tell() >= PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def cell(content: object) -> str:
    """One cell: `yes` or `no`, ISO days, the shortest exact decimal of a number; exact decimals kept, texts safe."""
    match content:
        case bool():
            return "yes" if content else "no"
        case Fraction():
            return repr(float(content))
        case date():
            return content.isoformat()
    text = "" if content is None else str(content)
    return text if _NUMBER.fullmatch(text) else harmless(text)
