"""The network of hubs: work flows to its own office, or up to a hub and down to one that lends, or stays.

    work(i,f) → own(i), or → province → region → nation → down → lend(j) → own(j) → sink
    work(i,f) → stay(i,g) → sink, within the ceiling or above it

Families keep apart in the hubs. A price in one stage outweighs whatever the later stages can change, so that one flow
is best in the order of `STAGES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.problem import THOUSAND, Problem
from piramide.planning.rules import competence, hours_available, hours_lent, target, work_there_is

STAGES: Final = ("over", "outside", "region", "province", "waiting")
BASE: Final = 1000
COST: Final[Mapping[str, int]] = {name: BASE ** (len(STAGES) - 1 - at) for at, name in enumerate(STAGES)}
MOST_OFFICES: Final = BASE // 2 - 1
"""A way through the network visits an office once: with more of them a stage could outweigh the one before it."""
RELAXABLE: Final = ("hours_available", "competence", "hours_lent")
"""Rules, beside the targets themselves, whose least breach can be asked for."""

Node = tuple[str, ...]
Key = tuple[str, ...]
Windows = Mapping[Key, tuple[int, int]]
"""Least and most thousandths of a point along arcs."""
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
    low: Whole
    """Least that flows along each arc."""


@dataclass(slots=True)
class _Drawing:
    """Nodes and arcs as they are found."""

    problem: Problem
    windows: Windows
    at: dict[Node, int] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    arcs: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def node(self, *name: str) -> int:
        return self.at.setdefault(name, len(self.at))

    def arc(self, key: Key, ends: tuple[Node, Node], most: int, cost: int = 0) -> None:
        low, high = self.windows.get(key, (0, most))
        if min(most, high) or low:
            self.keys.append(key)
            self.arcs.append((self.node(*ends[0]), self.node(*ends[1]), min(most, high), cost, low))

    def worked(self, key: Key, ends: tuple[Node, Node], most: int, cost: int = 0) -> None:
        """Draw what takes hours; where an office is learning, an amount settled before goes by its hours."""
        is_settled = key in self.windows and key[1:] in self.problem.factors
        self.arc(key, (ends[0], SINK) if is_settled else ends, most, cost)

    def settled(self, office: str, kinds: tuple[str, ...]) -> int:
        """Thousandths of capacity that amounts settled before take."""
        return sum(
            self.problem.effort(office, family, self.windows[kind, office, family][0])
            for (name, family) in self.problem.factors
            for kind in kinds
            if name == office and (kind, office, family) in self.windows
        )


def network_of(
    problem: Problem, *, worst: Fraction | None = None, relaxing: str = "", windows: Windows | None = None
) -> Network:
    """Draw the network; `worst` closes what is above so many days, `windows` keep arcs between least and most.

    `relaxing` names a rule that may be broken at the price of the first stage, while no target may.
    """
    drawing = _Drawing(problem, windows or {})
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
    arcs = np.array(drawing.arcs, dtype=np.int64).reshape(-1, 5)
    tail, head, capacity, cost, low = (np.ascontiguousarray(column) for column in arcs.T)
    return Network(tuple(drawing.at), tuple(drawing.keys), tail, head, capacity, cost, supply, low)


def _draw_work(drawing: _Drawing, relaxing: str) -> None:
    problem = drawing.problem
    for office, family in problem.workload:
        points = work_there_is.most(problem, office, family)
        work: Node = ("work", office, family)
        drawing.node(*work)
        hub: Node = ("province", problem.offices[office].province, family)
        drawing.arc(("send", office, family), (work, hub), points, COST["province"])
        drawing.arc(("keep", office, family), (work, ("stay", office, problem.group_of[family])), points)
        if competence.allows(problem, office, family, at_home=True):
            drawing.worked(("own", office, family), (work, ("own", office)), points)
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
    totals, needs, free = _totals(problem), problem.efforts(), hours_lent.most(problem)
    everything = sum(totals.values())
    for name, office in problem.offices.items():
        own: Node = ("own", name)
        lend: Node = ("lend", name)
        most = hours_available.most(problem, name)
        drawing.arc(("hours", name), (own, SINK), most - drawing.settled(name, ("own", "take")))
        drawing.arc(("lend", name), (lend, own), free[name] - drawing.settled(name, ("take",)))
        is_protected = name in problem.rules.protected
        if relaxing == "hours_available":
            drawing.arc(("relax", relaxing, name), (own, SINK), everything, COST["over"])
            if most >= needs[name] and not is_protected:
                drawing.arc(("lend", name), (lend, own), everything)
        if relaxing == "hours_lent" and is_protected:
            drawing.arc(("relax", relaxing, name), (lend, own), max(0, most - needs[name]), COST["over"])
        for family, total in totals.items():
            hub: Node = ("province", office.province, family)
            if competence.allows(problem, name, family, at_home=False):
                drawing.worked(("take", name, family), (hub, lend), total)
            elif relaxing == "competence" and not problem.can(name, family):
                drawing.arc(("relax", relaxing, name, family), (hub, lend), total, COST["over"])


def _draw_stays(drawing: _Drawing, worst: Fraction | None, *, closed: bool) -> None:
    there: dict[tuple[str, str], int] = {}
    for (office, family), points in drawing.problem.workload.items():
        cell = (office, drawing.problem.group_of[family])
        there[cell] = there.get(cell, 0) + points
    for (office, group), points in there.items():
        stay: Node = ("stay", office, group)
        within = target.within(drawing.problem, office, group, points)
        drawing.arc(("waiting", office, group), (stay, SINK), within, COST["waiting"])
        most = points - within
        if worst is not None:
            allowed = drawing.problem.ceilings[office, group].points_of(worst)
            most = most if allowed is None else min(most, allowed)
        drawing.arc(("over", office, group), (stay, SINK), 0 if closed else most, COST["over"])


def in_points(thousandths: int) -> float:
    """Thousandths of a point as points."""
    return thousandths / THOUSAND


def amounts_along(network: Network, flow: Whole, kind: str) -> dict[tuple[str, str], int]:
    """Thousandths of a point along the arcs of a kind, by office and family or group."""
    return {
        (key[1], key[2]): points
        for key, points in zip(network.keys, flow.tolist(), strict=True)
        if key[0] == kind and points
    }
