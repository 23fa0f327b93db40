"""What every leaf of every sheet will be at the end of the year in a draw: of flows, of history, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.opening import Opened
from piramide.cycle.planning.people import STAFF
from piramide.kernel.expressions import Expression
from piramide.kernel.periods import Moment
from piramide.measurement.contract import WORK
from piramide.measurement.counted_row import is_counted
from piramide.measurement.line_parts import line_parts
from piramide.measurement.values.figures import Measured
from piramide.measurement.values.indicators import indicator_figures, measured_formula, source_of
from piramide.methodology.measures import Measure
from piramide.methodology.parent_rules import FORMULA
from piramide.planning.calendar import MONTHS, place_of
from piramide.planning.outlook.answer import FLOWS, HISTORY, NONE
from piramide.planning.outlook.draws import Choices, Draws
from piramide.planning.outlook.futures import Flow, Futures
from piramide.planning.outlook.history import PICKS, Changes, Going, People, changes_of
from piramide.planning.outlook.measures import ENOUGH, WorkMeasure, going_of, part_of
from piramide.scoring.plan import Plan

_FLOWS: Final = {"received": Flow.RECEIVED, "reopened": Flow.RECEIVED, "resolved": Flow.RESOLVED}
FTE: Final = "fte"
MORE_PEOPLE: Final = {"profile": "administrative", "activity": "production"}
"""Who is meant by more people than there would be."""
_HISTORY: Final = 7
"""Tells the chance of what has only its history from that of the flows."""
_WINDOWS: Final = frozenset({"year_to_date", "trailing_12", "month_end", "integral"})

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A cell of the plan: the expression that flows feed, or changes of earlier years with the value of now."""

    place: int
    expression: Expression | None = None
    node: str = ""
    changes: Changes | None = None
    now: Floats | None = None


@dataclass(frozen=True, slots=True)
class EndOfYear:
    """Cells with their basis, and what makes their values in a draw."""

    bases: tuple[str, ...]
    leaves: Mapping[int, _Leaf]
    measures: Mapping[tuple[str, str], WorkMeasure | Going | People | Floats | Expression]
    below: Floats
    years: int
    kinds: NDArray[np.int64]
    errors: Mapping[tuple[str, str], Going] = field(default_factory=dict)
    """What came over what was said in earlier years, by expression and node."""

    @property
    def structures(self) -> int:
        """How many structures there are."""
        return len(self.kinds)

    def draws(self, futures: Iterable[Futures], of_draw: NDArray[np.int64], seed: int) -> Draws:
        """Draws of every cell: of flows those of its future, of history those of a pick of an earlier year."""
        rows: dict[tuple[object, ...], int] = {}
        flows = [self._flows(future) for future in futures]
        history: list[Floats] = []
        of_cell: list[tuple[int, int] | None] = [None] * len(self.bases)
        for at, cell in enumerate(cell for cell, leaf in self.leaves.items() if leaf.expression is not None):
            of_cell[cell] = (0, at)
        tables: dict[int, Floats] = {}
        for cell, leaf in self.leaves.items():
            if leaf.changes is None or leaf.now is None:
                continue
            key = (id(leaf.changes), leaf.place)
            if key not in rows:
                if id(leaf.changes) not in tables:
                    tables[id(leaf.changes)] = leaf.changes.picked(leaf.now, self.kinds)
                rows[key] = len(history)
                history.append(_of_years(tables[id(leaf.changes)][leaf.place], self.years))
            of_cell[cell] = (1, rows[key])
        picks = max(self.years, 1) * PICKS
        chance = np.random.Generator(np.random.PCG64([seed, _HISTORY]))
        picked = np.asarray(chance.integers(0, picks, len(of_draw)), np.int64)
        choices = (
            Choices.of(np.concatenate(flows, axis=1), of_draw),
            Choices.of(np.array(history).reshape(-1, picks), picked),
        )
        return Draws(choices, of_cell, len(of_draw))

    def middle(self, future: Futures) -> Floats:
        """Values of every cell [cell, 1] in one future, with the middle change of what has only its history."""
        known: dict[tuple[str, str], Floats] = {}
        answer = np.full((len(self.bases), 1), np.nan)
        for cell, leaf in self.leaves.items():
            if leaf.expression is not None:
                found = self.corrected(leaf.expression, leaf.node, future, known)
            else:
                assert leaf.changes is not None and leaf.now is not None  # noqa: S101, PT018 - one of the two is there
                found = leaf.changes.middle(leaf.now)
            answer[cell] = found[leaf.place]
        return answer

    def _flows(self, future: Futures) -> Floats:
        """Values of the cells that flows feed, [cell, future]."""
        count = next(iter(future.pieces.values())).shape[0]
        known: dict[tuple[str, str], Floats] = {}
        made: dict[tuple[str, str], Floats] = {}
        found: list[Floats] = []
        for leaf in self.leaves.values():
            if leaf.expression is not None:
                key = (leaf.expression.text, leaf.node)
                if key not in made:
                    made[key] = self.corrected(leaf.expression, leaf.node, future, known)
                found.append(made[key][leaf.place])
        return np.array(found).reshape(-1, count)

    def corrected(
        self, expression: Expression, node: str, future: Futures, known: dict[tuple[str, str], Floats]
    ) -> Floats:
        """An expression in some futures, [structure, future], as far from what is said as it was in earlier years."""
        said = self.of(expression, node, future, known)
        error = self.errors.get((expression.text, node))
        return said if error is None else said * error.at_end(future.picks)

    def of(self, expression: Expression, node: str, future: Futures, known: dict[tuple[str, str], Floats]) -> Floats:
        """An expression in some futures, [structure, future], from the measures that it reads."""
        parts = {name: self._measure(name, node, future, known) for name in expression.names}
        count = next(iter(future.pieces.values())).shape[0]
        found: Floats = expression.over_positive().evaluate_arrays(parts)
        return np.broadcast_to(found, (self.structures, count))

    def _measure(self, name: str, node: str, future: Futures, known: dict[tuple[str, str], Floats]) -> Floats:
        key = (name, node) if (name, node) in self.measures else (name, "")
        if key not in known:
            what = self.measures[key]
            if isinstance(what, WorkMeasure):
                known[key] = what.at_end(future, self.below)
            elif isinstance(what, Expression):
                known[key] = self.of(what, node, future, known)
            elif isinstance(what, People):
                known[key] = what.at_end(future.picks, future.people, self.below)
            elif isinstance(what, Going):
                known[key] = what.at_end(future.picks)
            else:
                known[key] = what[:, None]
        return known[key]


