"""What objectives and projects are for, besides the lines they carry: outcomes, stakeholders, goals, money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.methodology.carried import Carrier, Carrying
from piramide.methodology.chain import LinkKind

_TITLES: Final[dict[LinkKind, str | Promise]] = {
    LinkKind.OUTCOME: _("Esiti attesi"),
    LinkKind.STAKEHOLDER: _("Portatori di interesse"),
    LinkKind.SDG: _("Obiettivi di sviluppo sostenibile"),
    LinkKind.CHAPTER: _("Capitoli di spesa"),
}
"""What is linked besides lines, in the order in which pages tell it."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What some nodes and projects are linked to, of one kind, each once."""

    title: str | Promise
    names: tuple[str, ...]


def purposes_of(carrying: Carrying, carriers: Iterable[Carrier]) -> Iterator[Purpose]:
    """What nodes and projects are for, by kind; nothing of a kind to which none is linked."""
    found: dict[LinkKind, dict[str, None]] = {}
    for structure, node in carriers:
        for link in carrying.ways_up(structure, node):
            found.setdefault(link.kind, {})[link.to] = None
    yield from (Purpose(title, tuple(found[kind])) for kind, title in _TITLES.items() if kind in found)
