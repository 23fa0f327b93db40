"""Figures of measures: for every structure and moment the value, whether it holds estimates, and its coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import Finding, refuse
from piramide.kernel.periods import Moment
from piramide.measurement.cube.cube import COMPETENCE, OWN, WORK, Cube, Integers
from piramide.measurement.cube.months import (
    LATEST,
    PLACES,
    Axis,
    Window,
    earlier,
    latest,
    place_of,
    state_days,
    window,
)
from piramide.measurement.fold.fold import Folded
from piramide.measurement.measures.groups import rule_of
from piramide.measurement.measures.of_nodes import compiled_name
from piramide.measurement.measures.plan import Compiled, Plan, Term
from piramide.measurement.values.groups import GroupCubes, JudgedGroups
from piramide.measurement.values.intervals import SURVEYS, half_widths
from piramide.measurement.values.parents import Figures, Parts, with_parents
from piramide.measurement.values.tree import Flags, Floats, Tree
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack
from piramide.methodology.parent_rules import FORMULA, Adds, Cases, ParentRule, Span
from piramide.methodology.parent_rules import rule_of as rule_of_parent

Made = TypeVar("Made")

MOST_NAMES: Final = 12
"""Groups named in a finding; the others are counted."""
MONTHS: Final = 12
_VIEWS: Final = {"competence": (COMPETENCE,), "work": (WORK,), "own": (OWN,), "split": (COMPETENCE, WORK)}


def views(measure: Measure) -> tuple[str, ...]:
    """Whose rows count under the credit rule of a measure; two for a split."""
    return _VIEWS[measure.credit]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that figures are computed from; each measure is computed once, when it is asked for.

    `cubes` and `plans` are by dataset. A measure without dataset and formula is nobody's to compute: ask
    `is_measurable` first. `of_nodes` are the measures that differ from node to node.
    """

    pack: Pack
    plans: Mapping[str, Plan]
    cubes: Mapping[str, Cube]
    tree: Tree
    moments: tuple[Moment, ...]
    folded: Mapping[str, Folded] = field(default_factory=dict)
    of_nodes: frozenset[str] = frozenset()
    groups: GroupCubes = field(default_factory=GroupCubes)
    _narrowed: dict[tuple[str, tuple[str, ...]], Cube] = field(default_factory=dict)
    _known: dict[tuple[str, str], Figures] = field(default_factory=dict)
    _formulas: dict[str, Expression] = field(default_factory=dict)
    _coverage: dict[tuple[str, ...], Floats] = field(default_factory=dict)
    _judged: dict[str, JudgedGroups | None] = field(default_factory=dict)
    _own: list[Measured] = field(default_factory=list)
    _of_indicators: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def own(self) -> Measured:
        """The same over the rows that name each structure alone: nothing adds up, no parent has a rule."""
        if not self._own:
            narrowed = replace(self, tree=self.tree.own(), _known={}, _coverage={}, _own=[], _of_indicators={})
            self._own.append(self if self.tree.is_own else narrowed)
        return self._own[0]

    def is_measurable(self, names: Sequence[str], above: tuple[str, ...] = ()) -> bool:
        """Whether data give every one of these measures and parameters. Refuses (ME009) measures in a circle."""
        for name in names:
            if name in above:
                raise refuse("ME009", self.pack.measures[name].place, name, circle=" → ".join((*above, name)))
            measure = self.pack.measures.get(name)
            if measure is None:
                continue
            if not measure.is_measurable:
                return False
            if measure.formula and not self.is_measurable(self.formula(measure).names, (*above, name)):
                return False
        return True

    def figures(self, name: str, node: str = "") -> Figures:
        """Figures of a measure or of a parameter, as `node` measures it."""
        key = (name, self.node_read(name, node))
        if key not in self._known:
            self._known[key] = self._figures(*key)
        return self._known[key]

    def once(self, indicator: str, node: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of an indicator as a node measures it, made when it is first asked for."""
        key = (indicator, node)
        if key not in self._of_indicators:
            self._of_indicators[key] = make()
        return cast("Made", self._of_indicators[key])

    def node_read(self, name: str, node: str) -> str:
        """The node, for a measure that differs from node to node; nothing for the others."""
        return node if name in self.of_nodes else ""

    def ruled(self, expression: Expression, cases: Cases, node: str = "") -> Figures:
        """Figures of an expression, of a parent by the rule that its case gives."""
        found = self.of(expression, node)
        if not cases or self.tree.is_own:
            return found
        own = partial(self.own.of, expression, node)
        return with_parents(cases, Parts(self.tree, found, own, self.states(expression.names), self._weights(node)))

    def rule(self, expression: Expression, cases: Cases, place: int) -> ParentRule:
        """The rule by which the structure at a place has its value; that of the formula for who has nobody below."""
        has_own = bool(self.states(expression.names)[place])
        rule = rule_of_parent(cases, self.tree.day[self.tree.ids[place]], has_own=has_own)
        return rule if len(self.tree.children(place, rule.kinds)) else FORMULA

    def _weights(self, node: str) -> Callable[[str, bool], Figures]:
        return lambda name, own: (self.own if own else self).figures(name, node)

    def states(self, names: Sequence[str]) -> Flags:
        """Structures with rows of their own for any measure behind some names that does not add up."""
        answer = np.zeros(len(self.tree.ids), np.bool_)
        for name in self._behind(names):
            if self.pack.measures[name].adds is Adds.NONE:
                answer |= np.isfinite(self.own.figures(name).values).any(axis=1)
        return answer

    def _behind(self, names: Sequence[str]) -> set[str]:
        """Measures of datasets that some names are computed from."""
        found: set[str] = set()
        for name in names:
            measure = self.pack.measures.get(name)
            if measure is not None:
                found |= self._behind(self.formula(measure).names) if measure.formula else {name}
        return found

    def of(self, expression: Expression, node: str = "") -> Figures:
        """Figures of an expression over measures and parameters: aggregated first, divided then.

        What is divided by zero or less is missing (R43).
        """
        return self.combined(expression, partial(self.figures, node=node))

    def combined(self, expression: Expression, read: Callable[[str], Figures]) -> Figures:
        """An expression over the figures that `read` gives of its names."""
        parts = {name: read(name) for name in expression.names}
        shape = (len(self.tree.ids), *next((part.values.shape[1:] for part in parts.values()), (len(self.moments),)))
        values = expression.over_positive().evaluate_arrays({name: part.values for name, part in parts.items()})
        estimated, coverage = np.zeros(shape, np.bool_), np.ones(shape)
        for part in parts.values():
            estimated, coverage = estimated | part.estimated, np.minimum(coverage, part.coverage)
        return Figures(np.broadcast_to(values, shape), estimated, coverage)

    def half_widths(self, top: str, bottom: str) -> Floats | None:
        """Half the width of the 95 % interval of top ÷ bottom, where both add up the same answers of a survey."""
        item, cube = self.folded.get(SURVEYS), self.cubes.get(SURVEYS)
        known = item.plan.measures if item else {}
        if item is None or cube is None or top not in known or bottom not in known:
            return None
        reading = self.reading(top, COMPETENCE)
        if (
            known[top].where != known[bottom].where
            or reading.window_name != self.reading(bottom, COMPETENCE).window_name
        ):
            return None
        return half_widths(item, known[top], known[bottom], self.tree, cube.axis, reading.window())

    def formula(self, measure: Measure) -> Expression:
        """The formula of a computed measure, over measures and parameters."""
        if measure.id not in self._formulas:
            names = {**self.pack.measures, **self.pack.parameters}
            self._formulas[measure.id] = parse(measure.formula, names, measure.place)
        return self._formulas[measure.id]

    def _figures(self, name: str, node: str) -> Figures:
        measure = self.pack.measures.get(name)
        if measure is None:
            return self._parameter(name)
        if measure.formula:
            return self.ruled(self.formula(measure), measure.parent, node)
        if measure.groups is not None:
            return self._of_groups(measure)
        cube = self.cubes.get(measure.dataset)
        if cube is None:  # nothing of the dataset has been loaded
            return self._nothing()
        parts = [self._view(self.reading(name, view, node)) for view in views(measure)]
        if len(parts) == 1:
            return self._spanned(parts[0], measure)
        share = self._parameter(measure.share).values
        of_competence, of_work = parts
        blended = np.nan_to_num(of_competence.values) * (1 - share) + np.nan_to_num(of_work.values) * share
        blended[np.isnan(of_competence.values) & np.isnan(of_work.values)] = np.nan
        estimated = of_competence.estimated | of_work.estimated
        return Figures(blended, estimated, np.maximum(of_competence.coverage, of_work.coverage))

    def _nothing(self) -> Figures:
        shape = (len(self.tree.ids), len(self.moments))
        return Figures(np.full(shape, np.nan), np.zeros(shape, np.bool_), np.zeros(shape))

    def judged(self, rule: str) -> JudgedGroups | None:
        """The groups that the rule of a measure judges; nothing where no row of the dataset has been loaded."""
        if rule not in self._judged:
            self._judged[rule] = self.groups.judged(rule, self.pack, self.tree, self.moments)
        return self._judged[rule]

    def _of_groups(self, measure: Measure) -> Figures:
        """How many groups passed, or were judged (R22); coverage is that of the structures that are judged."""
        found = self.judged(rule_of(measure))
        if found is None:
            return self._nothing()
        values = found.totals(self.tree, passed_alone=rule_of(measure) == measure.id)
        return Figures(values, found.with_estimates(self.tree), self.tree.coverage(*found.delivered(self.tree)))

    def _parameter(self, name: str) -> Figures:
        """The value in force on the last day of each moment, the same for every structure."""
        shape = (len(self.tree.ids), len(self.moments))
        dated = self.pack.parameters[name].values
        found = [[float(value) for since, value, _ in dated if since <= moment.day] for moment in self.moments]
        values = np.array([known[-1] if known else np.nan for known in found])
        return Figures(np.broadcast_to(values, shape), np.zeros(shape, np.bool_), np.ones(shape))

    def reading(self, name: str, view: str, node: str = "") -> Reading:
        """A measure of a dataset read from its cube, every row counted for one of its offices."""
        plan = self.plans[self.pack.measures[name].dataset]
        return Reading(
            plan.measures[compiled_name(name, self.node_read(name, node))],
            plan,
            self.cubes[plan.dataset],
            view,
            self.moments,
            self._counted(name),
        )

    def _counted(self, name: str) -> Cube:
        """The cube of a measure: whole, or only the work done across a border."""
        measure = self.pack.measures[name]
        key = (measure.dataset, measure.across)
        if key not in self._narrowed:
            cube = self.cubes[measure.dataset]
            self._narrowed[key] = cube_across(cube, self.tree.parts(measure.across)) if measure.across else cube
        return self._narrowed[key]

    def _spanned(self, found: Figures, measure: Measure) -> Figures:
        """A stated mean as of the year to date: that of a year grows with its months, that of a month is repeated."""
        months = np.array([min(moment.month, MONTHS) for moment in self.moments], np.float64)
        factor = {Span.YEAR: months / MONTHS, Span.MONTH: months}
        return replace(found, values=found.values * factor[measure.span]) if measure.span in factor else found

    def _view(self, reading: Reading) -> Figures:
        measure = reading.measure
        tree = self.own.tree if measure.adds is Adds.NONE else self.tree
        amounts, present = reading.amounts()
        if measure.aggregate == "mean":
            total = self._means(reading, tree)
        else:
            summed = tree.gathered(amounts)
            if measure.adds is Adds.ABSOLUTE:
                summed = tree.risen(np.abs(self.own.tree.gathered(amounts)))
            total = summed / 10**reading.compiled.scale
            total[~tree.any(present)] = np.nan
        estimated = tree.any(reading.estimated()) | reading.is_cut()[None, :]
        return Figures(total, estimated, self._covered(reading, present))

    def _means(self, reading: Reading, tree: Tree) -> Floats:
        """Means of what each structure states over the months of the window that it states, then added up.

        Work is events: a month without any is a month of none, so all months of the window count.
        """
        own = self.own.tree
        monthly, stated = reading.months()
        span = reading.window()
        months = span.total(own.any(stated).astype(np.int64))
        if reading.plan.is_work:
            months = np.where(months > 0, span.months, 0)
        count = np.where(reading.is_reported()[None, :], months, 0)
        total = span.total(own.gathered(monthly)) / 10**reading.compiled.scale
        answer: Floats = tree.risen(np.where(count > 0, total / np.maximum(count, 1), 0.0))
        answer[tree.risen(count) == 0] = np.nan
        return answer

    def _covered(self, reading: Reading, present: Flags) -> Floats:
        """Coverage of a measure; measures that need the same deliveries share it.

        Of events, nothing tells a quiet month from a missing one: what is there is all.
        """
        if reading.measure.adds is Adds.NONE:
            own = self.own.tree
            return own.own_shares(reading.shares(present)) if reading.plan.is_monthly else _shares_of(own.any(present))
        if not reading.plan.is_monthly:
            return _shares_of(self.tree.any(present))
        key = reading.deliveries()
        if key not in self._coverage:
            self._coverage[key] = self.tree.coverage(reading.shares(present), reading.ever())
        return self._coverage[key]


def groups_apart(measured: Measured) -> Iterator[Finding]:
    """For each rule over groups, those that its table does not list, told once (ME035)."""
    for name, rule in measured.groups.rules.items():
        found = measured.judged(name)
        if found is None or rule.among is None or not found.apart:
            continue
        names = [" ".join(group) for group in found.apart]
        more = ["…"] if len(names) > MOST_NAMES else []
        fields = {"dataset": rule.dataset, "table": rule.among.id, "count": len(names)}
        listed = ", ".join([*names[:MOST_NAMES], *more])
        yield Finding("ME035", rule.measure.place, rule.measure.label, {**fields, "names": listed})


def _shares_of(flags: Flags) -> Floats:
    return flags.astype(np.float64)


def cube_across(cube: Cube, parts: NDArray[np.intp]) -> Cube:
    """The rows of a cube whose two offices are in different `parts` (one number for each office)."""
    competence, work = (np.asarray(cube.table[name], np.int64) for name in (COMPETENCE, WORK))
    return Cube(cube.table.filter(pa.array(parts[competence] != parts[work])), cube.lines, cube.offices, cube.axis)


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure read from the cube, by office (first axis) and moment (second).

    `cube` tells who delivered; the sums come from `counted`, which may hold a part of its rows.
    """

    compiled: Compiled
    plan: Plan
    cube: Cube
    view: str
    asked: tuple[Moment, ...]
    counted: Cube

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.compiled.measure

    @property
    def axis(self) -> Axis:
        """The months of the cube."""
        return self.cube.axis

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments whose figures are read: those asked for, or a year earlier."""
        return tuple(earlier(moment, self.measure.before) for moment in self.asked)

    @property
    def window_name(self) -> str:
        """Which months are added up."""
        return f"{self.measure.window} {self.measure.before}"

    @property
    def is_state(self) -> bool:
        """Whether the figure is what stands at the moment, added up since the beginning."""
        return self.measure.window == "running" or (self.measure.entry == "pending" and self._is_at_end)

    @property
    def _is_at_end(self) -> bool:
        return self.measure.window != "integral"

    @property
    def _within(self) -> int:
        """How many months old the latest statement may be."""
        return 1 if self.measure.window == "period" else LATEST

    def window(self) -> Window:
        """Months that are added up."""
        return window("running" if self.is_state else self.measure.window, self.axis, self.moments)

    def amounts(self) -> tuple[Integers, Flags]:
        """Scaled integers, and where any entry stands behind them."""
        monthly = self._monthly(self.compiled.terms)
        stated = self._stated()
        if self.measure.aggregate == "last":
            return latest(monthly, stated, self.axis, self.moments, self._within)
        if self.measure.window == "integral":
            monthly = state_days(monthly, self._monthly(self.compiled.integral), self.axis)
            present = window("running", self.axis, self.moments).any(stated)
        else:
            present = self.window().any(stated)
        return self.window().total(monthly), present & self.is_reported()[None, :]

    def cells(self) -> Integers:
        """Scaled integers by office, line and month of the cube; lines that the measure leaves out hold zeros."""
        parts = [term.sign * self.counted.sums(term.sum, self.view) for term in self.compiled.terms]
        total = np.asarray(np.sum(parts, axis=0, dtype=np.int64))
        return np.where(self._lines()[None, :, None], total, 0)

    def months(self) -> tuple[Integers, Flags]:
        """Scaled integers of each month of the axis, and the months that state any; a closing states nothing new."""
        stated = self._stated()
        stated[..., self._is_closing()] = False
        return self._monthly(self.compiled.terms), stated

    def shares(self, present: Flags) -> Floats:
        """How much of what the measure needs each office delivered: months with entries of those of the window.

        A latest statement is there or not; of an office that never stated any of this, its latest rows of the dataset
        say that there is none.
        """
        if self.measure.aggregate == "last":
            rows = self._rows()
            _, has_rows = latest(rows, rows > 0, self.axis, self.moments, self._within)
            states = np.asarray(self._stated().any(axis=-1))
            return np.where(states[:, None], present, has_rows).astype(np.float64)
        name = "month_end" if self.is_state else self.measure.window
        span = window(name, self.axis, self.moments)
        months = self._rows() > 0
        months[..., self._is_closing()] = False
        return np.minimum(span.total(months.astype(np.int64)) / span.months, 1.0)

    def deliveries(self) -> tuple[str, ...]:
        """What decides the shares: the same for all measures of a dataset over the same months, or this one alone."""
        measure = self.measure
        if measure.aggregate == "last":
            return (measure.id, self.view)
        return (measure.dataset, self.view, "month_end" if self.is_state else measure.window, measure.before, "")

    def ever(self) -> Flags:
        """Offices that have any entry in the dataset."""
        return np.asarray(self._rows().any(axis=-1))

    def estimated(self) -> Flags:
        """Where estimates are among the rows."""
        return self.window().any(self._kept(self.counted.sums("estimated", self.view)) > 0)

    def is_cut(self) -> Flags:
        """Moments whose window begins before the ledger of work does: what is added up is not the whole of it."""
        span = self.window()
        if not self.plan.is_work or self.is_state:
            return np.zeros(len(self.moments), np.bool_)
        first = int(np.argmax(self._rows().any(axis=0)))
        return np.asarray(span.start < first)

    def is_reported(self) -> Flags:
        """Whether anybody delivered the month of each moment; what only happens now and then is never late."""
        if not self.plan.is_monthly:
            return np.ones(len(self.moments), np.bool_)
        return window("month_end", self.axis, self.moments).any(np.asarray(self._rows().any(axis=0)))

    def _is_closing(self) -> Flags:
        places = np.arange(self.axis.first, self.axis.first + self.axis.count)
        return np.asarray(places % PLACES == place_of(0, PLACES))

    def _monthly(self, terms: tuple[Term, ...]) -> Integers:
        parts = [term.sign * self._kept(self.counted.sums(term.sum, self.view)) for term in terms]
        return np.asarray(np.sum(parts, axis=0, dtype=np.int64))

    def _stated(self) -> Flags:
        """Months with entries: of the measure itself where amounts are stated, else of the dataset."""
        rows = self._kept(self.cube.sums(self.compiled.rows, self.view)) if self.compiled.rows else self._rows()
        return np.asarray(rows > 0)

    def _rows(self) -> Integers:
        return np.asarray(self.cube.sums("rows", self.view).sum(axis=1))

    def _kept(self, sums: Integers) -> Integers:
        """The lines that the measure keeps, added up."""
        return np.asarray((sums[:, self._lines(), :] if self.compiled.lines else sums).sum(axis=1))

    def _lines(self) -> Flags:
        """Lines where every condition of the measure on products is true."""
        kept = [all(name[position] == "1" for position in self.compiled.lines) for name in self.cube.lines]
        return np.array(kept, np.bool_)
