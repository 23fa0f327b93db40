"""All the rules of work sharing, those that every plan holds first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from piramide.planning.problem import Problem
from piramide.planning.rules import (
    change_cap,
    competence,
    families_at_most,
    hours_available,
    hours_lent,
    lot,
    one_way,
    target,
    work_there_is,
)
from piramide.planning.rules.rule import Done, Rule

RULES: Final[tuple[Rule, ...]] = (
    work_there_is.RULE,
    hours_available.RULE,
    hours_lent.RULE,
    competence.RULE,
    target.RULE,
    one_way.RULE,
    lot.RULE,
    change_cap.RULE,
    families_at_most.RULE,
)


def held(problem: Problem) -> Iterator[Rule]:
    """The rules that a problem has."""
    yield from (rule for rule in RULES if rule.is_held(problem))


def first_broken(problem: Problem, done: Done) -> str:
    """The first rule that a plan breaks, all but targets, which it may count points above; empty if none."""
    return next(
        (rule.name for rule in held(problem) if rule is not target.RULE and any(rule.broken(problem, done))), ""
    )
