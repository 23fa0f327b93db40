"""What a cell of the objectives table holds, told from its text: a percentage, a figure, a reference, a label."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Refusal
from piramide.kernel.naming import slug
from piramide.kernel.numbers import Printed, parse_italian


class Token(StrEnum):
    """Kinds of cell.

    `malformed` looks like a number and has no single reading; `fault` is the error of a spreadsheet or a formula
    without its value; `dash` has no letter or digit.
    """

    PERCENTAGE = "percentage"
    FIGURE = "figure"
    MALFORMED = "malformed"
    FAULT = "fault"
    ZERO_GAP = "zero_gap"
    REFERENCE = "reference"
    LABEL = "label"
    DASH = "dash"


_NAME: Final = re.compile(r"[a-z0-9]")
_MARKS: Final = re.compile(r"\s*(?:\*+|\(\d\)|[¹²³⁴⁵]+)$")
_NUMERIC: Final = re.compile(r"[€+\-−–]?\s*[€]?\s*\d[\d.,' ]*(?:%|€|euro|eur)?", re.IGNORECASE)
_FAULT: Final = re.compile(
    r"#(?:[A-ZÀ-Ù]{1,10}(?:/[0A-Z])?[!?]?|\?|Err:\d+)|=[^ ]*[\w)\]]\s*[-+*/^(].*|=\s*\$?[A-Z]{1,3}\$?\d+"
)
_ZERO_GAP: Final = re.compile(r"^scostamento\b.*\b(0|zero|nullo)\b", re.IGNORECASE)
_REFERENCE: Final = re.compile(
    r"(?:\bpag(?:g|ine|ina)?\b\.?\s*n?\.?\s*\d|\bpar(?:agrafo)?\b\.?\s*\d|\bpp?\.\s*\d|§\s*\d|\bart\.\s*\d"
    r"|\bslide\s*\d|\bcap\.\s*\d|\b(?:all\.|allegato)\s+(?:\d|[ivx]+\b|[a-d]\b)"
    r"|^(?:obiettivi|piao|smvp|ptpct)\s*(?:20\d\d)?\s*[-–:;,]|^(?:obiettivi 20\d\d|piao|smvp)$)",
    re.IGNORECASE,
)
_LONGEST_REFERENCE: Final = 160


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure: exact value (a percentage as its fraction), unit (`pct`, `eur` or none), decimals."""

    value: Fraction
    unit: str = ""
    decimals: int = 0


def without_marks(text: str) -> str:
    """Text without the footnote marks at its end.

    >>> without_marks("Valore organizzativo*")
    'Valore organizzativo'
    """
    return _MARKS.sub("", text).strip()


def has_name(text: str) -> bool:
    """Whether a text has a letter or digit that an id can be made of."""
    return bool(_NAME.search(unicodedata.normalize("NFD", text.lower())))


def slugged(text: str) -> str:
    """Slug of a text, empty when it has no letter or digit."""
    return slug(text) if has_name(text) else ""


def token(text: str) -> Token:
    """Kind of a cell by its text alone.

    >>> [token(text).value for text in ("40%", "328.588.770 €", "Obiettivi 2024 - Pag. 27", "Indice di Audit")]
    ['percentage', 'figure', 'reference', 'label']
    """
    bare = without_marks(text)
    if _FAULT.fullmatch(bare) or not has_name(bare):
        return Token.FAULT if _FAULT.fullmatch(bare) else Token.DASH
    if _NUMERIC.fullmatch(bare):
        try:
            parsed = figure(bare)
        except Refusal:
            return Token.MALFORMED
        return Token.PERCENTAGE if parsed.unit == "pct" else Token.FIGURE
    if _ZERO_GAP.search(bare):
        return Token.ZERO_GAP
    if _REFERENCE.search(bare) and len(bare) <= _LONGEST_REFERENCE:
        return Token.REFERENCE
    return Token.LABEL


def figure(text: str) -> Figure:
    """The number in a cell; raises `Refusal` (KN001, KN002) when there is none or more than one reading."""
    parsed = parse_italian(without_marks(text))
    return Figure(parsed.value or Fraction(0), parsed.unit, parsed.decimals)


def is_amount(text: str) -> bool:
    """Whether a cell holds a figure or the dash that stands for none."""
    bare = without_marks(text)
    if not bare:
        return False
    try:
        return parse_italian(bare).kind in {Printed.NUMBER, Printed.DASH}
    except Refusal:
        return False


def share(text: str) -> Fraction | None:
    """A weight as a fraction: `40%`, `40` and `0,4` are the same; `None` when it is no weight.

    >>> share("40%"), share("0,4"), share("abc")
    (Fraction(2, 5), Fraction(2, 5), None)
    """
    try:
        parsed = figure(text)
    except Refusal:
        return None
    value = parsed.value if parsed.unit == "pct" or parsed.value <= 1 else parsed.value / 100
    return value if 0 <= value <= 1 and parsed.unit != "eur" else None
