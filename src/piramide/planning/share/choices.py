"""Rules that no flow holds by itself: lots, a cap on change, few families, learning.

First a plan by flows alone: what is too small is forbidden, and the flow found again. Then the program from there,
stage by stage, each in its part of the time. Every choice that it makes is turned into least and most amounts along
arcs, and the best flow between them is found in whole thousandths.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from math import ceil, floor
from typing import Final

import numpy as np

from piramide.planning.problem import THOUSAND, Cell, Problem
from piramide.planning.rules import change_cap, families_at_most
from piramide.planning.rules import lot as lots
from piramide.planning.share.flow import best_flow, by_stage, least_worst
from piramide.planning.share.network import STAGES, Key, Network, Whole, Windows, amounts_along, network_of
from piramide.planning.share.program import GIVES, SLACK, TAKES, Amounts, Program

WORST: Final = "worst_days"
SECONDS: Final = 60.0
"""Time for the choices of a plan unless another is asked for."""
_NEAR: Final = 1e-7
_MOST: Final = 2**60
_SOON: Final = 20
Stages = dict[str, int]
"""Thousandths of a point, or of a day, by stage."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan that holds the choices in `windows`, in whole thousandths."""

    windows: Windows
    worst: int | None
    network: Network
    flow: Whole

    def stages(self) -> Stages:
        """What each stage comes to."""
        stages = {} if self.worst is None else {WORST: self.worst}
        return stages | stages_along(self.network, self.flow)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best plan found, none if there is none; what no plan can fall short of, stage by stage, in thousandths.

    `is_impossible` where no plan at all holds the rules.
    """

    choice: Choice | None
    bounds: dict[str, Fraction]
    is_impossible: bool = False


def stages_along(network: Network, flow: Whole) -> Stages:
    """Thousandths of a point that the arcs of a flow count in each stage."""
    stages = dict.fromkeys(STAGES, 0)
    spent: dict[int, int] = {}
    for cost, points in zip(network.cost.tolist(), flow.tolist(), strict=True):
        spent[cost] = spent.get(cost, 0) + points
    for cost, points in spent.items():
        for name, digit in by_stage(cost):
            stages[name] += digit * points
    return stages


def choose(problem: Problem, seconds: float = SECONDS) -> Chosen:
    """The best plan under rules that ask for choices, as far as the time goes."""
    search = _Search(problem, time.monotonic() + seconds)
    search.start()
    if problem.rules.worst_first:
        search.find_worst()
    if not search.is_impossible:
        search.find_stages()
    return Chosen(search.best, search.proved(), is_impossible=search.is_impossible)


@dataclass(slots=True)
class _Search:
    problem: Problem
    deadline: float
    best: Choice | None = None
    bounds: dict[str, Fraction] = field(default_factory=dict)
    is_impossible: bool = False

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    @property
    def tolerance(self) -> int:
        """Thousandths that rounding may cost where amounts, not only choices, come from the program."""
        problem = self.problem
        capped = len(problem.offices) if problem.rules.change_at_most is not None else 0
        return 2 * (len(problem.factors) + capped)

    def start(self) -> None:
        """A plan by flows alone: nothing learned, nothing changed, what is too small or one too many forbidden.

        After so many times what is not used is forbidden too, and the end comes soon.
        """
        rules = self.problem.rules
        if rules.change_at_most is not None:
            return
        windows: dict[Key, tuple[int, int]] = {}
        for cell in self.problem.factors:
            windows["own", *cell] = windows[TAKES, *cell] = (0, 0)
        for times in count():
            worst = self.least_worst(windows) if rules.worst_first else None
            choice = self.settled(windows, worst)
            if choice is None:
                return
            refused = list(self._refused(choice))
            if times > _SOON:
                refused += [key for key in self._unused(choice) if key not in windows] if refused else []
            if not refused:
                self.best = choice
                return
            windows |= dict.fromkeys(refused, (0, 0))

    def _refused(self, choice: Choice) -> Iterator[Key]:
        few, lot = families_at_most.most(self.problem), lots.least(self.problem)
        taken: dict[str, list[tuple[int, Key]]] = {}
        for key, points in zip(choice.network.keys, choice.flow.tolist(), strict=True):
            if key[0] in {GIVES, TAKES} and points:
                if points < lot:
                    yield key
                elif key[0] == TAKES:
                    taken.setdefault(key[1], []).append((points, key))
        if few is not None:
            for parts in taken.values():
                yield from (key for _, key in sorted(parts, reverse=True)[few:])

    def _unused(self, choice: Choice) -> Iterator[Key]:
        for key, points in zip(choice.network.keys, choice.flow.tolist(), strict=True):
            if key[0] in {GIVES, TAKES} and not points:
                yield key

    def settled(self, windows: Windows, worst: int | None) -> Choice | None:
        """The best flow in whole thousandths between least and most."""
        days = None if worst is None else Fraction(worst, THOUSAND)
        network = network_of(self.problem, worst=days, windows=windows)
        flow = best_flow(network)
        return None if flow is None else Choice(windows, worst, network, flow)

    def least_worst(self, windows: Windows) -> int:
        """Fewest thousandths of a day that the worst stands above a target under these choices."""
        return int(least_worst(self.problem, windows) * THOUSAND)

    def offer(self, choice: Choice | None) -> None:
        """Keep a plan that is better than the best so far, the earlier stages first."""
        if choice is None:
            return
        if self.best is None:
            self.best = choice
            return
        new, old = list(choice.stages().values()), list(self.best.stages().values())
        for one, other in zip(new, old, strict=True):
            if abs(one - other) > self.tolerance:
                self.best = choice if one < other else self.best
                return
        self.best = choice if new < old or self.tolerance else self.best

    def find_worst(self) -> None:
        """Fewest days above a target of whoever stands worst."""
        program = Program(self.problem, network_of(self.problem))
        column = program.worst_column()
        solver = program.solver()
        start = None if self.best is None else columns_of(program, self.best)
        found = solver.least({column: 1.0}, self.left() / 2, start)
        if found.is_impossible:
            self.is_impossible = True
            return
        if found.amounts is not None:
            windows = windows_of(program, found.amounts)
            if self.settled(windows, None) is not None:
                self.offer(self.settled(windows, self.least_worst(windows)))
        self.bounds[WORST] = Fraction(max(0, ceil(max(found.bound, 0) * THOUSAND - 1e-3)))

    def find_stages(self) -> None:
        """Points, stage after stage, each held by those that follow."""
        worst = None if self.best is None else self.best.worst
        days = None if worst is None else Fraction(worst, THOUSAND)
        program = Program(self.problem, network_of(self.problem, worst=days))
        solver = program.solver()
        loose = {} if self.problem.factors else self._loose(program, worst)
        for at, stage in enumerate(STAGES):
            least = Fraction(loose.get(stage, 0))
            if self.best is None or self.tolerance or self.best.stages()[stage] > least:
                start = None if self.best is None else columns_of(program, self.best)
                seconds = self.left() if at == len(STAGES) - 1 else self.left() / 2
                found = solver.least(program.stage_costs(stage), seconds, start)
                if found.amounts is not None:
                    self.offer(self.settled(windows_of(program, found.amounts), worst))
                elif found.is_impossible and self.best is None:
                    self.is_impossible = True
                if np.isfinite(found.bound):
                    least = max(least, Fraction(found.bound) * THOUSAND)
            self.bounds[stage] = least
            if self.best is None:
                return
            values = self.best.stages()
            if any(values[name] > loose.get(name, 0) for name in STAGES[: at + 1]):
                loose = {}
            for name in STAGES[: at + 1]:
                solver.at_most(name, program.stage_costs(name), values[name] / THOUSAND + _NEAR)

    def _loose(self, program: Program, worst: int | None) -> Stages:
        """What the stages come to when choices are as free as their limits let them be."""
        closed = {key: (0, 0) for key, column in program.chosen.items() if not program.most[column]}
        choice = self.settled(closed, worst)
        return {} if choice is None else stages_along(choice.network, choice.flow)

    def proved(self) -> dict[str, Fraction]:
        """The bounds in thousandths: the value itself where it is nearer than two plans can be."""
        values = {} if self.best is None else self.best.stages()
        near = max(SLACK * THOUSAND, self.tolerance) + 0.5
        return {
            name: Fraction(values[name]) if name in values and values[name] - bound <= near else bound
            for name, bound in self.bounds.items()
        }


def columns_of(program: Program, choice: Choice) -> Amounts:
    """A plan as columns of a program."""
    columns = np.zeros(len(program.most))
    points = dict(zip(choice.network.keys, (choice.flow / THOUSAND).tolist(), strict=True))
    for at, key in enumerate(program.network.keys):
        columns[at] = points.get(key, 0.0)
    for key, column in program.chosen.items():
        columns[column] = float(points.get(key, 0.0) > 0)
    for cell, column in program.changed.items():
        before = change_cap.before(program.problem, *cell) / THOUSAND
        columns[column] = abs(points.get((TAKES, *cell), 0.0) - before)
    if program.worst >= 0:
        over = amounts_along(choice.network, choice.flow, "over")
        days = [program.problem.ceilings[cell].days(amount) or 0 for cell, amount in over.items()]
        columns[program.worst] = float(max(days, default=0))
    return columns


def windows_of(program: Program, columns: Amounts) -> Windows:
    """The choices that columns stand for, as least and most thousandths along arcs."""
    problem = program.problem
    amounts = {key: float(sum(columns[at] for at in arcs)) * THOUSAND for key, arcs in program.arcs.items()}
    windows: dict[Key, tuple[int, int]] = {}
    for key, column in program.chosen.items():
        is_open = columns[column] > 0.5
        windows[key] = (lots.least(problem), _MOST) if is_open else (0, 0)
    if problem.rules.change_at_most is not None:
        _cap(program, amounts, windows)
    own = {key: at for at, key in enumerate(program.network.keys) if key[0] == "own"}
    amounts |= {key: float(columns[at]) * THOUSAND for key, at in own.items() if key[1:] in problem.factors}
    _learn(problem, amounts, windows)
    return windows


def _cap(program: Program, amounts: dict[Key, float], windows: dict[Key, tuple[int, int]]) -> None:
    """Give each office's cap on change to the families that change, in whole thousandths."""
    rules = program.problem.rules
    by_office: dict[str, list[Cell]] = {}
    for cell in program.changed:
        by_office.setdefault(cell[0], []).append(cell)
    for office, cells in by_office.items():
        last = {family: points for (name, family), points in rules.last_month.items() if name == office}
        change = {cell: amounts[TAKES, *cell] - last.get(cell[1], 0) for cell in cells}
        budget = {cell: floor(abs(points) + 1e-3) for cell, points in change.items()}
        elsewhere = sum(points for family, points in last.items() if (office, family) not in program.changed)
        spare = (rules.change_at_most or 0) - elsewhere - sum(budget.values())
        for cell in sorted(cells, key=lambda one: budget[one] - abs(change[one])):
            if spare > 0:
                budget[cell] += 1
                spare -= 1
        for cell in cells:
            before = last.get(cell[1], 0)
            least = before if change[cell] > -1e-3 else max(0, before - budget[cell])
            most = before if change[cell] < -1e-3 else before + budget[cell]
            low, high = windows.get((TAKES, *cell), (0, _MOST))
            windows[TAKES, *cell] = max(low, least), min(high, most)


def _learn(problem: Problem, amounts: dict[Key, float], windows: dict[Key, tuple[int, int]]) -> None:
    """Settle what is worked where an office is learning, within its hours in whole thousandths."""
    free = problem.free()
    for office in {name for name, _ in problem.factors}:
        keys = [key for key in amounts if key[0] in {"own", TAKES} and key[1] == office and key[1:] in problem.factors]
        settled = {key: floor(max(0.0, amounts[key]) + 1e-3) for key in keys}
        for key in keys:
            low, high = windows.get(key, (0, _MOST))
            settled[key] = min(max(settled[key], low), high)
        limits = ((keys, problem.offices[office].capacity), ([key for key in keys if key[0] == TAKES], free[office]))
        for among, most in limits:
            while sum(problem.effort(key[1], key[2], settled[key]) for key in among) > most:
                settled[max(among, key=lambda key: settled[key])] -= 1
        windows |= {key: (points, points) for key, points in settled.items()}