def _of_years(row: Floats, years: int) -> Floats:
    """The picks of a cell for all years: where its changes are of fewer, they come again."""
    repeated: Floats = np.resize(row, max(years, 1) * PICKS)
    return repeated


def end_of_year(plan: Plan, measured: Measured, moments: Sequence[Moment], opened: Opened) -> EndOfYear:
    """Find the basis of every cell of a plan.

    An indicator whose formula reads work is followed by the flows; what else it reads goes on as in the year before.
    Every other one changes as it did in earlier years. Who is measured by a rule of parents has its history.
    """
    maker = Maker(measured, moments, opened)
    place = {name: at for at, name in enumerate(measured.tree.ids)}
    bases, leaves = [], {}
    for at, cell in enumerate(plan.cells.items):
        owner = cell.shared_from or cell.structure
        indicator = cell.indicator
        where = place.get(source_of(indicator, owner, measured)) if owner in measured.tree.day else None
        leaf = None if where is None else maker.leaf(indicator.id, cell.key if cell.node is not None else "", where)
        bases.append(NONE if leaf is None else FLOWS if leaf.expression is not None else HISTORY)
        if leaf is not None:
            leaves[at] = leaf
    return EndOfYear(tuple(bases), leaves, maker.measures, maker.below, maker.years, maker.kinds)


