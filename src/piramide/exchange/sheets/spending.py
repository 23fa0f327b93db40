"""The annex of spending rules: how far each quarterly forecast may be from what is spent, read from its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.imported import SpendingRule
from piramide.exchange.sheets.layout import printed
from piramide.kernel.findings import Finding
from piramide.methodology.loading.shipped import shipped
from piramide.methodology.printing.tokens import slugged

_HEADING: Final = re.compile(r"^indicator\w*\s+(?:di\s+)?gestione\s+della\s+spesa\b", re.IGNORECASE)
_MOMENTS: Final = re.compile(
    r"^(?P<romans>(?:IV|I{1,3})(?:\s*[-–,/e]+\s*(?:IV|I{1,3}))*)\s+forecast\b.{0,20}$", re.IGNORECASE
)
_ROMAN: Final = re.compile(r"IV|I{1,3}", re.IGNORECASE)
_BOTH_SIDES: Final = re.compile(r"(?:\+\s*/\s*[-–−]|±|[-–−]\s*/\s*\+)\s*(\d+(?:,\d+)?)\s*%")
_UPPER: Final = re.compile(r"\+?\s*(\d+(?:,\d+)?)\s*%")
_EACH: Final = re.compile(r"\b(IV|I{1,3})\s+forecast\W{0,3}(\d+(?:,\d+)?)\s*%", re.IGNORECASE)
_ZERO_AT_END: Final = re.compile(r"\bIV\s+forecast\b[^.;%]*\b(?:zero|0)\b", re.IGNORECASE)
_BY_CHAPTER: Final = re.compile(
    r"\b(?:a\s+livello\s+di|per)\s+(?:ogni\s+|singolo\s+|ciascun\s+)?capitolo\b", re.IGNORECASE
)
_ALL: Final = ("I", "II", "III", "IV")
_SHORTEST_SENTENCE: Final = 80


@dataclass(frozen=True, slots=True)
class SpendingAnnex:
    """Rules of the annex, the cells they took, and sentences without a figure."""

    rules: tuple[SpendingRule, ...] = ()
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_spending(rows: Sequence[Row]) -> SpendingAnnex:
    """Read the annex: subject and moments hold for the rows below until the next; a second sentence is left over."""
    rules: list[SpendingRule] = []
    cells: list[Cell] = []
    findings: list[Finding] = []
    subject = ""
    moments: tuple[str, ...] = ()
    for row in printed(rows):
        left = list(row.cells)
        if _HEADING.search(left[0].text) and len(left) > 1:
            left.pop(0)
        if not _is_moment(left[0]) and not _is_sentence(left):
            subject, moments = left.pop(0).text, ()
        if left and _is_moment(left[0]):
            moments = _romans(left.pop(0).text)
        extra = left[1:]
        text = left[0].text if left else ""
        read = tuple(_rules(subject, moments, text, row)) if text else ()
        rules += read
        cells += [cell for cell in row.cells if cell not in extra]
        if text and not read:
            findings.append(Finding("SH034", row.place, subject, {"printed": text}))
    return SpendingAnnex(tuple(rules), tuple(cells), tuple(findings))


def _is_moment(cell: Cell) -> bool:
    return bool(_MOMENTS.match(cell.text))


def _is_sentence(cells: Sequence[Cell]) -> bool:
    return len(cells) == 1 and ("%" in cells[0].text or len(cells[0].text) > _SHORTEST_SENTENCE)


def _romans(text: str) -> tuple[str, ...]:
    match = _MOMENTS.match(text)
    return tuple(roman.upper() for roman in _ROMAN.findall(match["romans"])) if match else ()


def _rules(subject: str, moments: tuple[str, ...], text: str, row: Row) -> Iterator[SpendingRule]:
    """Rules of one sentence: a limit for each forecast it names, or one for the moments of its row."""
    name = spending_id(subject)
    each = {moment.upper(): _number(figure) for moment, figure in _EACH.findall(text)}
    if each:
        if "IV" not in each and _ZERO_AT_END.search(text):
            each["IV"] = Fraction(0)
        for moment, upper in each.items():
            yield SpendingRule(name, moment, None, upper, row.place)
        return
    both, upper_only = _BOTH_SIDES.search(text), _UPPER.search(text)
    found = both or upper_only
    if found:
        limit = _number(found[1])
        for moment in moments or _ALL:
            yield SpendingRule(name, moment, -limit if both else None, limit, row.place, bool(_BY_CHAPTER.search(text)))


def spending_id(subject: str) -> str:
    """Name of a subject of the annex, as the shipped pack calls it.

    >>> spending_id("Indicatore corretta gestione 1005"), spending_id("Fabbisogni Economici")
    ('saldo_cic_1005', 'fabbisogni_economici')
    """
    known = shipped().sheets
    return known.account_indicator if known.account in subject else slugged(subject) or "gestione_spesa"


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))
