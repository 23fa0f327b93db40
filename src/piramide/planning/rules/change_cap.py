"""Plans do not swing: an office lends little more or less than it lent last month."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, lent


def before(problem: Problem, office: str, family: str) -> int:
    """Thousandths of a point of a family that an office worked of others last month."""
    return problem.rules.last_month.get((office, family), 0)


def most(problem: Problem) -> int | None:
    """Thousandths of a point by which an office may change, over its families; none for any."""
    return problem.rules.change_at_most


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    cap, now = most(problem), lent(done)
    for office in problem.offices:
        families = [(office, family) for family in problem.group_of]
        changed = sum(abs(now.get(cell, 0) - before(problem, *cell)) for cell in families)
        if cap is not None and changed > cap:
            yield office


RULE = Rule(
    "change_cap",
    "Σ_f |lent(j,f) − lent before(j,f)| ≤ cap",
    lambda problem: problem.rules.change_at_most is not None,
    _broken,
)
