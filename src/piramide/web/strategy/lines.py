"""The lines of a chain as pages list them: levels, trees of lines, what is loose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.cycle.chain import Carried, State, standing_of
from piramide.methodology.carried import structures_of
from piramide.methodology.chain import ChainLevel, ChainLine
from piramide.web.strategy.shown import ShownChain

STATES: dict[State, tuple[str, str | Promise]] = {
    State.ON_TARGET: ("●", _("all'obiettivo")),
    State.BELOW: ("▼", _("sotto")),
    State.NOT_DUE: ("◇", _("non ancora dovute")),
    State.MISSING: ("○", _("senza un indice intero")),
    State.NOT_SCORED: ("–", _("non valutate")),
}
"""The sign and the words of each state, of several things."""
ONE: dict[State, str | Promise] = {
    State.ON_TARGET: _("all'obiettivo"),
    State.BELOW: _("sotto l'obiettivo"),
    State.NOT_DUE: _("non ancora dovuta"),
    State.MISSING: _("senza un indice intero"),
    State.NOT_SCORED: _("non valutata da una scheda"),
}
"""The words of the state of one thing."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of what carries a line stand in a state."""

    sign: str
    word: str | Promise
    count: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line in a list: how many things of how many structures carry it, how they stand, the lines under it."""

    line: ChainLine
    address: str
    carriers: int
    structures: int
    standing: tuple[Count, ...]
    below: tuple[LineShown, ...] = ()


@dataclass(frozen=True, slots=True)
class KindShown:
    """The lines of one kind that stand under no other; `title` is what the level calls the kind, empty for none."""

    title: str
    roots: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class LevelShown:
    """A level with its lines: `kinds` hold those that stand under no other line; `lines` are all of them."""

    level: ChainLevel
    listed: int
    carried: int
    kinds: tuple[KindShown, ...]
    lines: tuple[LineShown, ...]

    @property
    def roots(self) -> int:
        """How many lines stand under no other."""
        return sum(len(kind.roots) for kind in self.kinds)

    @property
    def loose(self) -> int:
        """How many lines nothing carries."""
        return self.listed - self.carried


@dataclass(frozen=True, slots=True)
class LooseGroup:
    """The objectives of a structure that lead to no line."""

    label: str
    address: str
    objectives: tuple[Carried, ...]


def levels_of(shown: ShownChain) -> list[LevelShown]:
    """The levels from above down, each with the tree of its lines."""
    chain = shown.chain.pack.chain
    found = []
    for level in chain.levels.values():
        lines = tuple(line_shown(shown, line) for line in chain.of_level(level.id))
        kinds = tuple(_kinds(shown, level))
        found.append(LevelShown(level, len(lines), shown.chain.carried_of(level.id), kinds, lines))
    return found


def _kinds(shown: ShownChain, level: ChainLevel) -> Iterator[KindShown]:
    """The lines that stand under no other, by kind where the level says what each is called."""
    roots: dict[str, list[LineShown]] = {}
    for line in shown.chain.pack.chain.of_level(level.id):
        if not line.under:
            kind = level.kinds.get(line.kind)
            roots.setdefault(kind.label if kind else "", []).append(_with_below(shown, line))
    yield from (KindShown(title, tuple(items)) for title, items in roots.items())


def _with_below(shown: ShownChain, line: ChainLine) -> LineShown:
    below = tuple(_with_below(shown, one) for one in shown.chain.carrying.below(line.id))
    return line_shown(shown, line, below)


def line_shown(shown: ShownChain, line: ChainLine, below: tuple[LineShown, ...] = ()) -> LineShown:
    """A line with its figures."""
    carries = shown.chain.carries(line.id)
    places = structures_of((one.structure, one.node) for one in carries)
    return LineShown(line, shown.address(line.id), len(carries), len(places), counts(carries), below)


def counts(carries: Sequence[Carried]) -> tuple[Count, ...]:
    """How many stand how, without states that nothing is in; nothing where no run tells it."""
    counted = standing_of(carries)
    return tuple(Count(*words, counted[state]) for state, words in STATES.items() if counted[state])


def loose_of(shown: ShownChain) -> list[LooseGroup]:
    """The objectives that lead to no line, by structure."""
    found: dict[str, list[Carried]] = {}
    for carrier in shown.chain.carrying.loose:
        found.setdefault(carrier[0], []).append(shown.chain.carried(carrier))
    return [
        LooseGroup(shown.structures.get(name, name), shown.of_structure(name), tuple(items))
        for name, items in found.items()
    ]


def search_lines(shown: ShownChain, words: Sequence[str]) -> Iterator[ChainLine]:
    """The lines of which the code or the label holds all the words, folded as a search folds them."""
    for line in shown.pack.chain.lines.values():
        text = f"{line.id} {line.label}".casefold()
        if all(word in text for word in words):
            yield line
