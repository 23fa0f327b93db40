"""The network of hubs: work flows to its own office, or up to a hub and down to one that lends, or stays.

    work(i,f) → own(i), or → province → region → nation → down → lend(j) → own(j) → sink
    work(i,f) → stay(i,g) → sink, within the ceiling or above it

Families keep apart in the hubs. A price in one stage outweighs whatever the later stages can change, so that one flow
is best in the order of `STAGES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.share.problem import THOUSAND, Problem

STAGES: Final = ("over", "outside", "region", "province", "waiting")
BASE: Final = 1000
COST: Final[Mapping[str, int]] = {name: BASE ** (len(STAGES) - 1 - at) for at, name in enumerate(STAGES)}
MOST_OFFICES: Final = BASE // 2 - 1
"""A way through the network visits an office once: with more of them a stage could outweigh the one before it."""
RELAXABLE: Final = ("hours_available", "competence", "hours_lent")
"""Rules, beside the targets themselves, whose least breach can be asked for."""

Node = tuple[str, ...]
Key = tuple[str, ...]
Whole = NDArray[np.int64]
SINK: Final[Node] = ("sink",)


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs as arrays in thousandths of a point, with the node names and what each arc means."""

    nodes: tuple[Node, ...]
    keys: tuple[Key, ...]
    tail: Whole
    head: Whole
    capacity: Whole
    cost: Whole
    supply: Whole


@dataclass(slots=True)
class _Drawing:
    """Nodes and arcs as they are found."""

    problem: Problem
    at: dict[Node, int] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    arcs: list[tuple[int, int, int, int]] = field(default_factory=list)

    def node(self, *name: str) -> int:
        return self.at.setdefault(name, len(self.at))

    def arc(self, key: Key, ends: tuple[Node, Node], most: int, cost: int = 0) -> None:
        if most > 0:
            self.keys.append(key)
            self.arcs.append((self.node(*ends[0]), self.node(*ends[1]), most, cost))


def network_of(problem: Problem, *, worst: Fraction | None = None, relaxing: str = "") -> Network:
    """Draw the network; `worst` closes what is above so many days.

    `relaxing` names a rule that may be broken at the price of the first stage, while no target may.
    """
    drawing = _Drawing(problem)
    _draw_work(drawing, relaxing)
    _draw_hubs(drawing)
    _draw_offices(drawing, relaxing)
    _draw_stays(drawing, worst, closed=bool(relaxing))
    drawing.node(*SINK)
    supply = np.zeros(len(drawing.at), dtype=np.int64)
    for (office, family), points in problem.workload.items():
        if points:
            supply[drawing.node("work", office, family)] = points
    supply[drawing.at[SINK]] = -supply.sum()
    arcs = np.array(drawing.arcs, dtype=np.int64).reshape(-1, 4)
    tail, head, capacity, cost = (np.ascontiguousarray(column) for column in arcs.T)
    return Network(tuple(drawing.at), tuple(drawing.keys), tail, head, capacity, cost, supply)


def _draw_work(drawing: _Drawing, relaxing: str) -> None:
    problem = drawing.problem
    for (office, family), points in problem.workload.items():
        work: Node = ("work", office, family)
        drawing.node(*work)
        hub: Node = ("province", problem.offices[office].province, family)
        drawing.arc(("send", office, family), (work, hub), points, COST["province"])
        drawing.arc(("keep", office, family), (work, ("stay", office, problem.group_of[family])), points)
        if problem.can(office, family):
            drawing.arc(("own", office, family), (work, ("own", office)), points)
        elif relaxing == "competence":
            drawing.arc(("relax", "competence", office, family), (work, ("own", office)), points, COST["over"])


def _totals(problem: Problem) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (_, family), points in problem.workload.items():
        totals[family] = totals.get(family, 0) + points
    return totals


def _draw_hubs(drawing: _Drawing) -> None:
    problem = drawing.problem
    regions = {office.province: office.region for office in problem.offices.values()}
    for family, total in _totals(problem).items():
        nation: Node = ("nation", family)
        for province, region in regions.items():
            below: Node = ("province", province, family)
            above: Node = ("region", region, family)
            drawing.arc(("rise", province, family), (below, above), total, COST["region"] - COST["province"])
            drawing.arc(("fall", province, family), (above, below), total)
        for region in dict.fromkeys(regions.values()):
            hub: Node = ("region", region, family)
            drawing.arc(("leave", region, family), (hub, nation), total, COST["outside"] - COST["region"])
            drawing.arc(("enter", region, family), (nation, hub), total)


def _draw_offices(drawing: _Drawing, relaxing: str) -> None:
    problem = drawing.problem
    totals, needs, free = _totals(problem), problem.needs(), problem.free()
    everything = sum(totals.values())
    for name, office in problem.offices.items():
        own: Node = ("own", name)
        lend: Node = ("lend", name)
        drawing.arc(("hours", name), (own, SINK), office.capacity)
        drawing.arc(("lend", name), (lend, own), free[name])
        is_protected = name in problem.rules.protected
        if relaxing == "hours_available":
            drawing.arc(("relax", relaxing, name), (own, SINK), everything, COST["over"])
            if office.capacity >= needs[name] and not is_protected:
                drawing.arc(("lend", name), (lend, own), everything)
        if relaxing == "hours_lent" and is_protected:
            drawing.arc(("relax", relaxing, name), (lend, own), office.capacity - needs[name], COST["over"])
        for family, total in totals.items():
            hub: Node = ("province", office.province, family)
            if problem.may_take(name, family):
                drawing.arc(("take", name, family), (hub, lend), total)
            elif relaxing == "competence" and not problem.can(name, family):
                drawing.arc(("relax", relaxing, name, family), (hub, lend), total, COST["over"])


def _draw_stays(drawing: _Drawing, worst: Fraction | None, *, closed: bool) -> None:
    for (office, group), ceiling, points in _stays(drawing.problem):
        stay: Node = ("stay", office, group)
        within = points if ceiling is None else min(points, ceiling)
        drawing.arc(("waiting", office, group), (stay, SINK), within, COST["waiting"])
        most = points - within
        if worst is not None:
            allowed = drawing.problem.ceilings[office, group].points_of(worst)
            most = most if allowed is None else min(most, allowed)
        drawing.arc(("over", office, group), (stay, SINK), 0 if closed else most, COST["over"])


def _stays(problem: Problem) -> Iterator[tuple[tuple[str, str], int | None, int]]:
    """Each office and group with work: its ceiling and all the work there, in thousandths."""
    there: dict[tuple[str, str], int] = {}
    for (office, family), points in problem.workload.items():
        cell = (office, problem.group_of[family])
        there[cell] = there.get(cell, 0) + points
    for cell, points in there.items():
        yield cell, problem.ceilings[cell].points, points


def in_points(thousandths: int) -> float:
    """Thousandths of a point as points."""
    return thousandths / THOUSAND
