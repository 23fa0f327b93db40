"""What sharing the work of a nation costs, beside the same plan as a linear program of pairs and of hubs in bare HiGHS.

    .venv-bench/bin/python -m bench.plan_share             116 offices, 40 families; 280 families; the worst first
    .venv-bench/bin/python -m bench.plan_share --rivals    also both linear programs, on the same problem
    .venv-bench/bin/python -m bench.plan_share --lots      lots, few families, a cap on change, learning, at 40 families

Run from the root of the repository. Processor seconds; the programs take the stages as costs 1000, 10, 3, 1 and 0.01.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar
from unittest.mock import patch

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from piramide.planning.problem import Problem
from piramide.planning.share import choices
from piramide.planning.share.answer import answer_of
from piramide.planning.share.flow import best_flow, potentials
from piramide.planning.share.network import COST, Network, Whole, network_of
from piramide.planning.share.prices import prices_of
from piramide.planning.share.reading import problem_of
from piramide.planning.share.sharing import share_work
from piramide.planning.share.verifying import difference_of

OFFICES: Final = 116
PROVINCES: Final = 90
REGIONS: Final = 20
T = TypeVar("T")
RULES: Final[dict[str, dict[str, object]]] = {
    "lots of 50": {"lot": 50},
    "lots of 100": {"lot": 100},
    "few": {"at_most_families": 5},
    "change": {"change_at_most": 300},
    "learning": {},
}
SOME: Final = 0.1
MINUTE: Final = 60.0
WEIGHT: Final = {"over": 1000.0, "outside": 10.0, "region": 3.0, "province": 1.0, "waiting": 0.01}


def invented(families: int, *, worst_first: bool = False, seed: int = 1) -> bytes:
    """A nation short of hours: some offices have less than their targets need, others more."""
    chance = random.Random(seed)  # noqa: S311 - a problem that comes again with its seed
    offices, works, ceilings = [], [], []
    for number in range(OFFICES):
        name, province = f"o{number}", chance.randrange(PROVINCES) if number >= PROVINCES else number
        points = [round(chance.lognormvariate(5, 1) * 40 / families, 3) for _ in range(families)]
        total, speed = sum(points), round(chance.uniform(0.79, 1), 3)
        works += [{"office": name, "family": f"f{at}", "workload": one} for at, one in enumerate(points)]
        stays = {"points": round(total * chance.uniform(0.1, 0.4), 3), "received_12_months": round(total * 4)}
        ceilings.append({"office": name, "group": "g", **stays})
        place = {"province": f"p{province}", "region": f"r{province % REGIONS}"}
        hours = round(total * chance.uniform(0.45, 0.95), 2)
        offices.append({"id": name, **place, "hours": hours, "points_per_hour": speed})
    groups = [{"id": "g", "families": [f"f{at}" for at in range(families)]}]
    body: dict[str, Any] = {"format": 1, "month": "2025-01", "offices": offices, "groups": groups, "work": works}
    return json.dumps(body | {"ceilings": ceilings, "rules": {"worst_first": worst_first}}).encode()


def taken(what: Callable[..., T], *given: object) -> tuple[T, float]:
    """What a call gives, and its processor seconds."""
    start = time.process_time()
    answer = what(*given)
    return answer, time.process_time() - start


def hubs(network: Network) -> float:
    """The least cost of the network as a linear program, in thousandths of a point."""
    digits = {COST[name]: weight for name, weight in WEIGHT.items()} | {0: 0.0}
    digits |= {COST["region"] - COST["province"]: WEIGHT["region"] - WEIGHT["province"]}
    digits |= {COST["outside"] - COST["region"]: WEIGHT["outside"] - WEIGHT["region"]}
    arcs = np.arange(len(network.keys))
    ones = np.ones(len(arcs))
    rows, columns = np.concatenate([network.tail, network.head]), np.concatenate([arcs, arcs])
    balance = csr_array((np.concatenate([ones, -ones]), (rows, columns)))
    cost = [digits[each] for each in network.cost.tolist()]
    limits = np.column_stack([np.zeros(len(arcs)), network.capacity])
    return float(linprog(cost, A_eq=balance, b_eq=network.supply, bounds=limits, method="highs").fun)


def pairs(problem: Problem) -> float:
    """The least cost with a variable for each owner, family and worker, in thousandths of a point."""
    names, cells = list(problem.offices), list(problem.workload)
    count, kinds = len(names), len(cells)
    at = {name: place for place, name in enumerate(names)}
    owner = np.array([at[office] for office, _ in cells])
    cell, worker = np.repeat(np.arange(kinds), count), np.tile(np.arange(count), kinds)
    province = np.array([problem.offices[name].province for name in names])
    region = np.array([problem.offices[name].region for name in names])
    home = np.repeat(owner, count)
    near, close = province[home] == province[worker], region[home] == region[worker]
    rung = np.where(near, WEIGHT["province"], np.where(close, WEIGHT["region"], WEIGHT["outside"]))
    cost = np.concatenate([np.where(home == worker, 0, rung), np.full(count, WEIGHT["over"])])
    cost = np.concatenate([cost, np.full(count, WEIGHT["waiting"])])
    done, lent = np.arange(len(cell)), np.flatnonzero(home != worker)
    work = np.array([problem.workload[each] for each in cells])
    there = np.bincount(owner, weights=work, minlength=count)
    rows = [cell, kinds + worker, kinds + count + worker[lent], kinds + 2 * count + home]
    columns = [done, done, lent, done]
    limits = (rows, columns)
    most = np.concatenate([work, [one.capacity for one in problem.offices.values()], list(problem.free().values())])
    size, offices = len(cost), np.arange(count)
    above = csr_array(
        (np.ones(sum(map(len, rows[:3]))), (np.concatenate(limits[0][:3]), np.concatenate(limits[1][:3]))),
        shape=(kinds + 2 * count, size),
    )
    stays = np.concatenate([home, offices, offices])
    kept = np.concatenate([done, len(done) + offices, len(done) + count + offices])
    equal = csr_array((np.ones(len(stays)), (stays, kept)), shape=(count, size))
    ceilings = [problem.ceilings[name, "g"].points for name in names]
    ends = np.concatenate([np.full(len(done) + count, np.inf), np.array(ceilings, dtype=float)])
    bounds = np.column_stack([np.zeros(size), ends])
    found = linprog(cost, A_ub=above, b_ub=most, A_eq=equal, b_eq=there, bounds=bounds, method="highs")
    return float(found.fun)


def main() -> None:
    """Print a line for each part and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--lots", action="store_true")
    given = parser.parse_args()
    rivals: bool = given.rivals
    if given.lots:
        for kind in RULES:
            with_choices(kind)
        return
    for families, worst in ((40, False), (40, True), (280, False)):
        one_size(families, worst_first=worst, rivals=rivals and families == 40 and not worst)


