"""What is already known: the indicators, labels, structures and lines of the pack that ships for 2024."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

from piramide.exchange.sheets.ieep import KnownLine, line_key
from piramide.kernel import wording
from piramide.kernel.naming import slug
from piramide.kernel.organisation import Structure
from piramide.methodology.loading import find_pack, load_pack, shipped
from piramide.methodology.model import Indicator, NodeKind, Pack, with_ancestors
from piramide.methodology.printing.tokens import has_name
from piramide.methodology.sheet_words import AnnexForm

_LEAVES: Final = frozenset({NodeKind.INDICATOR, NodeKind.COMPOSITE, NodeKind.NOT_AT_HAND})
_ALIKE: Final = 0.74
_MOST_DIFFERENT_WORDS: Final = 2
_SHORTEST_MISSPELT: Final = 4


class Match(StrEnum):
    """How a printed label was recognised: as it is, as a listed variant, or because it is nearly the same."""

    EXACT = "exact"
    ALIAS = "alias"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """A known indicator and how its label was recognised."""

    indicator: Indicator
    match: Match


@dataclass(frozen=True, slots=True)
class Lookups:
    """Look-ups over one pack.

    `is_own`: the pack is the plan that the file says it is a sheet of. `kinds` are those of the groups of its trees,
    `direct` the labels of leaves right below a dimension or at the top, `tops` of those at the top, `deep` of those
    below groups, `unseen` of weights without content, `addressees` the structures by the line that names them.
    """

    pack: Pack
    parts: Mapping[str, str]
    dimensions: Mapping[str, str]
    ieep: Mapping[str, KnownLine]
    is_own: bool = False
    kinds: Mapping[str, NodeKind] = field(default_factory=dict)
    direct: frozenset[str] = frozenset()
    deep: frozenset[str] = frozenset()
    tops: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    addressees: Mapping[str, Structure] = field(default_factory=dict)

    def indicator(self, label: str) -> KnownIndicator | None:
        """The known indicator that a printed label stands for."""
        known = self.pack.indicators
        if not has_name(label):
            return None
        if (name := slug(label)) in known:
            return KnownIndicator(known[name], Match.EXACT)
        alias = self.alias(label, "node")
        if alias and slug(alias) in known:
            return KnownIndicator(known[slug(alias)], Match.ALIAS)
        near = next((item for key, item in known.items() if is_misspelt(name, key)), None)
        return None if near is None else KnownIndicator(near, Match.NEAR)

    def is_indicator(self, label: str) -> bool:
        """Whether a label is that of a known indicator."""
        return self.indicator(label) is not None

    def is_part(self, label: str) -> bool:
        """Whether a label is that of a known sub-dimension."""
        return has_name(label) and slug(label) in self.parts

    def is_direct(self, label: str) -> bool:
        """Whether the plan of the file has a leaf of this label below a dimension or at the top, and no group of it."""
        return self.is_own and has_name(label) and slug(label) in self.direct and not self.is_part(label)

    def is_top(self, label: str) -> bool:
        """Whether the plan of the file has a leaf of this label at the top, and nothing else of it."""
        return self.is_direct(label) and slug(label) in self.tops and slug(label) not in self.dimensions

    def is_unseen(self, label: str) -> bool:
        """Whether the plan of the file has a weight without content under this label."""
        return self.is_direct(label) and slug(label) in self.unseen

    def is_below_part(self, label: str) -> bool:
        """Whether the plan of the file has an indicator of this label below a group, and no group of it."""
        return self.is_own and has_name(label) and slug(label) in self.deep and not self.is_part(label)

    def kind(self, label: str, usual: NodeKind) -> NodeKind:
        """The kind of a group in the plan of the file, else the `usual` one."""
        return self.kinds.get(slug(label), usual) if self.is_own and has_name(label) else usual

    def addressee(self, printed: str) -> Structure | None:
        """The structure that the plan of the file addresses in these words."""
        return self.addressees.get(printed.casefold()) if self.is_own else None

    @property
    def titles(self) -> Mapping[str, str]:
        """Titles of columns by what they are of, as the plan words them."""
        words = self.pack.sheet_words.values()
        return {title.casefold(): name for own in words for name, title in own.columns.items()}

    @property
    def said_again(self) -> frozenset[str]:
        """Titles of annexes that say again what the plan of the file holds: lines, risks, tables, phases, money."""
        if not self.is_own:
            return frozenset()
        forms = {AnnexForm.LINES, AnnexForm.RISKS, AnnexForm.TABLE, AnnexForm.PHASES}
        words = self.pack.sheet_words.values()
        titles = [annex.title for own in words for annex in own.annexes if annex.form in forms]
        titles += [one.label for one in self.pack.money.values()]
        titles += [wording.word("annex", "phases", language) for language in wording.languages()]
        return frozenset(title.casefold() for title in titles)

    def structural(self, label: str) -> tuple[str, Match] | None:
        """The known label of a dimension or sub-dimension that a printed one stands for."""
        known = {**self.parts, **self.dimensions}
        name = slug(label)
        if name in known:
            return known[name], Match.EXACT
        if alias := self.alias(label, "node"):
            return alias, Match.ALIAS
        near = next((text for key, text in known.items() if is_misspelt(name, key)), None)
        return None if near is None else (near, Match.NEAR)

    def alias(self, label: str, kind: str) -> str:
        """What a listed spelling variant stands for, empty if there is none; capitals do not matter."""
        wanted = label.casefold()
        return next((a.canonical for a in self.pack.aliases if a.kind == kind and a.printed.casefold() == wanted), "")


def is_misspelt(name: str, known: str) -> bool:
    """Whether two slugs differ by a slip in one or two words; words of other figures are other words.

    >>> is_misspelt("indice_defluso", "indice_deflusso"), is_misspelt("gestione_privata", "gestione_pubblica")
    (True, False)
    """
    if name.replace("_", "") == known.replace("_", ""):
        return True
    words, others = name.split("_"), known.split("_")
    if len(words) != len(others):
        return False
    different = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    return len(different) <= _MOST_DIFFERENT_WORDS and all(_alike(a, b) for a, b in different)


def _alike(word: str, other: str) -> bool:
    """Two spellings of one word: long enough, same first letter, one or two letters apart."""
    if min(len(word), len(other)) < _SHORTEST_MISSPELT or word.isdigit() or other.isdigit() or word[0] != other[0]:
        return False
    is_inflected = word[:-1] == other[:-1]
    return not is_inflected and difflib.SequenceMatcher(None, word, other).ratio() >= _ALIKE


@cache
def known_lookups() -> Lookups:
    """The lookups of the shipped pack, read once."""
    return lookups(load_pack(find_pack(shipped().pack)))


def lookups(pack: Pack, *, is_own: bool = False) -> Lookups:
    """Look-ups over a pack: labels of its sheets and templates, and the lines of its IEEP tables."""
    trees = [sheet.tree for sheet in pack.sheets.values()] + list(pack.templates.values())
    placed = [(node, len(above)) for tree in trees for node, above in with_ancestors(tree)]
    groups = [(node, depth) for node, depth in placed if node.kind not in _LEAVES]
    below = [(slug(node.label), depth) for node, depth in placed if node.kind in _LEAVES]
    return Lookups(
        pack,
        {slug(n.label): n.label for n, depth in groups if depth},
        {slug(n.label): n.label for n, depth in groups if not depth},
        dict(_ieep_lines(pack)),
        is_own,
        {slug(n.label): n.kind for n, _ in groups},
        frozenset(name for name, depth in below if depth <= 1),
        frozenset(name for name, depth in below if depth > 1),
        frozenset(name for name, depth in below if not depth),
        frozenset(slug(n.label) for n, _ in placed if not n.is_at_hand),
        dict(_addressees(pack)),
    )


def _addressees(pack: Pack) -> Iterator[tuple[str, Structure]]:
    """Structures by the line below the title of their sheets; of two in the same words, the one with a sheet."""
    versions = sorted(pack.organisation.versions, key=lambda version: version.id in pack.sheets)
    for version in versions:
        words = pack.sheet_words.get(version.kind)
        text = words.addressee_of(version.label) if words else version.label
        yield text.casefold(), version


def _ieep_lines(pack: Pack) -> Iterator[tuple[str, KnownLine]]:
    """Lines of every table that has the columns of an IEEP tree, by key of their label, variants too."""
    wanted = ("line_code", "parent_code", "level", "sign_in_parent", "label")
    variants = {alias.canonical: alias.printed for alias in pack.aliases}
    for table in pack.tables.values():
        if not set(wanted) <= set(table.columns):
            continue
        at = [table.columns.index(column) for column in wanted]
        for row in table.rows:
            code, parent, level, sign, label = (row[index] for index in at)
            line = KnownLine(code, parent, int(level or 0), int(sign or 1))
            yield line_key(label), line
            if label in variants:
                yield line_key(variants[label]), line
