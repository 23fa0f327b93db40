"""What a cell of the workbook holds, and when the text of a file becomes a real number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from piramide.kernel.numbers import is_number
from piramide.kernel.packed.spreadsheet import number_text


class Kind(StrEnum):
    """What a spreadsheet takes a cell for; `TIME` holds a moment that no file of a pack knows."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text as a pack writes it, and its kind. An empty text is an empty cell."""

    text: str
    kind: Kind = Kind.TEXT


BLANK: Final = Cell("")
LONGEST_TEXT: Final = 32_767
"""Characters that a cell of a spreadsheet may hold."""

_DECIMAL: Final = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)
_ITALIAN: Final = re.compile(r"[-+−]?\s*(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?\s*[%€]?", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_NAMES: Final = frozenset({"from", "until", "day"})
_NUMBER_NAMES: Final = frozenset(
    {"weight", "target", "value", "numerator", "denominator", "cap", "least", "most", "tolerance", "to", "points"}
)

Value = str | float | bool | dt.date | dt.time | dt.timedelta
"""A cell as the reader of spreadsheets gives it."""


def is_canonical(text: str) -> bool:
    """Whether a real number gives back this very text: `0.4` does; `0.40`, `007`, `1/11` and `1e5` do not."""
    return bool(_DECIMAL.fullmatch(text)) and number_text(float(text)) == text


def cell_of(text: str) -> Cell:
    """The cell that shows the text of a CSV."""
    return Cell(text, Kind.NUMBER) if is_canonical(text) else text_cell(text)


def text_cell(text: str) -> Cell:
    """A cell of text: one kind of line break, and a mark where a character cannot stand in a spreadsheet."""
    if text.isprintable():
        return Cell(text) if text else BLANK
    return Cell(_CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")))


def read_cell(value: Value) -> Cell:
    """The cell that a planner sent back."""
    if isinstance(value, bool):
        return Cell("true" if value else "false", Kind.BOOLEAN)
    if isinstance(value, int | float):
        return Cell(number_text(value), Kind.NUMBER)
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time()
        return Cell(value.date().isoformat(), Kind.DATE) if whole_day else Cell(str(value), Kind.TIME)
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), Kind.DATE)
    return Cell(str(value), Kind.TIME)


def is_italian_number(text: str) -> bool:
    """Whether a text is a figure typed as on paper (`0,4`, `1.234,5`, `40%`), which a pack does not write."""
    bare = text.strip()
    printed = any(sign in bare for sign in ",%€") or bare.count(".") > 1
    return printed and any(letter.isdigit() for letter in bare) and bool(_ITALIAN.fullmatch(bare))


def holds_numbers(column: str, texts: Iterable[str]) -> bool:
    """Whether a column is one of figures: by its name, or because most of what stands in it is a number."""
    full = [text for text in texts if text]
    return column.rsplit(".", 1)[-1] in _NUMBER_NAMES or sum(map(is_number, full)) * 2 > len(full)


def holds_dates(column: str, texts: Iterable[str]) -> bool:
    """Whether a column is one of days: by its name, or because nothing else stands in it."""
    full = [text for text in texts if text]
    return column.rsplit(".", 1)[-1] in _DATE_NAMES or (bool(full) and all(map(_DATE.fullmatch, full)))
