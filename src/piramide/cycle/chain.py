"""The chain of a plan as people ask for it: where a line is, what carries it, how each stands, and what is loose.

A line has no index: it says how many of what carries it stand on target, below, not yet due, missing, not scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures
from piramide.cycle.runs.standing import FULL
from piramide.cycle.runs.store import Store
from piramide.kernel.figure import Figure
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.statuses import Status
from piramide.methodology.carried import Carrier, Carrying
from piramide.methodology.chain import ChainLine, LinkKind, ObjectiveRisk, RegisterEntry
from piramide.methodology.citation import Citation
from piramide.methodology.model import Node, Pack, RuleKind


class State(StrEnum):
    """How a node or a project stands in a run.

    `on_target`: its index is 100 or more; `below`: less; `not_due`: nothing of it is asked yet; `missing`: no complete
    index; `not_scored`: no sheet scores it.
    """

    ON_TARGET = "on_target"
    BELOW = "below"
    NOT_DUE = Status.NOT_DUE.value
    MISSING = Status.MISSING.value
    NOT_SCORED = "not_scored"


@dataclass(frozen=True, slots=True)
class Carried:
    """A node or a project that carries a line.

    `label` as the act prints it; `scored_by` is the node whose index tells how it stands, empty where no sheet scores
    it; `state` and `index` are those of the run, `None` where none is asked for.
    """

    structure: str
    node: str
    label: str
    scored_by: str
    state: State | None = None
    index: Figure | None = None


@dataclass(frozen=True, slots=True)
class WayUp:
    """A node or a project of a structure with the lines that it leads to, the highest first; `entry` of the register.

    `risks` are its own; `citation` is that of the entry, else of what links the node.
    """

    item: Carried
    lines: tuple[ChainLine, ...]
    entry: RegisterEntry | None
    risks: tuple[ObjectiveRisk, ...]
    citation: Citation


@dataclass(frozen=True)
class ChainOfPlan:
    """The chain of a plan with the labels of what carries it and, where `figures` of a run are given, how it stands."""

    pack: Pack
    figures: RunFigures | None = None

    @cached_property
    def carrying(self) -> Carrying:
        """The chain read from both ends."""
        return Carrying(self.pack)

    @cached_property
    def _nodes(self) -> Mapping[Carrier, Node]:
        return {(name, node.id): node for name, sheet in self.pack.sheets.items() for node in sheet.walk()}

    def carried(self, carrier: Carrier) -> Carried:
        """A node or a project with its label and how it stands."""
        structure, name = carrier
        entry = self.carrying.entry(carrier)
        node = self._nodes.get((structure, entry.node if entry else name))
        label = entry.label if entry else node.label if node else name
        scored_by = node.id if node and self._is_scored(node) else ""
        if self.figures is None:
            return Carried(structure, name, label, scored_by)
        index = self.figures.figure("index", structure, scored_by) if scored_by else None
        return Carried(structure, name, label, scored_by, self._state(structure, scored_by, index), index)

    def carries(self, code: str) -> tuple[Carried, ...]:
        """What carries a line, in the order of the links."""
        return tuple(self.carried(carrier) for carrier in self.carrying.carries[code])

    def ways_up(self, structure: str) -> tuple[WayUp, ...]:
        """What the documents link to a line of a structure, nodes first, and every entry of its register."""
        chain = self.pack.chain
        linked = [one.node for one in chain.links if one.structure == structure and one.kind is LinkKind.CHAIN]
        entries = [entry.id for entry in chain.register if entry.structure == structure]
        nodes = [node for node in linked if node not in set(entries)]
        return tuple(self._way_up(structure, name) for name in dict.fromkeys((*nodes, *entries)))

    def _way_up(self, structure: str, name: str) -> WayUp:
        risks = (risk for risk in self.pack.chain.risks if (risk.structure, risk.node) == (structure, name))
        lines, entry = self.carrying.lines_of(structure, name), self.carrying.entry((structure, name))
        links = self.carrying.ways_up(structure, name)
        citation = entry.citation if entry else next(link.citation for link in links if link.kind is LinkKind.CHAIN)
        return WayUp(self.carried((structure, name)), lines, entry, tuple(risks), citation)

    def line(self, code: str) -> ChainLine:
        """The line that a code stands for; refuses one that the plan does not hold (CY084)."""
        found = self.pack.chain.line(code)
        if found is None:
            near = ", ".join(nearest(code, self.pack.chain.lines)) or ", ".join(list(self.pack.chain.lines)[:5])
            raise refuse("CY084", Place(self.pack.id), code, near=near or "-")
        return found

    def as_json(self, code: str = "") -> dict[str, Any]:
        """The shape of the contract: every line, or the one called `code`; refuses an unknown one (CY084)."""
        lines = [self.line(code)] if code else list(self.pack.chain.lines.values())
        return {"levels": self._levels(), "lines": [self._line(line) for line in lines], "loose": self._loose()}

    def carried_of(self, level: str) -> int:
        """How many lines of a level something carries."""
        return sum(1 for line in self.pack.chain.of_level(level) if self.carrying.carries[line.id])

    def _is_scored(self, node: Node) -> bool:
        indicator = self.pack.indicators.get(node.indicator)
        return indicator is None or indicator.rule is not RuleKind.REPORT_ONLY

    def _state(self, structure: str, node: str, index: Figure | None) -> State:
        figures = self.figures
        row = figures.rows.get((structure, node)) if figures and node else None
        if figures is None or row is None:
            return State.NOT_SCORED
        if index is not None:
            return State.ON_TARGET if index.exact >= FULL else State.BELOW
        if figures.statuses[row] == Status.NOT_DUE or figures.figure("due", structure, node) == 0:
            return State.NOT_DUE
        return State.MISSING

    def _levels(self) -> list[dict[str, Any]]:
        chain = self.pack.chain
        return [
            {
                "id": level.id,
                "declared": level.declared,
                "listed": sum(1 for _ in chain.of_level(level.id)),
                "carried": self.carried_of(level.id),
            }
            for level in chain.levels.values()
        ]

    def _line(self, line: ChainLine) -> dict[str, Any]:
        carries = self.carries(line.id)
        return {
            "id": line.id,
            "level": line.level,
            "kind": line.kind,
            "label": line.label,
            "under": list(line.under),
            "carries": [{"structure": one.structure, "node": one.node} for one in carries],
            "standing": None if self.figures is None else {k.value: n for k, n in standing_of(carries).items()},
        }

    def _loose(self) -> dict[str, Any]:
        return {
            "lines": [line.id for line in self.carrying.loose_lines],
            "nodes": [{"structure": structure, "node": node} for structure, node in self.carrying.loose],
        }


def chain_in_run(pack: Pack, store: Store, prefix: str) -> ChainOfPlan:
    """The chain of a plan with how it stands in the run whose id starts with `prefix`.

    Refuses an unknown run, and one that was made with another plan (CY085).
    """
    run = store.run(prefix)
    if run.manifest["pack"] != pack.id:
        raise refuse("CY085", Place(run.id[:8]), pack.id, other=run.manifest["pack"])
    return ChainOfPlan(pack, OpenedRuns(store).figures(run.id))


def standing_of(carries: Iterable[Carried]) -> dict[State, int]:
    """How many stand how; every state is told, also that of none."""
    counted = Counter(one.state for one in carries)
    return {state: counted[state] for state in State}
