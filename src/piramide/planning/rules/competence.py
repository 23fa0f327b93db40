"""Who knows a family works it, at home too; where quality is below its budget, at home alone."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always


def allows(problem: Problem, office: str, family: str, *, at_home: bool) -> bool:
    """Whether an office may work a family, its own or that of others."""
    return problem.can(office, family) if at_home else problem.may_take(office, family)


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    for (owner, family, worker), points in done.items():
        if points and not allows(problem, worker, family, at_home=owner == worker):
            yield worker


RULE = Rule("competence", "done(i,f,j) = 0 unless can(j,f)", always, _broken)
