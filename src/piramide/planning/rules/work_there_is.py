"""Nobody works what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always


def most(problem: Problem, office: str, family: str) -> int:
    """Thousandths of a point that can be worked of a family of an office."""
    return problem.workload.get((office, family), 0)


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    total: dict[tuple[str, str], int] = {}
    for (owner, family, _), points in done.items():
        total[owner, family] = total.get((owner, family), 0) + points
    yield from (office for (office, family), points in total.items() if points > most(problem, office, family))


RULE = Rule("work_there_is", "Σ_j done(i,f,j) ≤ workload(i,f)", always, _broken)
