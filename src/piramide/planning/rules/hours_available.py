"""An office works with the hours it has."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always, by_worker


def most(problem: Problem, office: str) -> int:
    """Thousandths of a point that the hours of an office do."""
    return problem.offices[office].capacity


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    taken = by_worker(problem, done, lent_alone=False)
    yield from (office for office, points in taken.items() if points > most(problem, office))


RULE = Rule("hours_available", "Σ_{i,f} done(i,f,j) / factor(j,f) ≤ capacity(j)", always, _broken)
