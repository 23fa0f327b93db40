"""Templates of messages: figures and words in the language of the reader, parts that may be left out.

A template is a text with fields in braces:

    {name}         the field as it is
    {name:figure}  a figure in machine notation, with the separators of the language (what is no figure stays as it is);
                   years and codes stay too: the field `ungrouped` says so
    {name:share}   a share of one as a whole percentage, never 0 nor 100 when it is between them
    {name:day}     a day as a sentence writes it (`1 July 2025`)
    {name:word}    a stable English term, worded through the section of the catalogue's words that has the field's name
    {name:unit}    a unit as people call it, from the words that its figures are printed with
    {name:maybe}   the field as it is, which may be empty without taking its optional part with it
    [[ ... ]]      left out when a field inside it is empty or a dash
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Words = Callable[[str, str], str]
"""Section and key of a word to the word in the reader's language, empty when there is none."""

_NOTHING: Final = frozenset({"", "-"})
_OPTIONAL: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_FIELD: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
_DAY: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-\d{2}")
_FIGURE: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")


def fill(template: str, fields: Mapping[str, object], words: Words) -> str:
    """The template with its fields; a field that is missing is empty, so that it never hides the message.

    >>> italian = {"group": ".", "decimal": ","}
    >>> fill("{a:figure}[[, cause: {cause}]]", {"a": "12345.6"}, lambda _, key: italian[key])
    '12.345,6'
    """

    def said(match: re.Match[str]) -> str:
        name, form = match.groups()
        text = str(fields.get(name, ""))
        if form == "figure":
            return text if fields.get("ungrouped") else figure(text, words)
        if form == "day":
            return day(text, words)
        if form == "share":
            return share(text, words)
        if form == "unit":
            return unit(text, words)
        return (words(name, text) or text) if form == "word" else text

    def kept(match: re.Match[str]) -> str:
        inside = match.group(1)
        needed = (name for name, form in _FIELD.findall(inside) if form != "maybe")
        return inside if all(str(fields.get(name, "")) not in _NOTHING for name in needed) else ""

    return _FIELD.sub(said, _OPTIONAL.sub(kept, template))


def day(text: str, words: Words) -> str:
    """A day in machine notation as a sentence writes it; what is no day stays as it is.

    >>> day("2025-07-01", lambda _section, _key: "gennaio febbraio marzo aprile maggio giugno luglio")
    '1 luglio 2025'
    """
    if not _DAY.fullmatch(text):
        return text
    year, month, of_month = text.split("-")
    return f"{int(of_month)} {words('period', 'months').split()[int(month) - 1]} {year}"


def share(text: str, words: Words) -> str:
    """A share of one, in machine notation, as a whole percentage; half goes up.

    >>> [share(text, lambda _section, _key: "{number}%") for text in ("0.875", "0.9999", "0.001", "1")]
    ['88%', '99%', '1%', '100%']
    """
    if not _FIGURE.fullmatch(text):
        return text
    part = Decimal(text)
    percent = int((part * 100).to_integral_value(ROUND_HALF_UP))
    if 0 < part < 1:
        percent = min(max(percent, 1), 99)
    return words("unit", "percent").format(number=percent)


def unit(text: str, words: Words) -> str:
    """A unit by its name; without one, what is printed beside its figures; else its own name in plain words.

    >>> unit("days", lambda section, key: {"unit.days": "{number} giorni"}.get(f"{section}.{key}", ""))
    'giorni'
    """
    beside = words("unit", text).replace("{number}", "").strip()
    return words("unit_name", text) or beside or text.replace("_", " ")


def figure(text: str, words: Words) -> str:
    """A figure in machine notation, grouped and pointed as the language does."""
    match = _FIGURE.fullmatch(text)
    if not match:
        return text
    sign, whole, decimals = match.groups()
    # Four digits stand together: they may be a year.
    separator = words("number", "group") if len(whole) > len("2021") else ""
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", separator, whole)
    return f"{sign.replace('-', '−')}{grouped}" + (words("number", "decimal") + decimals if decimals else "")
