"""An office does not give and take the same family at once."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.planning.problem import Problem
from piramide.planning.rules.rule import Done, Rule, always, lent


def _broken(problem: Problem, done: Done) -> Iterator[str]:
    del problem
    taken = lent(done)
    for (owner, family, worker), points in done.items():
        if owner != worker and points and (owner, family) in taken:
            yield owner


RULE = Rule("one_way", "Σ_{j≠i} done(i,f,j) = 0 or Σ_{j≠i} done(j,f,i) = 0", always, _broken)
