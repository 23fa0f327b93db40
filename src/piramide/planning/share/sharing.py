"""The best plan of a problem, with its stages, its proof, what an hour is worth and what would have to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from piramide.kernel.findings import refuse
from piramide.planning.share.flow import FAR, best_flow, by_stage, distances_from, least_worst, potentials
from piramide.planning.share.network import RELAXABLE, SINK, STAGES, Network, Whole, network_of
from piramide.planning.share.pairs import Move, moves_of
from piramide.planning.share.problem import Cell, Problem

SPLIT: Final = Fraction(1, 2)
"""Part of the credit that stays with the owner under the rule `split`."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one more hour of an office changes in a stage, in points."""

    office: str
    stage: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Thousandths of a point by which a rule has to give; `of` is the group or the family, if it has one."""

    rule: str
    office: str
    of: str
    points: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Resolved over received of an office before and after the moves, under one rule of credit."""

    office: str
    rule: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Sharing:
    """A plan, proved the best: amounts in thousandths of a point, `worst_days` in days if it was asked for."""

    problem: Problem
    network: Network
    flow: Whole
    worst_days: Fraction | None
    certificate: Whole
    own: dict[Cell, int]
    over: dict[Cell, int]
    moves: list[Move]
    relaxations: list[Relaxation]

    def stages(self) -> dict[str, int]:
        """Thousandths of a point by stage, the first to be kept low first."""
        return stages_of(self.network, self.flow, self.moves)


def share_work(problem: Problem) -> Sharing:
    """Find the best plan in the order of the stages. Raises `Refusal` (PN013) where the solver cannot hold it."""
    worst = least_worst(problem) if problem.rules.worst_first else None
    network = network_of(problem, worst=worst)
    flow = best_flow(network)
    if flow is None:
        raise refuse("PN013")
    over = _amounts(network, flow, "over")
    return Sharing(
        problem,
        network,
        flow,
        worst,
        potentials(network, flow),
        _amounts(network, flow, "own"),
        over,
        moves_of(problem, network, flow),
        _relaxations(problem, over) if over else [],
    )


def stages_of(network: Network, flow: Whole, moves: list[Move]) -> dict[str, int]:
    """Thousandths of a point by stage: above the ceilings, moved by rung, left within the ceilings."""
    stages = dict.fromkeys(STAGES, 0)
    for key, points in zip(network.keys, flow.tolist(), strict=True):
        if key[0] in {"over", "waiting"}:
            stages[key[0]] += points
    for move in moves:
        stages[move.rung] += move.points
    return stages


def _amounts(network: Network, flow: Whole, kind: str) -> dict[Cell, int]:
    return {
        (key[1], key[2]): points
        for key, points in zip(network.keys, flow.tolist(), strict=True)
        if key[0] == kind and points
    }


def prices_of(sharing: Sharing) -> Iterator[Price]:
    """What one more hour changes at each office, in each stage that it changes: points, less being better."""
    problem, network = sharing.problem, sharing.network
    distance = distances_from(network, sharing.flow, network.nodes.index(SINK))
    at = {name: index for index, name in enumerate(network.nodes)}
    needs = problem.needs()
    for name, office in problem.offices.items():
        doors = [("own", name)]
        if office.capacity >= needs[name] and name not in problem.rules.protected:
            doors.append(("lend", name))
        nearest = min((int(distance[at[door]]) for door in doors if door in at), default=FAR)
        if nearest < 0 and office.points_per_hour:
            for stage, points in by_stage(nearest):
                yield Price(name, stage, points * office.points_per_hour)


def _relaxations(problem: Problem, over: dict[Cell, int]) -> list[Relaxation]:
    """The least by which targets, hours, competence or protection, each alone, would have to give."""
    found = [Relaxation("target", office, group, points) for (office, group), points in sorted(over.items())]
    for rule in RELAXABLE:
        network = network_of(problem, relaxing=rule)
        flow = best_flow(network)
        if flow is None:
            continue
        given: dict[tuple[str, str], int] = {}
        for at in np.flatnonzero(flow).tolist():
            if network.keys[at][0] == "relax":
                _, _, office, *family = network.keys[at]
                cell = (office, family[0] if family else "")
                given[cell] = given.get(cell, 0) + int(flow[at])
        found += [Relaxation(rule, office, family, points) for (office, family), points in sorted(given.items())]
    return found


def credit_of(sharing: Sharing) -> Iterator[Credit]:
    """The clearance of each office before and after the moves, under every rule of credit."""
    problem = sharing.problem
    for name, received in problem.received.items():
        known = sum(
            points
            for (office, family), points in problem.workload.items()
            if office == name and problem.can(name, family)
        )
        before = Fraction(min(problem.offices[name].capacity, known), received)
        own = sum(points for (office, _), points in sharing.own.items() if office == name)
        helped = sum(move.points for move in sharing.moves if move.owner == name)
        lent = sum(move.points for move in sharing.moves if move.worker == name)
        competence, work = Fraction(own + helped, received), Fraction(own + lent, received)
        split = SPLIT * competence + (1 - SPLIT) * work
        after = {"own": Fraction(own, received), "competence": competence, "work": work, "split": split}
        for rule, clearance in after.items():
            yield Credit(name, rule, before, clearance)
