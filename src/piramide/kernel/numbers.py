"""Numbers as people print them and as files carry them, without ever guessing, and back onto paper.

    parse_italian   `1.234.567,89 €`, `93,35%`, `-`: only in imports of documents
    parse_machine   `0.4`, `-12`, `1/11`: packs and machine files
    italian, format_quantity and the others: exact values to text, rounded half-up

What has more than one reading is refused with its readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

from piramide.kernel import wording
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.rounding import round_scaled

Exact: TypeAlias = Printable
"""A number without rounding error; a float is none (`kernel.figure`)."""


class Printed(StrEnum):
    """What a printed cell holds: a number, a dash (an amount of zero, said so), or nothing."""

    NUMBER = "number"
    DASH = "dash"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A printed cell, read.

    `value` is exact: 0 for a dash, `None` for a blank; a percentage is its fraction (`93,35%` is 0.9335) with unit
    `pct`. `unit` is `pct`, `eur` or empty. `decimals` counts those printed, before the per cent sign;
    `signed` says whether a sign was printed (`+2%` is a change, `2%` a level).
    """

    kind: Printed
    value: Fraction | None
    unit: str = ""
    decimals: int = 0
    signed: bool = False


# Ordinary, no-break, figure, thin, narrow no-break spaces and the byte order mark.
_SPACES: Final = re.compile("[\\s\u00a0\u2000-\u200b\u202f\u2060\ufeff]+")
# Hyphens, en and em dash, minus.
_DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")
_EURO: Final = re.compile(r"(?i)^(?:€|euro|eur)\s*(?=\S)|(?<=\S)\s*(?:€|euro|eur)$")
_ITALIAN: Final = re.compile(r"(?P<whole>\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(?P<cents>\d+))?", re.ASCII)
_LONGEST: Final = 100
_DIGITS: Final = re.compile(r"\d[\d.,' ]*", re.ASCII)


def parse_italian(text: str, place: Place | None = None) -> Parsed:
    """Read a cell printed in Italian: dots group thousands, a comma opens the decimals.

    Raises `Refusal`: KN001 when it is no number, KN002 (with the possible readings) when its separators have more
    than one reading or none: `8.855.168,560`, `1.23.456`, `12.34`, `0.994`, `1,234,567`.

    >>> parse_italian("1.234.567,89 €").value
    Fraction(123456789, 100)
    >>> parse_italian("93,35%")
    Parsed(kind=<Printed.NUMBER: 'number'>, value=Fraction(1867, 2000), unit='pct', decimals=2, signed=False)
    """
    printed = _SPACES.sub(" ", text).strip()
    if not printed:
        return Parsed(Printed.BLANK, None)
    bare, unit = _without_unit(printed)
    if bare in _DASHES:
        return Parsed(Printed.DASH, Fraction(0), unit)
    sign = bare[0] if bare[0] == "+" or bare[0] in _DASHES else ""
    figure = bare.removeprefix(sign).lstrip()
    if not _DIGITS.fullmatch(figure):
        raise refuse("KN001", place, printed=printed[:_LONGEST])
    if len(figure) > _LONGEST:
        raise refuse("KN009", place, printed=printed[:_LONGEST])
    match = _ITALIAN.fullmatch(figure)
    if not match or ("." in match["whole"] and len(match["cents"] or "") == 3):
        raise refuse("KN002", place, printed=printed, readings=" / ".join(_readings(figure)) or "?")
    cents = match["cents"] or ""
    value = Fraction(f"{match['whole'].replace('.', '')}.{cents or '0'}")
    value = value / 100 if unit == "pct" else value
    return Parsed(Printed.NUMBER, -value if sign in _DASHES else value, unit, len(cents), bool(sign))


def _without_unit(printed: str) -> tuple[str, str]:
    """The figure without its per cent or euro sign, and the unit."""
    if printed.endswith("%"):
        return printed[:-1].rstrip() or printed, "pct"
    bare = _EURO.sub("", printed, count=1)
    # A sign may stand before the euro: - € 5.
    if bare == printed and bare[0] in _DASHES | {"+"}:
        inner = _EURO.sub("", bare[1:].lstrip(), count=1)
        bare = bare[0] + inner if inner != bare[1:].lstrip() else printed
    return bare.strip(), "eur" if bare != printed else ""


def _readings(figure: str) -> tuple[str, ...]:
    """The numbers that `figure` may stand for, in Italian: its last separator as decimal, and all as groups."""
    readings: list[str] = []
    groups = re.split(r"[.,' ]+", figure.rstrip(".,' "))
    whole, last = "".join(groups[:-1]), groups[-1]
    if whole:
        readings.append(f"{italian(int(whole), 0)},{last}")
    readings.append(italian(int(whole + last), 0))
    return tuple(dict.fromkeys(readings))


