"""Notes beside a value: kept as a code with its fields, worded when somebody reads them.

A file keeps `SC105 {"checkpoints":["Q1"]}`: the same bytes whatever the language of who made it. A note may hold
several of them, and what a person typed, which stays as typed. The sentence of a code stands in the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from piramide.kernel import wording
from piramide.kernel.early_notes import reworded
from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period

Field = str | int | float | list[str]
"""A name, a day, a figure or a list of names; a figure with fixed decimals is text in machine notation."""

Names = Mapping[str, Mapping[str, str]]
"""Labels by id, by the field of a note that keeps the id."""

NO_NAMES: Final[Names] = MappingProxyType({})

_CODED: Final = re.compile(r"(?<!\S)[A-Z]{2}\d{3} (?=\{)")
_DECODER: Final = json.JSONDecoder()


def note(code: str, **fields: Field) -> str:
    """The text that files keep of a note of the program.

    >>> note("SC105", checkpoints=["Q1", "Q3"]), note("ME102")
    ('SC105 {"checkpoints":["Q1","Q3"]}', 'ME102 {}')
    """
    return f"{code} {json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"


def worded(text: str, language: str = "", names: Names = NO_NAMES) -> str:
    """A kept note in `language`, that of the reader without one; what people wrote stays as they wrote it.

    `names` are labels by id, for the fields that keep ids: whoever has the method at hand gives them.

    Runs made before notes had codes keep sentences: those of the program are told again in the language.

    >>> worded('ME104 {"high":"3.742","low":"3.564"} Visto da Anna.', "it")
    'Intervallo di confidenza al 95%: da 3,564 a 3,742. Visto da Anna.'
    """
    spoken = language or wording.current_language()
    return _joined([_piece(piece, spoken, names) for piece in _pieces(text)])


def fields_of(text: str, code: str) -> Mapping[str, Field]:
    """The fields of the first note of `code` in a kept text; nothing where it has none.

    >>> dict(fields_of('Visto. SC115 {"known":3,"met":2}', "SC115"))
    {'known': 3, 'met': 2}
    """
    coded = (piece for piece in _pieces(text) if isinstance(piece, tuple))
    return next((fields for found, fields in coded if found == code), {})


def without(text: str, code: str) -> str:
    """A kept text without its notes of `code`.

    >>> without('Visto. SC115 {"known":3,"met":2} ME102 {}', "SC115")
    'Visto. ME102 {}'
    """
    kept = (piece for piece in _pieces(text) if isinstance(piece, str) or piece[0] != code)
    return " ".join(piece if isinstance(piece, str) else note(piece[0], **piece[1]) for piece in kept)


_Coded = tuple[str, Mapping[str, Field]]


def _joined(pieces: list[str]) -> str:
    """Sentences one after the other; what a person left without a full stop gets one before the next."""
    closed = [piece if piece.endswith((".", "!", "?", ":", ";", "…")) else f"{piece}." for piece in pieces[:-1]]
    return " ".join((*closed, *pieces[-1:]))


def _piece(piece: str | _Coded, language: str, names: Names) -> str:
    if isinstance(piece, str):
        return reworded(piece, language)
    code, fields = piece
    told = {name: _in_words(name, field, language, names.get(name, {})) for name, field in fields.items()}
    return wording.sentence(code, told, language)


def _pieces(text: str) -> Iterator[str | _Coded]:
    """The notes of the program in a kept text, and the texts between them, without the spaces around."""
    start = 0
    for match in _CODED.finditer(text):
        if match.start() < start or (found := _coded(text, match)) is None:
            continue
        piece, end = found
        if before := text[start : match.start()].strip():
            yield before
        yield piece
        start = end
    if rest := text[start:].strip():
        yield rest


def _coded(text: str, match: re.Match[str]) -> tuple[_Coded, int] | None:
    """A note of the catalogue, with fields as notes have them, and where it ends; nothing for what somebody typed."""
    code = match.group().strip()
    if wording.catalogue("en").get(code, {}).get("severity") != "note":
        return None
    try:
        fields, end = _DECODER.raw_decode(text, match.end())
    except ValueError:
        return None
    if text[end : end + 1].strip() or not all(map(_is_field, fields.values())):
        return None
    return (code, fields), end


def _is_field(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _in_words(name: str, field: Field, language: str, labels: Mapping[str, str]) -> str:
    """A field as the templates take it: lists one after the other, moments in words, what has a label by that."""
    if isinstance(field, list):
        return ", ".join(_in_words(name, item, language, labels) for item in field)
    if name in {"moment", "checkpoints"}:
        return _moment(str(field), language)
    return labels.get(str(field), str(field))


def _moment(text: str, language: str) -> str:
    """A checkpoint of the year (`Q1`) or a moment (`2024-09`) in words."""
    if word := wording.word("moment", text, language):
        return word
    try:
        return parse_period(text).moment.label(language)
    except Refusal:
        return text
