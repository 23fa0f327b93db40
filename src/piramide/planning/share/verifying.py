"""Is a plan what it says: its flow rebuilt from its moves, its stages added up, its proof checked in whole numbers.

The solver is not asked for the plan again; nothing of the answer is taken for granted but its problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np

from piramide.planning.problem import THOUSAND, Problem
from piramide.planning.rules.every import first_broken
from piramide.planning.share.answer import plan_id
from piramide.planning.share.choices import choose
from piramide.planning.share.flow import is_balanced, is_possible, proves
from piramide.planning.share.network import Key, Network, Whole, Windows, network_of
from piramide.planning.share.pairs import Move
from piramide.planning.share.reading import problem_of
from piramide.planning.share.sharing import NONE, stages_of

PARTS: Final = ("plan", "moves", "stages", "certificate", "worst_days", "rules")
"""What can differ: the seal, the amounts, their sums, the proof, the worst office, a rule that does not hold."""


def difference_of(raw: bytes, answer: bytes) -> str:
    """The first of `PARTS` in which a kept answer is not the best of its problem; empty when it is.

    Raises `Refusal` when the problem itself cannot be read.
    """
    problem = problem_of(raw, "problem.json")
    try:
        body: dict[str, Any] = json.loads(answer)
        exact: dict[str, Any] = json.loads(answer, parse_float=Decimal)
        return next(_differing(problem, raw, body, exact), "")
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return PARTS[0]


def _differing(problem: Problem, raw: bytes, body: dict[str, Any], exact: dict[str, Any]) -> Iterator[str]:
    if body["plan"] != plan_id(raw, body):
        yield "plan"
    if body["status"] == NONE:
        if not problem.has_choices or not choose(problem).is_impossible:
            yield "rules"
        return
    values = {stage["name"]: Fraction(stage["value"]) for stage in exact["stages"]}
    worst = values.pop("worst_days", None)
    windows = _windows(problem, body["certificate"].get("choices", []))
    network = network_of(problem, worst=worst, windows=windows)
    moves = [_move(row) for row in exact["moves"]]
    flow = _flow(problem, network, moves, exact["own"])
    if flow is None or not is_balanced(network, flow):
        yield "moves"
        return
    if first_broken(problem, _done(moves, exact["own"])):
        yield "rules"
    if {name: Fraction(points, THOUSAND) for name, points in stages_of(network, flow, moves).items()} != values:
        yield "stages"
    known = {tuple(node): at for at, node in enumerate(exact["certificate"]["nodes"])}
    order = [known[node] for node in network.nodes]
    if not proves(network, flow, np.array(exact["certificate"]["potentials"], dtype=np.int64)[order]):
        yield "certificate"
    is_asked = problem.rules.worst_first
    is_lower = worst is not None and is_possible(problem, int(worst * THOUSAND) - 1, windows)
    if is_asked != (worst is not None) or is_lower:
        yield "worst_days"


def _windows(problem: Problem, rows: list[list[Any]]) -> Windows:
    """The choices that a plan keeps to, none where no rule asks for any. Raises `ValueError` for other arcs."""
    windows: dict[Key, tuple[int, int]] = {}
    for kind, office, family, low, high in rows if problem.has_choices else ():
        if kind not in {"send", "take", "own"} or type(low) is not int or type(high) is not int:
            raise ValueError(kind)
        windows[kind, office, family] = low, high
    return windows


def _done(moves: list[Move], own: list[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    done = {(row["office"], row["family"], row["office"]): _thousandths(row["points"]) for row in own}
    for move in moves:
        cell = (move.owner, move.family, move.worker)
        done[cell] = done.get(cell, 0) + move.points
    return done


def _thousandths(value: Decimal | int) -> int:
    return int(Fraction(value) * THOUSAND)


def _move(row: dict[str, Any]) -> Move:
    return Move(row["from"], row["to"], row["family"], _thousandths(row["points"]), row["rung"])


def _flow(problem: Problem, network: Network, moves: list[Move], own: list[dict[str, Any]]) -> Whole | None:
    """The flow that moves and own work stand for; none where one goes where no arc is, or by another rung."""
    at = {key: index for index, key in enumerate(network.keys)}
    flow = np.zeros(len(network.keys), dtype=np.int64)
    left = dict(problem.workload)
    ways: list[tuple[list[Key], tuple[str, str], int]] = []
    for row in own:
        office, family = row["office"], row["family"]
        keys: list[Key] = [("own", office, family)]
        keys += [] if (office, family) in problem.factors else [("hours", office)]
        ways.append((keys, (office, family), _thousandths(row["points"])))
    for move in moves:
        if move.owner == move.worker or move.rung != _rung(problem, move):
            return None
        ways.append((list(_way(problem, move)), (move.owner, move.family), move.points))
    for keys, cell, points in ways:
        if points <= 0 or cell not in left or any(key not in at for key in keys):
            return None
        flow[[at[key] for key in keys]] += points
        left[cell] -= points
    return flow if _stay(problem, flow, at, left) else None


def _stay(problem: Problem, flow: Whole, at: dict[Key, int], left: dict[tuple[str, str], int]) -> bool:
    """Let what is left stay, within the ceilings first; false where more was worked than there is."""
    there: dict[tuple[str, str], int] = {}
    for (office, family), points in left.items():
        if points < 0:
            return False
        if points:
            flow[at["keep", office, family]] = points
            cell = (office, problem.group_of[family])
            there[cell] = there.get(cell, 0) + points
    for cell, points in there.items():
        ceiling = problem.ceilings[cell].points
        within = points if ceiling is None else min(points, ceiling)
        for kind, amount in (("waiting", within), ("over", points - within)):
            if amount and (kind, *cell) not in at:
                return False
            if amount:
                flow[at[kind, *cell]] = amount
    return True


def _rung(problem: Problem, move: Move) -> str:
    owner, worker = problem.offices[move.owner], problem.offices[move.worker]
    if owner.province == worker.province:
        return "province"
    return "region" if owner.region == worker.region else "outside"


def _way(problem: Problem, move: Move) -> Iterator[Key]:
    owner, worker = problem.offices[move.owner], problem.offices[move.worker]
    yield ("send", move.owner, move.family)
    if owner.province != worker.province:
        yield ("rise", owner.province, move.family)
        yield ("fall", worker.province, move.family)
    if owner.region != worker.region:
        yield ("leave", owner.region, move.family)
        yield ("enter", worker.region, move.family)
    yield ("take", move.worker, move.family)
    if (move.worker, move.family) not in problem.factors:
        yield from (("lend", move.worker), ("hours", move.worker))
