"""What every rule of work sharing says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from piramide.kernel.wording import word
from piramide.planning.problem import Problem

Done = Mapping[tuple[str, str, str], int]
"""Thousandths of a point by owner, family and the office that works them, at home too."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, inequality, page, whether a problem has it at all, and the offices where a plan breaks it."""

    name: str
    inequality: str
    is_held: Callable[[Problem], bool]
    broken: Callable[[Problem, Done], Iterable[str]]

    @property
    def sentence(self) -> str:
        """What it asks, in the language of the reader."""
        return word("sharing_rule", self.name)

    @property
    def page(self) -> str:
        """Where it is explained, from the folder of the documents."""
        return f"how-to/share-work.md#{self.name}"


def always(problem: Problem) -> bool:
    """Every problem has the rule."""
    del problem
    return True


def by_worker(problem: Problem, done: Done, *, lent_alone: bool) -> dict[str, Fraction]:
    """Thousandths of capacity that each office takes for what it works, or for what it works of others."""
    taken = dict.fromkeys(problem.offices, Fraction(0))
    for (owner, family, worker), points in done.items():
        if not lent_alone or owner != worker:
            taken[worker] += points / problem.factors.get((worker, family), Fraction(1))
    return taken


def lent(done: Done) -> dict[tuple[str, str], int]:
    """Thousandths of a point by worker and family, of others alone."""
    found: dict[tuple[str, str], int] = {}
    for (owner, family, worker), points in done.items():
        if owner != worker and points:
            found[worker, family] = found.get((worker, family), 0) + points
    return found
