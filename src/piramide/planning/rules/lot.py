"""What is given or taken of a family is never too small to be worth it."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, lent


def least(problem: Problem) -> int:
    """Fewest thousandths of a point of a family that an office gives or takes, if any."""
    return problem.rules.lot


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    given: dict[tuple[str, str], int] = {}
    for (owner, family, worker), points in done.items():
        if owner != worker and points:
            given[owner, family] = given.get((owner, family), 0) + points
    for side in (given, lent(done)):
        yield from (office for (office, _), points in side.items() if points < least(problem))


RULE = Rule(
    "lot",
    "Σ_{j≠i} done(i,f,j) and Σ_{i≠j} done(i,f,j) are 0 or ≥ lot",
    lambda problem: problem.rules.lot > 0,
    _broken,
)
