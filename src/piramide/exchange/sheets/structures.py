"""Which structure a sheet is of, from the line under its title."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from piramide.exchange.sheets.imported import UsedAlias
from piramide.exchange.sheets.lookups import Lookups, is_misspelt
from piramide.kernel.findings import Finding, Place
from piramide.kernel.organisation import Structure
from piramide.methodology.loading.shipped import KindInPrint, shipped
from piramide.methodology.printing.tokens import slugged

_ROLE: Final = re.compile(
    r"\s*[-–—,:]\s*(?:il\s+|la\s+)?(?:direttore|direttrice|dirigente|coordinatore|coordinatrice|responsabile)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Prefix:
    """How sheets name structures of a kind; `short` opens their labels in the pack."""

    pattern: re.Pattern[str]
    of: KindInPrint


def _prefix(of: KindInPrint) -> _Prefix:
    pattern = rf"^(?:{of.pattern})(?=[\s.:'’-]|$)[\s.:-]*(?:d(?:i|el|ella|ell['’])\s*)?"
    return _Prefix(re.compile(pattern, re.IGNORECASE), of)


_SHEETS: Final = shipped().sheets
_PREFIXES: Final = tuple(_prefix(one) for one in _SHEETS.structures)


@dataclass(frozen=True, slots=True)
class FoundStructure:
    """The structure of a sheet, the spelling that was used for it, and what was odd."""

    structure: Structure
    aliases: tuple[UsedAlias, ...]
    findings: tuple[Finding, ...]


def find_structure(printed: str, place: Place, lookups: Lookups, file: str) -> FoundStructure:
    """The structure that a printed line names, known or new.

    A spelling that is not the known label is a finding (SH015, SH027); a structure that is not known at all gets
    the slug of what is printed (SH026), and the name of the file where nothing is printed (SH028).
    """
    addressed = lookups.addressee(printed)
    if addressed is not None:
        return FoundStructure(addressed, (), ())
    name = _ROLE.sub("", printed).strip(" -–—*:")
    if not slugged(name):
        structure = _new(file, lookups)
        return FoundStructure(structure, (), (Finding("SH028", place, structure.id, {"id": structure.id}),))
    known = _by_alias(name, lookups)
    if known is not None:
        return _found(name, known, place, "SH015")
    kind, bare = _kind(name)
    candidates = [s for s in lookups.pack.organisation.versions if s.additive and kind in {"", s.kind}]
    wanted = slugged(bare)
    for code, is_same in _LIKENESSES:
        matching = {s.id: s for s in candidates if is_same(wanted, slugged(_bare(s)))}
        if len(matching) == 1:
            return _found(name, next(iter(matching.values())), place, code)
    structure = _new(name, lookups)
    fields = {"id": structure.id, "printed": name}
    return FoundStructure(structure, (), (Finding("SH026", place, name, fields),))


def _by_alias(name: str, lookups: Lookups) -> Structure | None:
    canonical = lookups.alias(name, "structure")
    return next((s for s in lookups.pack.organisation.versions if canonical and s.label == canonical), None)


def _kind(name: str) -> tuple[str, str]:
    """Kind that the prefix says, and the name without it."""
    for prefix in _PREFIXES:
        if match := prefix.pattern.match(name):
            return prefix.of.kind, name[match.end() :]
    return "", name


def _bare(structure: Structure) -> str:
    kind, bare = _kind(structure.label)
    return bare if kind == structure.kind else structure.label


def _opens(name: str, known: str) -> bool:
    """Whether a short name is the beginning of a known one, word by word, slips allowed.

    >>> _opens("trenino", "trentino_alto_adige"), _opens("risorse", "pensioni")
    (True, False)
    """
    words, others = name.split("_"), known.split("_")[: len(name.split("_"))]
    return len(others) == len(words) and all(a == b or is_misspelt(a, b) for a, b in zip(words, others, strict=True))


_LIKENESSES: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    ("SH015", operator.eq),
    ("SH027", is_misspelt),
    ("SH027", _opens),
)
"""From the same name to a likely one, with the finding that each is worth."""


def _found(name: str, structure: Structure, place: Place, code: str) -> FoundStructure:
    before = {word for one in _SHEETS.structures for word in (one.printed, one.short * (one.kind == structure.kind))}
    if name in {f"{word} {structure.label}".strip() for word in before | {""}}:
        return FoundStructure(structure, (), ())
    fields = {"printed": name, "label": structure.label, "id": structure.id}
    return FoundStructure(
        structure, (UsedAlias(name, structure.label, "structure"),), (Finding(code, place, name, fields),)
    )


def _new(name: str, lookups: Lookups) -> Structure:
    """A structure that no pack knows, under the directorate-general if it is central, else under the nation."""
    kind, bare = _kind(name)
    said = next((one for one in _SHEETS.structures if one.kind == kind), None)
    short = said.short if said else ""
    label = f"{short} {bare}".strip() if kind else name
    is_central = not (said and said.territory) and _SHEETS.central in set(lookups.pack.organisation.ids())
    above = _SHEETS.central if is_central else _SHEETS.nation
    return Structure(slugged(label) or "struttura", label, kind or _SHEETS.other_kind, above)
