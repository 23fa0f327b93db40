"""What would have to give where something stays above a target: the least of each rule, all the others held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from piramide.planning.problem import THOUSAND, Cell, Problem
from piramide.planning.rules import change_cap, families_at_most, lot
from piramide.planning.share.flow import best_flow
from piramide.planning.share.network import RELAXABLE, STAGES, Network, network_of
from piramide.planning.share.program import SLACK, Program

_SHARE: Final = 12
"""Part of the time of a plan that one kind of relaxation may take beside it."""
_DROPPED: Final = (lot.RULE, change_cap.RULE, families_at_most.RULE)
"""Rules that are left out whole, to see what would stay above the targets without them."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Thousandths of a point by which a rule has to give; `of` is the group or the family, if it has one.

    Of a rule that is left out whole, without an office: by how much less stays above the targets then.
    """

    rule: str
    office: str
    of: str
    points: int


def relaxations_of(problem: Problem, over: dict[Cell, int], seconds: float) -> list[Relaxation]:
    """The least by which targets, hours, competence or protection, each alone, would have to give.

    And what lots, a cap on change and few families keep above the targets, each alone.
    """
    found = [Relaxation("target", office, group, points) for (office, group), points in sorted(over.items())]
    for rule in RELAXABLE:
        network = network_of(problem, relaxing=rule)
        given: dict[tuple[str, str], int] = {}
        for at, points in _least(problem, network, seconds):
            _, _, office, *family = network.keys[at]
            cell = (office, family[0] if family else "")
            given[cell] = given.get(cell, 0) + points
        found += [Relaxation(rule, office, family, points) for (office, family), points in sorted(given.items())]
    found += _dropped(problem, sum(over.values()), seconds)
    return found


def _least(problem: Problem, network: Network, seconds: float) -> Iterator[tuple[int, int]]:
    """Arcs of the relaxed rule along which something flows, and how much; none where it alone is not enough.

    Where the time goes before the least under lots and caps is proved, the least without them.
    """
    if problem.has_choices:
        program = Program(problem, network)
        costs = program.stage_costs(STAGES[0])
        found = program.solver().least(costs, seconds / _SHARE)
        is_proved = found.amounts is not None and found.value - found.bound <= SLACK
        if found.amounts is not None and is_proved:
            amounts = {at: ceil(found.amounts[at] * THOUSAND - SLACK * THOUSAND) for at in costs}
            yield from ((at, points) for at, points in amounts.items() if points > 0)
        if is_proved or found.is_impossible or problem.factors:
            return
    flow = best_flow(network)
    if flow is not None:
        for at in np.flatnonzero(flow).tolist():
            if network.keys[at][0] == "relax":
                yield at, int(flow[at])


def _dropped(problem: Problem, over: int, seconds: float) -> Iterator[Relaxation]:
    for rule in _DROPPED:
        if rule.is_held(problem):
            program = Program(problem, network_of(problem), frozenset({rule.name}))
            found = program.solver().least(program.stage_costs(STAGES[0]), seconds / _SHARE)
            less = over - ceil(found.value * THOUSAND - SLACK * THOUSAND) if found.amounts is not None else 0
            if less > 0:
                yield Relaxation(rule.name, "", "", less)


def least_change(problem: Problem, seconds: float) -> list[Relaxation]:
    """By how much the cap on change would have to rise, office by office, for any plan to hold it."""
    program = Program(problem, network_of(problem))
    columns = program.let_change()
    found = program.solver().least(dict.fromkeys(columns.values(), 1.0), seconds / _SHARE)
    if found.amounts is None:
        return []
    points = {office: ceil(found.amounts[at] * THOUSAND - SLACK * THOUSAND) for office, at in columns.items()}
    return [Relaxation(change_cap.RULE.name, office, "", more) for office, more in points.items() if more > 0]
