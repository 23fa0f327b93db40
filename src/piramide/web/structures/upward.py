"""The way up from a structure and from a node of its sheet: the lines of the chain that they carry."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from piramide.cycle.chain import ChainOfPlan
from piramide.methodology.chain import ChainLine, LinkKind
from piramide.methodology.model import Pack
from piramide.web.structures.shown import Shown


@dataclass(frozen=True, slots=True)
class LineAbove:
    """A line that something carries, with the page of it, and what its level is called."""

    code: str
    label: str
    level: str
    address: str


@dataclass(frozen=True, slots=True)
class Upward:
    """A node or a project of a sheet with the lines that it leads to, the highest first."""

    label: str
    code: str
    lines: tuple[LineAbove, ...]


def lines_above(shown: Shown, node: str) -> tuple[LineAbove, ...]:
    """The lines that a node leads to; none where the plan links none."""
    pack = shown.chosen.run.pack
    if not pack.chain.links:
        return ()
    found = ChainOfPlan(pack).carrying.lines_of(shown.structure, node)
    return tuple(_line(pack, line, shown) for line in found)


def ways_up(shown: Shown) -> tuple[Upward, ...]:
    """What of a structure the documents link to lines: nodes of its sheet, and entries of its register."""
    pack = shown.chosen.run.pack
    chain = ChainOfPlan(pack)
    named = dict.fromkeys(
        link.node for link in pack.chain.links if link.structure == shown.structure and link.kind is LinkKind.CHAIN
    )
    found = []
    for name in named:
        lines = tuple(_line(pack, line, shown) for line in chain.carrying.lines_of(shown.structure, name))
        is_entry = chain.carrying.entry((shown.structure, name)) is not None
        found.append(Upward(chain.carried((shown.structure, name)).label, name if is_entry else "", lines))
    return tuple(found)


def _line(pack: Pack, line: ChainLine, shown: Shown) -> LineAbove:
    address = reverse("strategy:line", args=[pack.id, line.id])
    level = pack.chain.levels[line.level].label
    return LineAbove(line.id, line.label, level, f"{address}?{shown.pinned}")