class Maker:
    """Measures and changes as they are first asked for."""

    def __init__(self, measured: Measured, moments: Sequence[Moment], opened: Opened) -> None:
        self.measured, self.moments, self.opened = measured, moments, opened
        self.now = len(moments) - 1
        self.years = self.now // 2
        tree = measured.tree
        names_of = [tree.day[name].kind if name in tree.day else "" for name in tree.ids]
        self.kinds = np.unique(names_of, return_inverse=True)[1].astype(np.int64)
        self.measures: dict[tuple[str, str], WorkMeasure | Going | People | Floats | Expression] = {}
        self._changes: dict[tuple[str, str], tuple[Changes, Floats] | None] = {}
        names = {name: at for at, name in enumerate(opened.names)}
        self.below = np.zeros((len(measured.tree.ids), len(names)))
        for row, name in enumerate(measured.tree.ids):
            mine = (
                [name, *(one.id for one in measured.tree.day.descendants(name))]
                if name in measured.tree.day
                else [name]
            )
            for office in mine:
                if office in names:
                    self.below[row, names[office]] = 1.0

    def leaf(self, name: str, node: str, where: int) -> _Leaf | None:
        """The basis of an indicator at a structure; nothing without one."""
        indicator = self.measured.pack.indicators[name]
        expression = measured_formula(indicator, self.measured)
        if expression is None:
            return None
        own_rule = not indicator.parent or self.measured.rule(expression, indicator.parent, where) is FORMULA
        is_at_work = own_rule and bool(self.below[where].any()) and self._reads_work(expression)
        if is_at_work and self.ready(expression, node):
            return _Leaf(where, expression, node)
        found = self._history(name, node)
        if found is None or not np.isfinite(found[1][where]):
            return None
        return _Leaf(where, None, node, *found)

    def _history(self, name: str, node: str) -> tuple[Changes, Floats] | None:
        if (name, node) not in self._changes:
            figures = indicator_figures(self.measured.pack.indicators[name], self.measured, node)
            values = None if figures is None else figures.whole.values
            changes = None
            if values is not None and self.years:
                earlier = values[:, : self.now].T
                changes = changes_of(earlier[0::2], earlier[1::2])
            self._changes[name, node] = None if values is None or changes is None else (changes, values[:, self.now])
        return self._changes[name, node]

    def _reads_work(self, expression: Expression) -> bool:
        measures = self.measured.pack.measures
        for name in expression.names:
            measure = measures.get(name)
            if measure is None:
                continue
            if measure.dataset == WORK or (measure.formula and self._reads_work(self.measured.formula(measure))):
                return True
        return False

    def ready(self, expression: Expression, node: str) -> bool:
        """Whether every name of an expression can be followed to the end of the year."""
        return all(self._follow(name, node) for name in expression.names)

    def _follow(self, name: str, node: str) -> bool:
        key = (name, self.measured.node_read(name, node))
        if key in self.measures:
            return True
        measure = self.measured.pack.measures.get(name)
        if measure is None:
            self.measures[key] = self.measured.figures(name).values[:, self.now]
            return True
        if measure.formula:
            expression = self.measured.formula(measure)
            if measure.parent or not self.ready(expression, node):
                return False
            self.measures[key] = expression
            return True
        made = self._work(measure, node) if measure.dataset == WORK else self._other(measure, node)
        if made is None:
            return False
        self.measures[key] = made
        return True

    def _work(self, measure: Measure, node: str) -> WorkMeasure | Floats | None:
        values = self.measured.figures(measure.id, node).values
        if measure.before == "year_end":
            return values[:, self.now]
        is_told = measure.window in _WINDOWS and (measure.entry in _FLOWS or measure.entry == "pending")
        if not self.years or not (is_told or measure.before == "same_moment"):
            return None
        year_end, now = values[:, self.now - 1], values[:, self.now]
        if measure.before == "same_moment":
            return year_end
        parts = line_parts(self.measured, measure.id, node, self.opened.state.lines)
        in_points = "points" in measure.column
        state, end = self.opened.state, self.moments[self.now - 1]
        if measure.entry == "pending":
            left = (state.pending_points if in_points else state.pending)[..., -1]
            flow = Flow.PENDING_DAYS if measure.window == "integral" else Flow.PENDING
            part = part_of(np.maximum(now, 0.0), self.below @ (left @ parts))
            return WorkMeasure(flow, in_points, parts, now, Going.still(part))
        flow = _FLOWS[measure.entry]
        by_month = self.below @ np.einsum("olm,l->om", getattr(state, f"{flow}_points" if in_points else flow), parts)
        part = part_of(year_end, self._of_year(by_month, end.year))
        if measure.window == "trailing_12":
            kept = by_month[:, self._month(end.year, MONTHS) + 1 :].sum(axis=1)
            return WorkMeasure(flow, in_points, parts, part * kept, Going.still(part))
        return WorkMeasure(flow, in_points, parts, now, self._going(part, values, by_month))

    def _going(self, part: Floats, values: Floats, by_month: Floats) -> Going:
        """How the part of a flow that a measure is goes on, from what it was in earlier years."""
        years = [moment.year for moment in self.moments[1 : self.now : 2]]
        month = self.moments[self.now].month
        before, after = [], []
        for at, year in enumerate(years):
            whole = self._of_year(by_month, year)
            ahead = by_month[:, self._month(year, month) + 1 : self._month(year, MONTHS) + 1].sum(axis=1)
            of_ahead = values[:, 2 * at + 1] - values[:, 2 * at]
            before.append(np.where(whole >= ENOUGH, values[:, 2 * at + 1] / np.maximum(whole, ENOUGH), np.nan))
            after.append(np.where(ahead >= ENOUGH, of_ahead / np.maximum(ahead, ENOUGH), np.nan))
        return going_of(part, np.array(before), np.array(after), self.kinds)

    def _of_year(self, by_month: Floats, year: int) -> Floats:
        total: Floats = by_month[:, self._month(year, 1) : self._month(year, MONTHS) + 1].sum(axis=1)
        return total

    def _month(self, year: int, month: int) -> int:
        """The place of a month among those of the state."""
        return max(year * MONTHS + month - 1 - place_of(self.opened.state.months[0]), 0)

    def _other(self, measure: Measure, node: str) -> Going | People | None:
        """A measure of another dataset at the end of the year: as it went on in earlier years."""
        values = self.measured.figures(measure.id, node).values
        if not self.years:
            return None
        earlier = values[:, : self.now].T
        changes = changes_of(earlier[0::2], earlier[1::2])
        if changes is None:
            return None
        going = Going.of(changes, values[:, self.now], self.kinds)
        is_people = measure.dataset == STAFF and measure.column == FTE and measure.window == "year_to_date"
        if not is_people or not is_counted(self.measured, measure.id, node, MORE_PEOPLE):
            return going
        return People(going, is_state=measure.aggregate == "last")