def asked(kind: str) -> bytes:
    """The nation with rules that no flow holds."""
    chance = random.Random(1)  # noqa: S311 - a problem that comes again with its seed
    body = json.loads(invented(40))
    cells = [(row["office"], row["family"]) for row in body["work"]]
    body["rules"] |= RULES[kind]
    if kind == "change":
        some = [cell for cell in cells if chance.random() < SOME / 2]
        body["rules"]["last_month"] = [
            {"office": office, "family": family, "points": round(chance.uniform(0, 30), 3)} for office, family in some
        ]
    if kind == "learning":
        some = [cell for cell in cells if chance.random() < SOME]
        body["competence"] = {
            "default": True,
            "factors": [{"office": office, "family": family, "factor": 0.5} for office, family in some],
        }
    return json.dumps(body).encode()


def with_choices(kind: str) -> None:
    """Print what choices cost, how far from the best they can be, and what it takes to verify them."""
    raw = asked(kind)
    problem = problem_of(raw, "bench")
    solves: list[float] = []

    def counted(network: Network) -> Whole | None:
        flow, seconds = taken(best_flow, network)
        solves.append(seconds)
        return flow

    with patch.object(choices, "best_flow", counted):
        choices.choose(problem, 0.0)
        first = len(solves)
    print(f"{kind}: first answer after {first} solves, {sum(solves):.2f} s")
    start = time.monotonic()
    sharing, seconds = taken(share_work, problem, MINUTE)
    answer = answer_of(sharing, raw)
    gap = answer["optimality_gap"]
    clock = time.monotonic() - start
    print(f"  whole plan {seconds:.1f} s, {clock:.1f} s by the clock; {sharing.status}, gap {gap:.5%}")
    difference, checking = taken(difference_of, raw, json.dumps(answer).encode())
    print(f"  verified {not difference} in {checking:.2f} s; {len(sharing.windows)} choices")


def one_size(families: int, *, worst_first: bool, rivals: bool) -> None:
    """Print what one nation costs, part by part."""
    problem, reading = taken(problem_of, invented(families, worst_first=worst_first), "bench")
    network, drawing = taken(network_of, problem)
    flow, solving = taken(best_flow, network)
    assert flow is not None
    _, proving = taken(potentials, network, flow)
    sharing, whole = taken(share_work, problem)
    _, pricing = taken(lambda: list(prices_of(sharing)))
    print(f"{families} families{', worst first' if worst_first else ''}: {len(network.keys)} arcs")
    print(f"  read {reading:.3f}  network {drawing:.3f}  flow {solving:.3f}  certificate {proving:.3f}")
    print(f"  prices {pricing:.3f}  whole plan with relaxations {whole:.3f}")
    print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if rivals:
        ours = sum(WEIGHT[name] * points for name, points in sharing.stages().items())
        for name, (least, spent) in (("hubs", taken(hubs, network)), ("pairs", taken(pairs, problem))):
            times = f"{spent:.2f}, {spent / solving:.1f} times the flow"
            print(f"  {name} in HiGHS {times}; cost {least / ours:.9f} of ours")


if __name__ == "__main__":
    main()
