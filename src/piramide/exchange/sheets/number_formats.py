"""What a spreadsheet shows for a number: the format of a cell is part of what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.numbers import from_float, italian

BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "dd/mm/yyyy",
    16: "d-mmm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
}
"""Formats that a workbook names by number alone."""

_PIECES: Final = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<bare>.)')
_NUMBER: Final = re.compile(r"(?P<whole>[0#?](?:,*[0#?])*)(?:\.(?P<cents>[0#?]*))?(?P<left_out>,*)")
_CURRENCY: Final = re.compile(r"\$(?P<sign>[^-]*)(?:-.*)?")
_CONDITION: Final = re.compile(r"[<>=]")
_NOT_A_FIGURE: Final = re.compile(r"[ymdhsEe@/]")
_LITERAL: Final = "\x00"


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format: the code with a mark where a literal stands, and the literals in their order."""

    code: str
    literals: tuple[str, ...]


def shows_year(code: str) -> bool:
    """Whether a format of days shows the year; one that does not may be a figure that was taken for a day."""
    return not code or "y" in _section(code).code.lower()


def shown(value: float, code: str) -> str | None:
    r"""The text that a spreadsheet in Italian shows, or `None` for a format that is no plain figure.

    >>> shown(0.855, "0.0%"), shown(0.855, "0%"), shown(30, '0" gg"'), shown(1234.5, '#,##0.00\\ "€"')
    ('85,5%', '86%', '30 gg', '1.234,50 €')
    """
    exact = from_float(value)
    sections = _split(code)
    at = 1 if exact < 0 and len(sections) > 1 else 2 if exact == 0 and len(sections) > 2 else 0
    section = _section(sections[at])
    number = _NUMBER.search(section.code)
    if number is None or _NOT_A_FIGURE.search(section.code) or "General" in code or _CONDITION.search(section.code):
        return None
    if number["left_out"] and not section.literals:
        return None  # thousands left out without a word that says so
    exact /= 1000 ** len(number["left_out"])
    exact *= 100 ** section.code.count("%")
    figure = _figure(abs(exact), number["cents"] or "", is_grouped="," in number["whole"])
    sign = "-" if exact < 0 and at == 0 else ""
    head, tail = section.code[: number.start()], section.code[number.end() :]
    literals = iter(section.literals)
    before, after = (re.sub(_LITERAL, lambda _: next(literals), part) for part in (head, tail))
    return f"{sign}{before}{figure}{after}".strip()


def _figure(value: Fraction, cents: str, *, is_grouped: bool) -> str:
    """Digits with a decimal comma; those that the format leaves to the figure (`#`) go when they are zero."""
    text = italian(value, len(cents))
    if not is_grouped or len(cents) == 3:  # three decimals beside groups of three have two readings
        text = text.replace(".", "")
    kept = cents.rfind("0") + 1
    while "," in text and text[-1] == "0" and len(text.partition(",")[2]) > kept:
        text = text[:-1]
    return text.removesuffix(",")


def _split(code: str) -> list[str]:
    """Sections of a format: for positive figures, negative ones, zero."""
    sections, start, is_quoted = [], 0, False
    for at, char in enumerate(code):
        is_quoted ^= char == '"'
        if char == ";" and not is_quoted:
            sections.append(code[start:at])
            start = at + 1
    return [*sections, code[start:]]


def _section(code: str) -> _Section:
    """Literals apart from what the format computes; colours and languages say nothing."""
    parts: list[str] = []
    literals: list[str] = []
    for piece in _PIECES.finditer(code):
        currency = _CURRENCY.fullmatch(piece["bracket"]) if piece["bracket"] else None
        literal = piece["quoted"] or piece["escaped"] or (currency["sign"] if currency else "")
        if literal:
            parts.append(_LITERAL)
            literals.append(literal)
        elif piece["bracket"] and _CONDITION.search(piece["bracket"]):
            parts.append("<")
        elif piece["bare"]:
            parts.append(piece["bare"])
    return _Section("".join(parts), tuple(literals))
