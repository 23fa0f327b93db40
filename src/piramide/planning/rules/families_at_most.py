"""An office works no more than so many families of others."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, lent


def most(problem: Problem) -> int | None:
    """Most families of others that an office works; none for any number."""
    return problem.rules.at_most_families


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    count, few = dict.fromkeys(problem.offices, 0), most(problem)
    for office, _ in lent(done):
        count[office] += 1
    yield from (office for office, families in count.items() if few is not None and families > few)


RULE = Rule(
    "families_at_most",
    "|{f : Σ_{i≠j} done(i,f,j) > 0}| ≤ n",
    lambda problem: problem.rules.at_most_families is not None,
    _broken,
)
