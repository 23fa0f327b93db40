"""What stays is within the target, or counted above it."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always


def within(problem: Problem, office: str, group: str, points: int) -> int:
    """How many of the thousandths of a point that stay are within the target."""
    ceiling = problem.ceilings[office, group].points
    return points if ceiling is None else min(points, ceiling)


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    stays = dict(problem.workload)
    for (owner, family, _), points in done.items():
        stays[owner, family] = stays.get((owner, family), 0) - points
    by_group: dict[tuple[str, str], int] = {}
    for (office, family), points in stays.items():
        cell = (office, problem.group_of[family])
        by_group[cell] = by_group.get(cell, 0) + points
    yield from (
        office for (office, group), points in by_group.items() if points > within(problem, office, group, points)
    )


RULE = Rule("target", "Σ_{f∈g} (workload − Σ_j done) − over(i,g) ≤ ceiling(i,g)", always, _broken)
