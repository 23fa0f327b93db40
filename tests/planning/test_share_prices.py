"""A price is what solving again gives: an hour, a point of a target, a competence, by hand and on tiny problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from piramide.planning.problem import Problem
from piramide.planning.share.prices import prices_of
from piramide.planning.share.sharing import share_work
from tests.nightly import rounds
from tests.planning.share_problems import by_hand, read
from tests.planning.test_share_is_best import invented

Prices = dict[tuple[str, str, str], dict[str, Fraction]]
THOUSANDTH = Fraction(1, 1000)


def prices(problem: Problem) -> Prices:
    found: Prices = {}
    for price in prices_of(share_work(problem)):
        found.setdefault((price.rule, price.office, price.of), {})[price.stage] = price.value
    return found


def changed(problem: Problem, other: Problem) -> dict[str, int]:
    """Thousandths of a point by stage."""
    before, after = share_work(problem).stages(), share_work(other).stages()
    return {stage: after[stage] - before[stage] for stage in before if after[stage] != before[stage]}


def with_hours(problem: Problem, name: str, _: str) -> Problem:
    office = problem.offices[name]
    return replace(problem, offices={**problem.offices, name: replace(office, hours=office.hours + THOUSANDTH)})


def with_target(problem: Problem, name: str, group: str) -> Problem:
    ceiling = problem.ceilings[name, group]
    assert ceiling.points is not None
    return replace(problem, ceilings={**problem.ceilings, (name, group): replace(ceiling, points=ceiling.points + 1)})


def with_competence(problem: Problem, name: str, family: str) -> Problem:
    return replace(problem, exceptions=problem.exceptions ^ {(name, family)})


AGAIN: dict[str, tuple[Callable[[Problem, str, str], Problem], int]] = {
    "hours_available": (with_hours, 1),
    "target": (with_target, 1),
    "competence": (with_competence, 1000),
}


def test_a_point_of_a_target_has_its_price_on_both_sides() -> None:
    found = prices(read(by_hand()))

    assert found["target", "a", "g"] == {"outside": -1}
    assert found["target", "b", "g"] == {"outside": -1, "region": 1}
    assert ("target", "c", "g") not in found


def test_what_a_competence_brings_is_all_of_it() -> None:
    body = by_hand()
    body["competence"]["except"] = [{"office": "c", "family": "x"}]

    assert prices(read(body))["competence", "c", "x"] == {"over": -30, "outside": 10, "waiting": -15}


@pytest.mark.parametrize("seed", range(rounds(60, 500)))
def test_a_price_is_what_solving_again_gives(seed: int) -> None:
    problem = invented(seed, *((3, 1, 4) if seed % 2 else (3, 2, 6)))
    found = prices(problem)
    rows = [("hours_available", name, "") for name in problem.offices]
    rows += [("target", *cell) for cell, ceiling in problem.ceilings.items() if ceiling.points is not None]
    rows += [("competence", *cell) for cell in problem.exceptions]

    for row in rows:
        again, thousandths = AGAIN[row[0]]
        said = {stage: value * thousandths for stage, value in found.get(row, {}).items()}
        assert changed(problem, again(problem, *row[1:])) == said, row
