"""What one more hour, one more point of a target, or a competence more changes, for real, and in which stage.

An hour and a target are priced by the cheapest residual ways through the network that one more of them opens; a
competence by solving again with it, where the certificate does not already say that nothing can come of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from piramide.planning.problem import Problem
from piramide.planning.share.choices import stages_along
from piramide.planning.share.flow import FAR, best_flow, by_stage, distances_from
from piramide.planning.share.network import COST, SINK, STAGES, Network, Node, Whole, network_of
from piramide.planning.share.sharing import Sharing

HOURS: Final = "hours_available"
TARGET: Final = "target"
COMPETENCE: Final = "competence"
MOST_COMPETENCES: Final = 200_000
"""Arcs of the networks solved again to price competences, added up: of more, those that bring most."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one more hour, point of a target, or competence changes in a stage, in points; `of` is group or family."""

    rule: str
    office: str
    of: str
    stage: str
    value: Fraction


def prices_of(sharing: Sharing) -> Iterator[Price]:
    """What more of a rule changes at each office, in each stage that it changes: points, less being better."""
    problem, priced = sharing.problem, _Priced(sharing)
    for owner, group in problem.ceilings:
        for stage, points in by_stage(priced.target(owner, group)):
            yield Price(TARGET, owner, group, stage, Fraction(points))
    if not problem.has_choices:
        yield from _competences(sharing)
    for name, office in problem.offices.items():
        if office.points_per_hour:
            for stage, points in by_stage(priced.hour(name)):
                yield Price(HOURS, name, "", stage, points * office.points_per_hour)


class _Priced:
    """The cheapest ways through what the plan leaves free."""

    def __init__(self, sharing: Sharing) -> None:
        self.problem, self.network, self.flow = sharing.problem, sharing.network, sharing.flow
        self.at = {name: index for index, name in enumerate(self.network.nodes)}
        self.along = dict(zip(self.network.keys, self.flow.tolist(), strict=True))
        self.most = dict(zip(self.network.keys, self.network.capacity.tolist(), strict=True))
        self.from_sink = self._from(SINK)
        self.needs, self.free = self.problem.efforts(), self.problem.free()
        self.there: dict[tuple[str, str], int] = {}
        self.families: dict[tuple[str, str], list[str]] = {}
        for (office, family), points in self.problem.workload.items():
            cell = (office, self.problem.group_of[family])
            self.there[cell] = self.there.get(cell, 0) + points
            self.families.setdefault(cell, []).append(family)

    def _from(self, node: Node) -> Whole:
        return distances_from(self.network, self.flow, self.at[node])

    def _far(self, distance: Whole, node: Node) -> int:
        return int(distance[self.at[node]]) if node in self.at else FAR

    def _lends(self, office: str) -> bool:
        """Whether what an office can lend grows with what its targets leave."""
        is_free = self.problem.offices[office].capacity >= self.needs[office]
        return is_free and office not in self.problem.rules.protected

    def hour(self, office: str) -> int:
        """What one more point of capacity costs, below zero where it helps."""
        doors = [("own", office)]
        doors += [("lend", office)] if self._lends(office) else []
        return min(0, *(self._far(self.from_sink, door) for door in doors))

    def target(self, office: str, group: str) -> int:
        """What one more point of a ceiling costs: what stays is above no more, and its own need is a point less."""
        ceiling = self.problem.ceilings[office, group].points
        if ceiling is None or ceiling >= self.there[office, group]:
            return 0
        stay, own, lend = ("stay", office, group), ("own", office), ("lend", office)
        to_stay = self._far(self.from_sink, stay)
        within = COST["waiting"] + to_stay if to_stay < FAR else 0
        is_open = self.along.get(("lend", office), 0) < self.free[office] or not self._lends(office)
        if is_open or lend not in self.at:
            return min(0, within)
        if (office, group) in self._learned():  # its need falls by more or less than a point
            return 0
        to_lend = self._far(self.from_sink, lend)
        if self._is_level(office, group) and self.along.get(("waiting", office, group), 0):
            return min(0, within, COST["waiting"] + to_lend if to_lend < FAR else 0)
        from_own = self._from(own)
        lends = min(0, self._far(from_own, lend))
        back = self._far(from_own, stay)
        both = COST["waiting"] + to_lend + back if max(to_lend, back) < FAR else 0
        return min(min(0, within) + lends, both)

    def _is_level(self, office: str, group: str) -> bool:
        """Whether work at home and work that stays can be exchanged either way, one for one."""
        return any(
            self.along.get(("own", office, family), 0) and self.along.get(("keep", office, family), 0)
            for family in self.families[office, group]
        )

    def _learned(self) -> set[tuple[str, str]]:
        return {(office, self.problem.group_of[family]) for office, family in self.problem.factors}


def _competences(sharing: Sharing) -> Iterator[Price]:
    """What knowing a family changes, whole: the stages of the plan solved again, less those of this one."""
    problem, network = sharing.problem, sharing.network
    promising = sorted(_promising(problem, network, sharing.certificate), reverse=True)
    before = stages_along(network, sharing.flow)
    for _, office, family in promising[: max(1, MOST_COMPETENCES // max(1, len(network.keys)))]:
        learned = replace(problem, exceptions=problem.exceptions ^ {(office, family)})
        again = network_of(learned, worst=sharing.worst_days)
        flow = best_flow(again)
        after = before if flow is None else stages_along(again, flow)
        for stage in STAGES:
            if after[stage] != before[stage]:
                yield Price(COMPETENCE, office, family, stage, Fraction(after[stage] - before[stage], 1000))


def _promising(problem: Problem, network: Network, certificate: Whole) -> Iterator[tuple[int, str, str]]:
    """Competences that the certificate does not exclude, and at most how much they can bring."""
    potential = dict(zip(network.nodes, certificate.tolist(), strict=True))
    free = problem.free()
    totals: dict[str, int] = {}
    for (_, family), points in problem.workload.items():
        totals[family] = totals.get(family, 0) + points
    for name, office in problem.offices.items():
        for family, total in totals.items():
            if problem.can(name, family):
                continue
            hub: Node = ("province", office.province, family)
            ways: list[tuple[Node, Node, int]] = [
                (("work", name, family), ("own", name), problem.workload.get((name, family), 0))
            ]
            if (name, family) not in problem.rules.quality_below:
                ways.append((hub, ("lend", name), min(free[name], total)))
            gain = sum(
                most * (potential[head] - potential[tail])
                for tail, head, most in ways
                if tail in potential and head in potential and potential[head] > potential[tail]
            )
            if gain > 0:
                yield gain, name, family
