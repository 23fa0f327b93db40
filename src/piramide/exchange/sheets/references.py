"""From a printed reference (`Obiettivi 2024 - Pag. 27`) to the act and the place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from piramide.exchange.sheets.notes import act_id
from piramide.methodology.model import Act, Citation

_PAGE: Final = re.compile(r"\bpag(?:g|ine|ina)?\b\.?\s*(?:n\.\s*)?", re.IGNORECASE)
_PARAGRAPH: Final = re.compile(r"\b(?:paragrafo|par)\b\.?\s*", re.IGNORECASE)
_JOIN: Final = re.compile(r"\s+[-–—]\s+|\s*[,:]\s+|(?<=\d)\s*[-–—]\s*(?=[A-Za-z])")
_OPENS_PLACE: Final = re.compile(
    r"\s+(?=(?:(?:pag\w*|par\w*|allegato|slide)\b|all\.|art\.|cap\.|pp?\.|§))", re.IGNORECASE
)
_AFTER_WORD: Final = re.compile(r"(?<=\w)(?<!^)\s+p\. ")


@dataclass(frozen=True, slots=True)
class Reference:
    """The first act a reference names, with the place; further acts close the place. No note states `unknown` ones."""

    citation: Citation
    unknown: tuple[Act, ...] = ()


def read_reference(text: str, acts: Mapping[str, Act], year: int, fallback: str) -> Reference:
    """Read a reference; one that names a place alone is in `fallback`.

    >>> acts = {"obiettivi_2024": Act("obiettivi_2024", "Obiettivi 2024"), "piao_2024": Act("piao_2024", "PIAO")}
    >>> read_reference("PIAO - pag. 40 e segg.; Obiettivi 2024 - pag. 63", acts, 2024, "").citation
    Citation(act='piao_2024', place='p. 40 e segg.; Obiettivi 2024, p. 63')
    >>> read_reference("Obiettivi 2024 - Allegato 1 Tabelle Pag. 9", acts, 2024, "").citation.place
    'Allegato 1 Tabelle, p. 9'
    """
    cited: list[tuple[str, str, str]] = []
    unknown: dict[str, Act] = {}
    for piece in (piece.strip() for piece in text.split(";")):
        if not piece:
            continue
        label, place = _split(piece, acts)
        name = _known(label, acts, year) if label else (cited[-1][0] if cited else fallback)
        if name not in acts and label:
            unknown[name] = Act(name, label)
        cited.append((name, label, place))
    if not cited:
        return Reference(Citation(fallback))
    first, *others = cited
    rest = [", ".join(part for part in (label, place) if part) for _, label, place in others]
    return Reference(Citation(first[0], "; ".join(part for part in (first[2], *rest) if part)), tuple(unknown.values()))


def _split(piece: str, acts: Mapping[str, Act]) -> tuple[str, str]:
    """Label of the act and place in it; the label is empty when the piece is a place alone."""
    for act in sorted(acts.values(), key=lambda act: -len(act.label)):
        if act.label and re.match(rf"{re.escape(act.label)}(?!\w)", piece, re.IGNORECASE):
            return act.label, _place(piece[len(act.label) :].lstrip(" -–—,:"))
    if _OPENS_PLACE.match(f" {piece}"):
        return "", _place(piece)
    for pattern in (_JOIN, _OPENS_PLACE):
        if match := pattern.search(piece):
            return piece[: match.start()].strip(), _place(piece[match.end() :])
    return piece, ""


def _place(text: str) -> str:
    """A place in the words of the packs: `p. 27`, `par. 6.2.10`, `Allegato 1 Tabelle, p. 9`."""
    short = _PARAGRAPH.sub("par. ", _PAGE.sub("p. ", text.strip()))
    return _AFTER_WORD.sub(", p. ", short).strip()


def _known(label: str, acts: Mapping[str, Act], year: int) -> str:
    name = act_id(label, year)
    same = next((key for key, act in acts.items() if act.label.casefold() == label.casefold()), "")
    return same or name
