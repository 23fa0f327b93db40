"""Finding entries by their words: every word asked for must begin one of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from piramide.web.search.entries import Entry
from piramide.web.search.folding import words

KINDS: Final = ("structures", "indicators", "lines", "acts", "projects")
MOST: Final = 40
"""Entries of one kind that a page shows."""
WHOLE, BEGINNING, ELSEWHERE = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of one kind, the best first; `count` is of all of them."""

    kind: str
    entries: tuple[Entry, ...]
    count: int


def find(text: str, entries: Iterable[Entry]) -> tuple[Found, ...]:
    """What the words of `text` lead to, by kind."""
    asked = words(text)
    if not asked:
        return ()
    ranked = [(score(asked, entry), entry) for entry in entries]
    held = sorted((pair for pair in ranked if pair[0]), key=lambda pair: (-pair[0], len(pair[1].label), pair[1].label))
    groups = {kind: [entry for _score, entry in held if entry.kind == kind] for kind in KINDS}
    return tuple(Found(kind, tuple(group[:MOST]), len(group)) for kind, group in groups.items() if group)


def score(asked: Sequence[str], entry: Entry) -> int:
    """How well an entry answers: 0 when a word begins none of its own; a whole word of its name counts most."""
    total = 0
    for word in asked:
        best = _best(word, entry)
        if not best:
            return 0
        total += best
    return total


def _best(word: str, entry: Entry) -> int:
    if word in entry.name:
        return WHOLE
    if any(own.startswith(word) for own in entry.name):
        return BEGINNING
    return ELSEWHERE if any(own.startswith(word) for own in entry.rest) else 0
