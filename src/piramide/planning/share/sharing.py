"""The best plan of a problem, with its stages, its proof, what an hour is worth and what would have to give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from piramide.kernel.findings import refuse
from piramide.planning.problem import THOUSAND, Cell, Problem
from piramide.planning.share.choices import SECONDS, WORST, Choice, choose
from piramide.planning.share.flow import best_flow, least_worst, potentials
from piramide.planning.share.network import STAGES, Network, Whole, Windows, amounts_along, network_of
from piramide.planning.share.pairs import Move, moves_of
from piramide.planning.share.relaxing import Relaxation, least_change, relaxations_of

OPTIMAL: Final = "optimal"
FEASIBLE: Final = "feasible"
NONE: Final = "none"
SPLIT: Final = Fraction(1, 2)
"""Part of the credit that stays with the owner under the rule `split`."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Resolved over received of an office before and after the moves, under one rule of credit."""

    office: str
    rule: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class Sharing:
    """A plan: amounts in thousandths of a point, `worst_days` in days if it was asked for.

    `bounds` say what no plan falls short of, in thousandths; `windows` the choices that the flow and its certificate
    keep to. The status is `optimal`, `feasible` where the time went before the proof, or `none` without any plan.
    """

    problem: Problem
    network: Network
    flow: Whole
    worst_days: Fraction | None
    certificate: Whole
    own: dict[Cell, int]
    over: dict[Cell, int]
    moves: list[Move]
    relaxations: list[Relaxation]
    bounds: Mapping[str, Fraction]
    windows: Windows
    status: str = OPTIMAL

    def stages(self) -> dict[str, int]:
        """Thousandths of a point by stage, the first to be kept low first."""
        return stages_of(self.network, self.flow, self.moves)


def share_work(problem: Problem, seconds: float | None = None) -> Sharing:
    """Find the best plan in the order of the stages; where rules ask for choices, in so many seconds.

    Raises `Refusal` (PN013) where the solver cannot hold it.
    """
    if not problem.has_choices:
        worst = least_worst(problem) if problem.rules.worst_first else None
        network = network_of(problem, worst=worst)
        flow = best_flow(network)
        if flow is None:
            raise refuse("PN013")
        return _told(problem, Choice({}, None if worst is None else int(worst * THOUSAND), network, flow), None, 0)
    seconds = SECONDS if seconds is None else seconds
    chosen = choose(problem, seconds)
    if chosen.choice is not None:
        return _told(problem, chosen.choice, chosen.bounds, seconds)
    network = network_of(problem)
    nothing = np.zeros(len(network.keys), dtype=np.int64)
    proof = np.zeros(len(network.nodes), dtype=np.int64)
    least = least_change(problem, seconds)
    return Sharing(problem, network, nothing, None, proof, {}, {}, [], least, chosen.bounds, {}, NONE)


def _told(problem: Problem, choice: Choice, bounds: Mapping[str, Fraction] | None, seconds: float) -> Sharing:
    network, flow = choice.network, choice.flow
    over = amounts_along(network, flow, "over")
    moves = moves_of(problem, network, flow)
    worst = {} if choice.worst is None else {WORST: choice.worst}
    values = {name: Fraction(value) for name, value in (worst | stages_of(network, flow, moves)).items()}
    bounds = values if bounds is None else {name: min(bounds[name], value) for name, value in values.items()}
    return Sharing(
        problem,
        network,
        flow,
        None if choice.worst is None else Fraction(choice.worst, THOUSAND),
        potentials(network, flow),
        amounts_along(network, flow, "own"),
        over,
        moves,
        relaxations_of(problem, over, seconds) if over else [],
        bounds,
        choice.windows,
        OPTIMAL if bounds == values else FEASIBLE,
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
