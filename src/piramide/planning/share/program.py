"""The network as a mixed-integer program: flows, and for each choice whether an office gives or takes a family at all.

The solver says which choices to take and how far from the best they can be. The amounts that follow from them are
found again in whole thousandths by the flow, so nothing of a plan rests on a rounded number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.problem import THOUSAND, Cell, Problem
from piramide.planning.rules import change_cap, families_at_most
from piramide.planning.rules import lot as lots
from piramide.planning.share.flow import by_stage
from piramide.planning.share.network import SINK, Key, Network

GIVES: Final = "send"
TAKES: Final = "take"
SLACK: Final = 4e-4
"""Less than half a thousandth of a point: two plans nearer than that are equal."""
_EXACT: Final = 1e-9

Amounts = NDArray[np.float64]
Row = tuple[float, float, dict[int, float]]
"""Least, most, and the coefficient of each column."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver found for one stage: amounts by arc in thousandths, none without a plan; the bound in points.

    `is_impossible` where it proved that no plan holds the rules.
    """

    amounts: Amounts | None
    value: float
    bound: float
    is_impossible: bool = False


@dataclass(slots=True)
class Program:
    """Columns: the arcs, then what the rules add. Points, not thousandths."""

    problem: Problem
    network: Network
    without: frozenset[str] = frozenset()
    """Rules that this program leaves out."""
    most: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    chosen: dict[Key, int] = field(default_factory=dict)
    """Column that says whether an office gives or takes a family."""
    changed: dict[Cell, int] = field(default_factory=dict)
    arcs: dict[Key, list[int]] = field(default_factory=dict)
    give_way: dict[str, int] = field(default_factory=dict)
    worst: int = -1

    def __post_init__(self) -> None:
        self.most = (self.network.capacity / THOUSAND).tolist()
        for at, key in enumerate(self.network.keys):
            name = self._name(at, key)
            if name is not None:
                self.arcs.setdefault(name, []).append(at)
        self._choose()
        self._cap()

    def _name(self, at: int, key: Key) -> Key | None:
        """Whether an arc gives or takes, that of a rule that is relaxed too."""
        if key[0] in {GIVES, TAKES}:
            return key
        is_taking = key[:2] == ("relax", "competence") and self.network.nodes[self.network.tail[at]][0] == "province"
        return (TAKES, *key[2:]) if is_taking else None

    def _column(self, most: float, *, whole: bool = False) -> int:
        self.most.append(most)
        if whole:
            self.whole.append(len(self.most) - 1)
        return len(self.most) - 1

    def _choose(self) -> None:
        problem = self.problem
        lot = 0 if "lot" in self.without else lots.least(problem) / THOUSAND
        few = None if "families_at_most" in self.without else families_at_most.most(problem)
        is_capped = "change_cap" not in self.without and change_cap.most(problem) is not None
        taken: dict[str, list[int]] = {}
        limit = self._limits()
        for key, arcs in self.arcs.items():
            kind, office, family = key
            is_few = few is not None and kind == TAKES
            if not lot and not is_few and not (is_capped and change_cap.before(problem, office, family)):
                continue
            most = limit(key, arcs)
            self.chosen[key] = column = self._column(0.0 if most < max(lot, _EXACT) else 1.0, whole=True)
            amount = dict.fromkeys(arcs, 1.0)
            self.rows.append((-np.inf, 0.0, {**amount, column: -most}))
            if lot:
                self.rows.append((0.0, np.inf, {**amount, column: -lot}))
            if kind == TAKES:
                taken.setdefault(office, []).append(column)
        if few is not None:
            self.rows += [(-np.inf, float(few), dict.fromkeys(columns, 1.0)) for columns in taken.values()]
        for (kind, *cell), column in self.chosen.items():
            other = self.chosen.get((TAKES, *cell))
            if kind == GIVES and other is not None:
                self.rows.append((-np.inf, 1.0, {column: 1.0, other: 1.0}))

    def _limits(self) -> Callable[[Key, list[int]], float]:
        """How much an office can give or take of a family: as tight as free hours and work allow."""
        problem = self.problem
        total = dict.fromkeys(problem.group_of, 0)
        for (_, family), points in problem.workload.items():
            total[family] += points
        free: dict[str, float] = {}
        for at, name in enumerate(self.network.keys):
            if name[0] == "lend" or name[:2] == ("relax", "hours_lent"):
                free[name[-1]] = free.get(name[-1], 0.0) + self.most[at]

        def most(key: Key, arcs: list[int]) -> float:
            kind, office, family = key
            along = sum(self.most[at] for at in arcs)
            if kind != TAKES:
                return along
            others = (total[family] - problem.workload.get((office, family), 0)) / THOUSAND
            factor = float(problem.factors.get((office, family), 1))
            return min(along, others, free.get(office, 0.0) * factor)

        return most

    def _cap(self) -> None:
        most = change_cap.most(self.problem)
        if most is None or "change_cap" in self.without:
            return
        cap = most / THOUSAND
        for office in self.problem.offices:
            total: dict[int, float] = {}
            settled = 0.0
            for family in self.problem.group_of:
                before = change_cap.before(self.problem, office, family) / THOUSAND
                arcs = self.arcs.get((TAKES, office, family), [])
                if not arcs:
                    settled += before
                    continue
                self.changed[office, family] = column = self._column(np.inf)
                total[column] = 1.0
                amount = dict.fromkeys(arcs, 1.0)
                self.rows.append((-np.inf, before, {**amount, column: -1.0}))
                self.rows.append((before, np.inf, {**amount, column: 1.0}))
            more = self._column(0.0)
            self.give_way[office] = more
            if total or settled > cap:
                self.rows.append((-np.inf, cap - settled, {**total, more: -1.0}))

    def worst_column(self) -> int:
        """The days above a target of whoever stands worst."""
        self.worst = self._column(np.inf)
        for at, key in enumerate(self.network.keys):
            if key[0] == "over":
                days = self.problem.ceilings[key[1], key[2]].days(THOUSAND)
                if days is not None:
                    self.rows.append((-np.inf, 0.0, {at: float(days), self.worst: -1.0}))
        return self.worst

    def let_change(self) -> dict[str, int]:
        """Open the cap on change: the column that says by how much, office by office."""
        for column in self.give_way.values():
            self.most[column] = np.inf
        return self.give_way

    def stage_costs(self, stage: str) -> dict[int, float]:
        """What a stage counts of each arc."""
        digits = {cost: dict(by_stage(cost)) for cost in set(self.network.cost.tolist())}
        costs = {at: float(digits[cost].get(stage, 0)) for at, cost in enumerate(self.network.cost.tolist())}
        return {at: value for at, value in costs.items() if value}

    def solver(self) -> _Solver:
        """The program in the solver, ready for its stages."""
        return _Solver(self)


class _Solver:
    """HiGHS with one program in it."""

    def __init__(self, program: Program) -> None:
        import highspy  # noqa: PLC0415 - only a plan needs it

        self.program, self._kinds = program, highspy
        self._held: dict[str, int] = {}
        # Its registration of callbacks prints the name of the solver on standard output, where answers go.
        quiet = type("Quiet", (highspy.Highs,), {"enableCallbacks": lambda _: None})
        self.highs: Any = quiet()
        for name, value in (
            ("output_flag", False),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", SLACK),
            ("mip_feasibility_tolerance", _EXACT),
            ("primal_feasibility_tolerance", _EXACT),
        ):
            self.highs.setOptionValue(name, value)
        self._pass_model()

    def _pass_model(self) -> None:
        program, network = self.program, self.program.network
        lp = self._kinds.HighsLp()
        arcs = len(network.keys)
        rows = self._balances() + program.rows
        lp.num_col_, lp.num_row_ = len(program.most), len(rows)
        lp.col_cost_ = np.zeros(len(program.most))
        lp.col_lower_ = np.concatenate([network.low / THOUSAND, np.zeros(len(program.most) - arcs)])
        lp.col_upper_ = np.array(program.most)
        lp.row_lower_ = np.array([row[0] for row in rows])
        lp.row_upper_ = np.array([row[1] for row in rows])
        lp.a_matrix_.format_ = self._kinds.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[2]) for row in rows])]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([at for row in rows for at in row[2]], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([value for row in rows for value in row[2].values()], dtype=np.float64)
        if program.whole:
            kinds = [self._kinds.HighsVarType.kContinuous] * len(program.most)
            for column in program.whole:
                kinds[column] = self._kinds.HighsVarType.kInteger
            lp.integrality_ = kinds
        self.highs.passModel(lp)

    def _balances(self) -> list[Row]:
        network, factors = self.program.network, self.program.problem.factors
        rows: list[dict[int, float]] = [{} for _ in network.nodes]
        for at, (key, tail, head) in enumerate(
            zip(network.keys, network.tail.tolist(), network.head.tolist(), strict=True)
        ):
            rows[tail][at] = 1.0
            factor = factors.get((key[1], key[2])) if key[0] in {"own", TAKES} else None
            rows[head][at] = -1.0 if factor is None else -float(1 / factor)
        sink = network.nodes.index(SINK)
        supply = (network.supply / THOUSAND).tolist()
        return [(supply[at], supply[at], row) for at, row in enumerate(rows) if at != sink]

    def at_most(self, stage: str, costs: dict[int, float], value: float) -> None:
        """Hold a stage for those that follow; held before, it is held anew."""
        if stage in self._held:
            self.highs.changeRowBounds(self._held[stage], -np.inf, value)
            return
        self._held[stage] = self.highs.getNumRow()
        self.highs.addRow(
            -np.inf, value, len(costs), np.array(list(costs), dtype=np.int32), np.array(list(costs.values()))
        )

    def least(self, costs: dict[int, float], seconds: float, start: Amounts | None = None) -> Found:
        """The least of a sum of columns that it finds in so many seconds, from a plan if there is one."""
        highs = self.highs
        size = len(self.program.most)
        objective = np.zeros(size)
        objective[list(costs)] = list(costs.values())
        highs.changeColsCost(size, np.arange(size, dtype=np.int32), objective)
        highs.setOptionValue("time_limit", seconds)
        if start is not None:  # costs changed after it would drop it
            solution = self._kinds.HighsSolution()
            solution.col_value = start.tolist()
            highs.setSolution(solution)
        highs.run()
        status, kinds = highs.getModelStatus(), self._kinds.HighsModelStatus
        if status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}:
            return Found(None, np.inf, np.inf, is_impossible=True)
        info = highs.getInfo()
        is_best = status == kinds.kOptimal
        bound = float(info.mip_dual_bound) if self.program.whole else -np.inf
        if is_best and not self.program.whole:
            bound = float(info.objective_function_value)
        if info.primal_solution_status != self._kinds.SolutionStatus.kSolutionStatusFeasible:
            return Found(None, np.inf, bound)
        values = np.array(highs.getSolution().col_value)
        return Found(values, float(info.objective_function_value), bound)
