"""Notes that runs kept as Italian sentences, before notes had codes, said again in the reader's language.

The sentences that the program itself made are known by their wording in the catalogue; what people wrote stays as they
wrote it. Only the codes of that time are looked for: the wording of these is not to be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from typing import Final

from piramide.kernel import wording

_NOTES: Final = (*(f"SC{number}" for number in range(101, 113)), *(f"ME{number}" for number in range(101, 105)))
_FIELD: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
_FIGURE: Final = re.compile(r"[-−+]?\d{1,3}(\.?\d{3})*(,\d+)?\s?%?")


def reworded(note: str, language: str) -> str:
    """A note in `language`; sentences that no catalogue knows stay.

    >>> reworded("Intervallo di confidenza al 95%: da 3,564 a 3,742. Così dice Anna.", "en")
    '95% confidence interval: 3.564 to 3.742. Così dice Anna.'
    """
    if language == wording.DEFAULT_LANGUAGE or not note:
        return note
    for code, pattern in _sentences():
        note = pattern.sub(partial(_again, code=code, language=language), note)
    return note


@cache
def _sentences() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """How each note reads in Italian, with a group for each field."""
    return tuple((code, re.compile(_pattern(text) + r"(?=\s|$)")) for code, text in _texts())


def _texts() -> Iterator[tuple[str, str]]:
    known = wording.catalogue(wording.DEFAULT_LANGUAGE)
    yield from ((code, known[code]["text"]) for code in _NOTES)


def _pattern(text: str) -> str:
    pieces = _FIELD.split(text)
    return "".join(f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))


def _again(found: re.Match[str], code: str, language: str) -> str:
    fields = {name: _in_notation(value, language) for name, value in found.groupdict().items()}
    return wording.sentence(code, fields, language)


def _in_notation(value: str, language: str) -> str:
    """A figure with the separators of the language; any other field as it is."""
    if not _FIGURE.fullmatch(value):
        return value
    group, decimal = (wording.word("number", name, language) for name in ("group", "decimal"))
    return value.translate(str.maketrans(".,", group + decimal))
