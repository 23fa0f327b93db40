"""An office lends what is left after its own targets, and nothing when it is protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always, by_worker


def most(problem: Problem) -> Mapping[str, int]:
    """Thousandths of capacity that each office can lend."""
    return problem.free()


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    taken, free = by_worker(problem, done, lent_alone=True), most(problem)
    yield from (office for office, points in taken.items() if points > free[office])


RULE = Rule("hours_lent", "Σ_{i≠j,f} done(i,f,j) / factor(j,f) ≤ free(j)", always, _broken)