_MACHINE: Final = re.compile(
    r"(?P<top>[+-]?(?:\d+\.?\d*|\.\d+)(?:e(?P<exponent>[+-]?\d+))?)(?:/(?P<bottom>\d+))?", re.IGNORECASE | re.ASCII
)
_NOT_FINITE: Final = frozenset({"nan", "inf", "infinity", "-nan", "-inf", "-infinity", "+inf", "+infinity", "+nan"})
_LARGEST_EXPONENT: Final = 300
_MOST_REMEMBERED: Final = 4096
"""Texts of numbers that a process remembers."""


def parse_machine(text: str, place: Place | None = None) -> Fraction:
    """Read a number of a pack or of a machine file: `0.4`, `-12`, `1e-3` or an exact fraction `1/11`.

    Raises `Refusal`: KN003 text, KN004 comma, KN005 not finite, KN006 blank, KN007 per cent sign, KN008 over zero,
    KN009 out of scale.

    >>> parse_machine("1/11") + parse_machine("0.4")
    Fraction(27, 55)
    """
    printed = text.strip()
    number = _machine(printed) if len(printed) <= _LONGEST else _too_long(printed)
    if isinstance(number, str):
        raise refuse(number, place, printed=printed[:_LONGEST])
    return number


@lru_cache(maxsize=_MOST_REMEMBERED)
def _machine(printed: str) -> Fraction | str:
    """The number of a text, or the code of what is wrong with it: a plan prints the same few again and again."""
    if code := _why_not_machine(printed):
        return code
    match = _MACHINE.fullmatch(printed)
    if not match:
        return "KN003"
    if match["exponent"] and abs(int(match["exponent"])) > _LARGEST_EXPONENT:
        return "KN009"
    if match["bottom"] and not int(match["bottom"]):
        return "KN008"
    return Fraction(match["top"]) / int(match["bottom"] or 1)


def _too_long(printed: str) -> str:
    return "KN009" if _MACHINE.fullmatch(printed) else "KN003"


def _why_not_machine(printed: str) -> str:
    """The code of what is plainly wrong with the text of a number, or nothing."""
    if not printed:
        return "KN006"
    if printed.lower() in _NOT_FINITE:
        return "KN005"
    if printed.endswith("%"):
        return "KN007"
    if "," in printed and not set(printed) - set("0123456789.,+-"):
        return "KN004"
    return ""


def is_number(text: str) -> bool:
    """Whether `parse_machine` reads `text`."""
    try:
        parse_machine(text)
    except Refusal:
        return False
    return True


def from_float(value: float) -> Fraction:
    """The decimal that a float was written as: its shortest text that reads back the same.

    >>> from_float(0.145)
    Fraction(29, 200)
    """
    return Fraction(repr(float(value)))


FRACTION: Final = "fraction"
"""Unit of a share that is printed as a percentage."""


def format_number(value: Exact, decimals: int, language: str | None = None, *, signed: bool = False) -> str:
    """`value` rounded half-up with the separators of `language`; `signed` writes the plus too.

    >>> format_number(Fraction(123456789, 100), 1, "en")
    '1,234,567.9'
    """
    scaled = round_scaled(exactly(value), decimals)
    digits = str(abs(scaled)).rjust(decimals + 1, "0") if decimals > 0 else str(abs(scaled) * 10**-decimals)
    whole, cents = (digits[:-decimals], digits[-decimals:]) if decimals > 0 else (digits, "")
    grouped = f"{int(whole):,}".replace(",", wording.word("number", "group", language))
    sign = "−" if scaled < 0 else "+" if signed and scaled > 0 else ""
    return f"{sign}{grouped}{wording.word('number', 'decimal', language)}{cents}" if cents else f"{sign}{grouped}"


def italian(value: Exact, decimals: int, *, signed: bool = False) -> str:
    """`value` as Italian prints it.

    >>> italian(Fraction(123456789, 100), 2)
    '1.234.567,89'
    """
    return format_number(value, decimals, "it", signed=signed)


def format_percent(value: Exact, decimals: int, language: str | None = None, *, signed: bool = False) -> str:
    """The fraction `value` as a percentage in `language`."""
    number = format_number(exactly(value) * 100, decimals, language, signed=signed)
    return wording.word("unit", "percent", language).format(number=number)


def scale_of_print(unit: str) -> int:
    """By how much a figure in `unit` is multiplied where it is printed: a fraction stands as a percentage."""
    return 100 if unit == FRACTION else 1


def format_quantity(
    value: Exact, unit: str, decimals: int, language: str | None = None, *, signed: bool = False
) -> str:
    """`value` with its unit, as a page prints it; a unit the language does not word is left to the header.

    `fraction` prints a fraction as a percentage (weights, gaps, coverage); `pct` is in percentage points already;
    `ratio`, `index` and scores print the number alone.

    >>> format_quantity(Fraction(40), "days", 1, "it"), format_quantity(1, "days", 0, "it")
    ('40,0 giorni', '1 giorno')
    """
    if unit == FRACTION:
        return format_percent(value, decimals, language, signed=signed)
    number = format_number(value, decimals, language, signed=signed)
    is_one = abs(round_scaled(exactly(value), decimals)) == 10**decimals
    template = (is_one and wording.word("unit", f"{unit}_one", language)) or wording.word("unit", unit, language)
    return template.format(number=number) if template else number
