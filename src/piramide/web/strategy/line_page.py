"""The page of a line: where it stands, what carries it, structure by structure, and what these are for besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from piramide.cycle.chain import Carried, State
from piramide.methodology.chain import ChainLevel, ChainLine, ObjectiveRisk, RegisterEntry
from piramide.methodology.model import Act
from piramide.web.charts.chart import Chart
from piramide.web.results.purposes import Purpose, purposes_of
from piramide.web.strategy.lines import ONE, STATES, Count, LineShown, counts, line_shown
from piramide.web.strategy.pictures import picture_of_line
from piramide.web.strategy.shown import ShownChain


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """A node or a project that carries the line: how it stands, where it leads, the other lines it carries.

    `address` explains its figure, `project` is the page of the project; empty where there is none.
    """

    item: Carried
    address: str
    project: str
    entry: RegisterEntry | None
    sign: str
    state: str | Promise
    others: tuple[LineShown, ...]
    risks: tuple[ObjectiveRisk, ...]


@dataclass(frozen=True, slots=True)
class CarrierGroup:
    """What carries the line in one structure."""

    label: str
    address: str
    rows: tuple[CarrierRow, ...]


@dataclass(frozen=True, slots=True)
class LinePage:
    """Everything the page of a line says."""

    line: ChainLine
    level: ChainLevel
    act: Act | None
    above: tuple[LineShown, ...]
    below: tuple[LineShown, ...]
    carriers: int
    standing: tuple[Count, ...]
    groups: tuple[CarrierGroup, ...]
    purposes: tuple[Purpose, ...]
    picture: Chart | None

    @property
    def kind(self) -> str:
        """What its level calls its kind; the kind itself where it does not say."""
        told = self.level.kinds.get(self.line.kind)
        return told.label if told else self.line.kind

    @property
    def has_days(self) -> bool:
        """Whether the register says from when to when of any of them."""
        return any(row.entry and (row.entry.start or row.entry.end) for group in self.groups for row in group.rows)

    @property
    def has_others(self) -> bool:
        """Whether any of them carries other lines too."""
        return any(row.others for group in self.groups for row in group.rows)

    @property
    def structures(self) -> int:
        """How many structures carry the line."""
        return len(self.groups)


def line_page(shown: ShownChain, line: ChainLine) -> LinePage:
    """The page of a line."""
    carrying, carries = shown.chain.carrying, shown.chain.carries(line.id)
    above = tuple(line_shown(shown, one) for one in carrying.at_or_above(line.id) if one.id != line.id)
    return LinePage(
        line,
        shown.pack.chain.levels[line.level],
        shown.pack.acts.get(line.citation.act),
        above,
        tuple(line_shown(shown, one) for one in carrying.below(line.id)),
        len(carries),
        counts(carries),
        tuple(_groups(shown, line, carries)),
        tuple(purposes_of(carrying, ((one.structure, one.node) for one in carries))),
        picture_of_line(shown, line, carries),
    )


def _groups(shown: ShownChain, line: ChainLine, carries: tuple[Carried, ...]) -> Iterator[CarrierGroup]:
    by_structure: dict[str, list[Carried]] = {}
    for one in carries:
        by_structure.setdefault(one.structure, []).append(one)
    risks: dict[tuple[str, str], list[ObjectiveRisk]] = {}
    for risk in shown.pack.chain.risks:
        risks.setdefault((risk.structure, risk.node), []).append(risk)
    for structure, items in by_structure.items():
        rows = tuple(_row(shown, line, item, tuple(risks.get((item.structure, item.node), ()))) for item in items)
        yield CarrierGroup(shown.structures.get(structure, structure), shown.of_structure(structure), rows)


def _row(shown: ShownChain, line: ChainLine, item: Carried, risks: tuple[ObjectiveRisk, ...]) -> CarrierRow:
    carrying = shown.chain.carrying
    entry = carrying.entry((item.structure, item.node))
    own = {line.id, *(one.id for one in carrying.at_or_above(line.id))}
    others = (one for one in carrying.lines_of(item.structure, item.node) if one.id not in own)
    state = item.state or State.NOT_SCORED
    return CarrierRow(
        item,
        shown.of_node(item.structure, item.scored_by),
        shown.of_project(item.structure, item.node) if entry else "",
        entry,
        STATES[state][0],
        ONE[state],
        tuple(line_shown(shown, one) for one in others if line.id not in one.under),
        risks,
    )
