"""The best plan, found in two other ways: every plan of a tiny problem, and a linear program of pairs without hubs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from ortools.linear_solver import pywraplp

from piramide.planning.problem import Problem
from piramide.planning.rules.every import first_broken
from piramide.planning.share.flow import by_stage, proves
from piramide.planning.share.network import COST, STAGES
from piramide.planning.share.sharing import Sharing, share_work
from tests.nightly import rounds
from tests.planning.share_problems import body_of, ceiling, office, read, work


def invented(seed: int, offices: int, families: int, most: int) -> Problem:
    """Offices in a few provinces and regions with whole points, some without competence, one perhaps protected."""
    chance = random.Random(seed)  # noqa: S311 - a problem that comes again with its seed
    names, kinds = [f"o{n}" for n in range(offices)], [f"f{n}" for n in range(families)]
    places = []
    for name in names:
        province = chance.randrange(3)
        places.append(office(name, f"p{province}/r{province // 2}", chance.randrange(most + 2)))
    works = [work(name, kind, chance.randrange(most + 1)) for name in names for kind in kinds]
    ceilings = [ceiling(name, chance.choice([None, 0, 0, 1, most])) for name in names]
    body = body_of(places, works, ceilings, protected=chance.sample(names, chance.randrange(2)))
    unknown = [(name, kind) for name in names for kind in kinds if chance.random() < 0.2]
    body["competence"]["except"] = [{"office": name, "family": kind} for name, kind in unknown]
    return read(body)


def rung(problem: Problem, owner: str, worker: str) -> str:
    one, other = problem.offices[owner], problem.offices[worker]
    if one.province == other.province:
        return "province"
    return "region" if one.region == other.region else "outside"


def every_split(points: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Whole points over parts, some of them left over."""
    if not parts:
        yield ()
        return
    for first in range(points + 1):
        for others in every_split(points - first, parts - 1):
            yield (first, *others)


def least_of_all(problem: Problem) -> tuple[int, ...]:
    """The stages of the best of all plans in whole points."""
    names, free = list(problem.offices), problem.free()
    cells = [(cell, points // 1000) for cell, points in problem.workload.items()]
    best: tuple[int, ...] | None = None
    for splits in product(*(list(every_split(points, len(names))) for _, points in cells)):
        done, lent = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
        left = dict.fromkeys(names, 0)
        stages = dict.fromkeys(STAGES, 0)
        is_allowed = True
        for ((owner, family), points), split in zip(cells, splits, strict=True):
            left[owner] += points - sum(split)
            for worker, part in zip(names, split, strict=True):
                is_allowed &= not part or problem.can(worker, family)
                done[worker] += part
                if part and worker != owner:
                    lent[worker] += part
                    stages[rung(problem, owner, worker)] += part
        is_allowed &= all(1000 * done[name] <= problem.offices[name].capacity for name in names)
        if not is_allowed or any(1000 * lent[name] > free[name] for name in names):
            continue
        for name in names:
            most = problem.ceilings[name, "g"].points
            within = left[name] if most is None else min(left[name], most // 1000)
            stages["waiting"] += within
            stages["over"] += left[name] - within
        found = tuple(stages[name] for name in STAGES)
        best = found if best is None else min(best, found)
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(rounds(60, 500)))
def test_no_plan_of_a_tiny_problem_is_better(seed: int) -> None:
    problem = invented(seed, *((3, 1, 2) if seed % 2 else (2, 2, 2)))

    assert tuple(points // 1000 for points in share_work(problem).stages().values()) == least_of_all(problem)


def least_of_pairs(problem: Problem) -> dict[str, float]:
    """The stages one after the other, by a linear program with a variable for each owner, family and worker."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    free, names = problem.free(), list(problem.offices)
    hours = {cell: float(1 / factor) for cell, factor in problem.factors.items()}
    done = {
        (owner, family, worker): solver.NumVar(0, points, "")
        for (owner, family), points in problem.workload.items()
        for worker in names
        if problem.can(worker, family)
    }
    for cell, points in problem.workload.items():
        solver.Add(sum(done[key] for key in done if key[:2] == cell) <= points)
    for name, one in problem.offices.items():
        taken = {key: hours.get((name, key[1]), 1) * done[key] for key in done if key[2] == name}
        solver.Add(sum(taken.values()) <= one.capacity)
        solver.Add(sum(points for key, points in taken.items() if key[0] != name) <= free[name])
    terms = {name: solver.Sum([]) for name in STAGES}
    for (owner, _, worker), variable in done.items():
        if owner != worker:
            terms[rung(problem, owner, worker)] += variable
    for (name, group), limit in problem.ceilings.items():
        there = sum(points for (owner, _), points in problem.workload.items() if owner == name)
        most = there if limit.points is None else limit.points
        within, above = solver.NumVar(0, most, ""), solver.NumVar(0, solver.infinity(), "")
        assert group == "g"
        solver.Add(within + above + sum(done[key] for key in done if key[0] == name) == there)
        terms["waiting"] += within
        terms["over"] += above
    found: dict[str, float] = {}
    for name in STAGES:
        solver.Minimize(terms[name])
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        found[name] = solver.Objective().Value()
        solver.Add(terms[name] <= found[name] + 1e-6)
    return found


@pytest.mark.parametrize("seed", range(rounds(10, 60)))
def test_a_program_of_pairs_finds_the_same_stages(seed: int) -> None:
    problem = invented(1000 + seed, 8, 3, 40)
    sharing = share_work(problem)

    assert sharing.stages() == pytest.approx(least_of_pairs(problem), abs=0.01)
    assert proves(sharing.network, sharing.flow, sharing.certificate)


@pytest.mark.parametrize("seed", range(rounds(10, 60)))
def test_where_offices_are_learning_a_program_of_pairs_finds_the_same_stages(seed: int) -> None:
    problem = invented(2000 + seed, 8, 3, 40)
    chance = random.Random(seed)  # noqa: S311 - a problem that comes again with its seed
    factors = {cell: Fraction(chance.randrange(2, 9), 10) for cell in problem.workload if chance.random() < 0.25}
    problem = replace(problem, factors=factors)
    sharing = share_work(problem)

    assert sharing.status == "optimal"
    assert first_broken(problem, done_of(sharing)) == ""
    assert sharing.stages() == pytest.approx(least_of_pairs(problem), abs=2 * len(factors) + 1)


def done_of(sharing: Sharing) -> dict[tuple[str, str, str], int]:
    """Thousandths of a point by owner, family and the office that works them."""
    done = {(office, family, office): points for (office, family), points in sharing.own.items()}
    return done | {(move.owner, move.family, move.worker): move.points for move in sharing.moves}


def test_a_cost_says_its_stages() -> None:
    cost = -COST["outside"] + 2 * COST["region"] - 3

    assert list(by_stage(cost)) == [
        ("outside", -1),
        ("region", 2),
        ("waiting", -3),
    ]
