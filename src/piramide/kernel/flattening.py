"""Frozen values as plain JSON, and back: nothing is carried but data, and only classes that the reader names.

flattened   a value made of dataclasses, tuples, lists, mappings, texts, exact numbers, days and words of `StrEnum`
restored    the same value; equal parts that were frozen are one object
classes_of  the classes that a value of a class may be made of

A document holds what values are made of once, in an order in which parts stand before what is made of them:
`{"texts": …, "numbers": …, "days": …, "words": …, "whole": …, "made": [[kind, part, part, …], …]}`. A part is a
position in all of these one after the other, `None`, true and false first. The last that was made is the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, Final, get_args, get_type_hints

Document = dict[str, Any]

_CONSTANTS: Final = (None, True, False)
_PLAIN: Final[Mapping[type, tuple[str, Callable[[Any], Any]]]] = {
    str: ("texts", str),
    Fraction: ("numbers", lambda number: [number.numerator, number.denominator]),
    date: ("days", date.isoformat),
    int: ("whole", int),
}
_GROUPS: Final = ("texts", "numbers", "days", "whole", "words")
_TUPLE: Final = "tuple"
_LIST: Final = "list"
_MAPPING: Final = "mapping"


def flattened(value: object) -> Document:
    """The document of a value that is made of others. Raises `TypeError` for what it cannot hold."""
    pieces = _Pieces()
    pieces.collect(value)
    return pieces.document(value)


class _Pieces:
    """What a value is made of, each piece once."""

    def __init__(self) -> None:
        self._plain: dict[str, dict[Any, int]] = {group: {} for group in _GROUPS}
        self._starts: dict[str, int] = {}
        self._made: list[list[Any]] = []
        self._known: dict[tuple[Any, ...], int] = {}
        self._placed: dict[int, int | None] = {}
        """Where the parts that are frozen went, by identity: those that were collected, and once placed where."""

    def collect(self, value: object) -> None:
        """Take in the texts, numbers, days and words of a value."""
        kind = type(value)
        if value is None or kind is bool:
            return
        if kind in _PLAIN:
            group = self._plain[_PLAIN[kind][0]]
            group.setdefault(value, len(group))
        elif isinstance(value, StrEnum):
            group = self._plain["words"]
            group.setdefault((kind.__name__, value.value), len(group))
        elif id(value) not in self._placed:
            self._placed[id(value)] = None  # whatever the value holds lives as long as it does
            for part in _parts(value):
                self.collect(part)

    def document(self, value: object) -> Document:
        """The document of a value that was collected."""
        start = len(_CONSTANTS)
        for group in _GROUPS:
            self._starts[group] = start
            start += len(self._plain[group])
        self._starts["made"] = start
        self._place(value)
        plain = {group: [write(one) for one in self._plain[group]] for group, write in self._writers()}
        return plain | {"made": self._made}

    def _writers(self) -> Iterable[tuple[str, Callable[[Any], Any]]]:
        yield from _PLAIN.values()
        yield "words", list

    def _place(self, value: object) -> int:
        """The position of a value, which is made if it is not there yet."""
        kind = type(value)
        if value is None:
            return 0
        if kind is bool:
            return _CONSTANTS.index(value)
        if kind in _PLAIN:
            group = _PLAIN[kind][0]
            return self._starts[group] + self._plain[group][value]
        if isinstance(value, StrEnum):
            return self._starts["words"] + self._plain["words"][kind.__name__, value.value]
        if (placed := self._placed[id(value)]) is not None:
            return placed
        made = [_name(value), *(self._place(part) for part in _parts(value))]
        key = tuple(made)
        position = self._known.get(key)
        if position is None:
            position = self._starts["made"] + len(self._made)
            self._made.append(made)
        if made[0] not in {_LIST, _MAPPING}:
            self._known[key] = self._placed[id(value)] = position
        return position


def _name(value: object) -> str:
    if isinstance(value, tuple):
        return _TUPLE
    if isinstance(value, list):
        return _LIST
    return _MAPPING if isinstance(value, Mapping) else type(value).__name__


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, tuple | list):
        return value
    if isinstance(value, Mapping):
        return (part for pair in value.items() for part in pair)
    if is_dataclass(value) and not isinstance(value, type):
        return (getattr(value, field.name) for field in fields(value))
    raise TypeError(type(value).__name__)


def restored(document: Document, classes: Iterable[type]) -> Any:  # noqa: ANN401 - whatever was flattened
    """The value of a document, made of `classes` (dataclasses and `StrEnum`) and of nothing else.

    Raises `LookupError`, `TypeError` or `ValueError` for what is no such document.
    """
    named = {one.__name__: one for one in classes}
    known: list[Any] = [*_CONSTANTS, *document["texts"]]
    known.extend(Fraction(top, bottom) for top, bottom in document["numbers"])
    known.extend(map(date.fromisoformat, document["days"]))
    known.extend(document["whole"])
    known.extend(named[kind](word) for kind, word in document["words"])
    makers: dict[str, Callable[..., Any]] = {**named, _TUPLE: _tuple, _LIST: _list, _MAPPING: _mapping}
    part = known.__getitem__
    for kind, *parts in document["made"]:
        known.append(makers[kind](*map(part, parts)))
    return known[-1]


@cache
def classes_of(root: type) -> frozenset[type]:
    """The dataclasses and `StrEnum` that a value of class `root` may be made of, by what its fields declare."""
    found: set[type] = set()
    pending: list[Any] = [root]
    while pending:
        one = pending.pop()
        pending.extend(get_args(one))
        if isinstance(one, type) and one not in found:
            if is_dataclass(one):
                pending.extend(get_type_hints(one).values())
                found.add(one)
            elif issubclass(one, StrEnum):
                found.add(one)
    return frozenset(found)


def _tuple(*parts: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return parts


def _list(*parts: Any) -> list[Any]:  # noqa: ANN401
    return list(parts)


def _mapping(*parts: Any) -> dict[Any, Any]:  # noqa: ANN401
    return dict(zip(parts[::2], parts[1::2], strict=True))
