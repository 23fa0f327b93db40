"""From one measured value back to what stands behind it: measures, cells of the cube, rows of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import refuse
from piramide.kernel.periods import Moment
from piramide.kernel.progress import silent
from piramide.measurement.cube.months import PLACES, Axis, Window, window
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.fold import Folded
from piramide.measurement.ledger.store import Codes, Ledger
from piramide.measurement.loading.work_rows import CHANNELS, KINDS, OUTCOMES, STATUSES
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.measurement.measures.groups import rule_of
from piramide.measurement.rows_sql import groups_query, rows_query
from piramide.measurement.values.figures import Measured, Reading, views
from piramide.measurement.values.indicators import source_of
from piramide.methodology.measures import Measure
from piramide.methodology.model import Indicator
from piramide.methodology.parent_rules import FORMULA, ParentRule

SAMPLE: Final = 20
"""Rows shown of each measure."""
MOST_CELLS: Final = 200
"""Cells shown of each measure, the largest first."""


@dataclass(frozen=True, slots=True)
class CubeCell:
    """What one office adds in one month and line; `line` names the conditions on products that hold there."""

    office: str
    line: str
    month: str
    amount: float


@dataclass(frozen=True, slots=True)
class MeasureTrace:
    """One measure of a value: its figure, the cells that add up to it, and rows with the query that finds them all.

    `formula` is that of a measure computed from others, which then follow on their own. `count` is how many rows and
    `cell_count` how many cells there are; the sample has fewer. `totals` are the cells of all lines together, by office
    and month, the largest first.
    """

    name: str
    label: str
    unit: str
    value: float | None
    formula: str = ""
    window: str = ""
    cells: tuple[CubeCell, ...] = ()
    cell_count: int = 0
    rows: tuple[Mapping[str, Any], ...] = ()
    count: int = 0
    query: str = ""
    totals: tuple[CubeCell, ...] = ()


@dataclass(frozen=True, slots=True)
class PartTrace:
    """One part of a mean: a structure below, or the rows of the parent itself, with the figure that weighs it."""

    structure: str
    value: float | None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A measured value, as it is computed now, and its measures from the formula down.

    Of a mean of other structures' values (R21, R38), `parts` are these and `by` the measure that weighs them; the
    measures then show what each adds up to for the parent.
    """

    structure: str
    indicator: str
    period: str
    formula: str
    value: float | None
    measures: tuple[MeasureTrace, ...]
    parts: tuple[PartTrace, ...] = ()
    by: str = ""


def trace(store: Path, scope: Scope, indicator: Indicator, structure: str, node: str = "") -> Trace:
    """Trace the value of an indicator for one node of a structure. Raises `Refusal` (ME019) where no data give one."""
    folded = fold_new(store, scope, silent).folded
    moment = scope.period.moment
    measured = measured_at(store, scope, folded, (moment,), month_by_month=True)
    formula = parse(indicator.formula, scope.pack.measures, indicator.place) if indicator.formula else None
    if formula is None or not measured.is_measurable(formula.names):
        raise refuse("ME019", subject=indicator.id)
    source = source_of(indicator, structure, measured)
    if source not in measured.tree.ids:
        raise refuse("ME019", subject=indicator.id)
    place = measured.tree.ids.index(source)
    tracer = _Tracer(measured, {item.plan.dataset: item for item in folded}, Ledger(store).codes(), place, moment, node)
    value = _number(measured.ruled(formula, indicator.parent, node).values[place, 0])
    rule, parts = _parts_of(indicator, formula, measured, place, node)
    down = tuple(tracer.down((*formula.names, *([rule.by] if rule.by else [])), set()))
    return Trace(structure, indicator.id, str(moment), indicator.formula, value, down, parts, rule.by)


def _parts_of(
    indicator: Indicator, formula: Expression, measured: Measured, place: int, node: str
) -> tuple[ParentRule, tuple[PartTrace, ...]]:
    """The rule by which a structure has its value, and the parts when that is a mean."""
    cases = indicator.parent
    only = measured.pack.measures.get(formula.text)
    if not cases and only is not None:  # an indicator that is a measure has the rule of the measure
        cases = only.parent
    rule = measured.rule(formula, cases, place)
    if not rule.is_mean:
        return FORMULA, ()
    ruled = measured.ruled(formula, cases, node).values[:, 0]
    weights = measured.figures(rule.by, node).values[:, 0] if rule.by else None
    below = measured.tree.children(place, rule.kinds).tolist()
    parts = [_part(measured, at, ruled[at], None if weights is None else weights[at]) for at in below]
    if rule.by:
        own = measured.own
        alone = own.of(formula, node).values[place, 0], own.figures(rule.by, node).values[place, 0]
        parts += [_part(measured, place, *alone)] if np.isfinite(alone[1]) else []
    return rule, tuple(part for part in parts if not rule.by or part.weight)


def _part(measured: Measured, place: int, value: float, weight: float | None) -> PartTrace:
    return PartTrace(measured.tree.ids[place], _number(value), None if weight is None else _number(weight))


@dataclass(frozen=True, slots=True)
class _Tracer:
    """Walks down from names in a formula to rows, for one structure at one moment."""

    measured: Measured
    folded: Mapping[str, Folded]
    codes: Codes
    place: int
    moment: Moment
    node: str

    def down(self, names: Sequence[str], met: set[str]) -> Iterator[MeasureTrace]:
        """Every measure that the names lead to, each once, what is computed before what it is computed from."""
        for name in names:
            measure = self.measured.pack.measures.get(name)
            if measure is None or name in met:
                continue
            met.add(name)
            value = _number(self.measured.figures(name, self.node).values[self.place, 0])
            if measure.formula:
                yield MeasureTrace(name, measure.label, measure.unit, value, measure.formula)
                yield from self.down(self.measured.formula(measure).names, met)
            elif measure.groups is not None:
                yield self._from_groups(measure, value)
            elif measure.dataset in self.folded:
                yield self._from_rows(measure, value)
            else:
                yield MeasureTrace(name, measure.label, measure.unit, value)

    def _from_rows(self, measure: Measure, value: float | None) -> MeasureTrace:
        item = self.folded[measure.dataset]
        readings = [self.measured.reading(measure.id, view, self.node) for view in views(measure)]
        found = [cell for reading in readings for cell in self._cells(reading)]
        if measure.aggregate == "last":
            latest = {cell.office: max(c.month for c in found if c.office == cell.office) for cell in found}
            found = [cell for cell in found if cell.month == latest[cell.office]]
        found.sort(key=lambda cell: -abs(cell.amount))
        months = _months(readings[0].axis, self._window(readings[0]))
        query = rows_query(item, readings[0].compiled, self._offices(), months, self._parts(measure))
        rows, count = _sample(query)
        return MeasureTrace(
            name=measure.id,
            label=measure.label,
            unit=measure.unit,
            value=value,
            window=measure.window,
            cells=tuple(found[:MOST_CELLS]),
            cell_count=len(found),
            rows=tuple(self._named(row, measure.dataset) for row in rows),
            count=count,
            query=query,
            totals=_totals(found),
        )

    def _from_groups(self, measure: Measure, value: float | None) -> MeasureTrace:
        """A measure that counts groups: a cell for each group judged, zero where it did not pass."""
        rule, (moment,) = rule_of(measure), self.measured.moments
        judged = self.measured.judged(rule)
        if judged is None or (asked := judged.asked[0]) is None:
            return MeasureTrace(measure.id, measure.label, measure.unit, value, window=measure.window)
        offices = set(self._offices())
        counted = judged.passed if rule == measure.id else judged.judged
        weights = np.where(counted, judged.weights(), 0)[:, 0] / judged.unit
        month = f"{moment.year:04d}-{min(asked.month.month, PLACES - 1):02d}"
        found = tuple(
            CubeCell(self.codes.structures[one.office], " ".join(one.group), month, float(weights[at]))
            for at, one in enumerate(judged.groups)
            if one.office in offices and judged.judged[at, 0]
        )
        loads = self.measured.groups.loads(rule)
        query = groups_query(judged.rule, loads, sorted(offices), asked.month, [one.group for one in judged.groups])
        rows, count = _sample(query)
        return MeasureTrace(
            name=measure.id,
            label=measure.label,
            unit=measure.unit,
            value=value,
            window=measure.window,
            cells=found[:MOST_CELLS],
            cell_count=len(found),
            rows=tuple(self._named(row, measure.dataset) for row in rows),
            count=count,
            query=query,
            totals=_totals(found),
        )

    def _offices(self) -> list[int]:
        """Positions of the offices that the structure gathers."""
        tree = self.measured.tree
        offices: list[int] = tree.offices[tree.totals == self.place].tolist()
        return offices

    def _parts(self, measure: Measure) -> list[list[int]]:
        """Offices on the same side of the border that a measure counts work across; none without a border."""
        if not measure.across:
            return []
        parts = self.measured.tree.parts(measure.across)
        return [np.flatnonzero(parts == part).tolist() for part in np.unique(parts[parts >= 0])]

    @staticmethod
    def _window(reading: Reading) -> Window:
        if reading.measure.aggregate == "last":  # a statement of up to a quarter ago may be the latest
            last = window("month_end", reading.axis, reading.moments)
            return Window(np.maximum(last.end - PLACES // 4 - 1, 0), last.end, last.months)
        return reading.window()

    def _cells(self, reading: Reading) -> Iterator[CubeCell]:
        amounts = reading.cells()
        span = self._window(reading)
        start, end = int(span.start[0]), int(span.end[0])
        offices = np.array(self._offices(), np.intp)
        conditions = self.folded[reading.measure.dataset].plan.conditions
        part: NDArray[np.int64] = amounts[offices, :, start:end]
        for office, line, month in zip(*(axis.tolist() for axis in np.nonzero(part)), strict=True):
            true = [c.sql for c, flag in zip(conditions, reading.cube.lines[line], strict=False) if flag == "1"]
            yield CubeCell(
                office=self.codes.structures[offices[office]],
                line=" and ".join(true).replace('"', ""),
                month=_month_name(reading.axis.first + start + month),
                amount=float(part[office, line, month]) / 10**reading.compiled.scale,
            )

    def _named(self, row: Mapping[str, Any], dataset: str) -> Mapping[str, Any]:
        """A stored row with the words that its positions stand for."""
        words: dict[str, Sequence[str]] = dict.fromkeys(("competence", "work", "structure"), self.codes.structures)
        words |= {"product": self.codes.products}
        if dataset == "work":
            words |= {"kind": KINDS, "outcome": OUTCOMES, "channel": CHANNELS, "status": STATUSES}
        return {name: _word(words.get(name), cell) for name, cell in row.items() if name not in {"case_key", "month"}}


def _totals(cells: Sequence[CubeCell]) -> tuple[CubeCell, ...]:
    """Cells of one office and month together, the largest first."""
    summed: dict[tuple[str, str], float] = defaultdict(float)
    for cell in cells:
        summed[cell.office, cell.month] += cell.amount
    largest = sorted(summed.items(), key=lambda item: -abs(item[1]))
    return tuple(CubeCell(office, "", month, amount) for (office, month), amount in largest[:MOST_CELLS])


def _word(words: Sequence[str] | None, cell: object) -> object:
    """A cell as a reader sees it: the word of a position; days and decimals as text."""
    if isinstance(cell, date | Decimal):
        return str(cell)
    return words[cell] if words is not None and isinstance(cell, int) else cell


def _sample(query: str) -> tuple[list[dict[str, Any]], int]:
    """The first rows that a query finds, and how many there are."""
    with DuckdbEngine() as engine:
        rows: list[dict[str, Any]] = engine.run(Query(f"{query} LIMIT {SAMPLE}")).to_pylist()
        count = engine.run(Query(f"SELECT COUNT(*) AS n FROM ({query})"))  # noqa: S608 - of checked parts
    return rows, int(count["n"][0].as_py())


def _months(axis: Axis, span: Window) -> tuple[int, int]:
    """First and last month of a window as the ledger counts them (year × 12 + month − 1)."""
    first, last = axis.first + int(span.start[0]), axis.first + int(span.end[0]) - 1
    return tuple(place // PLACES * 12 + min(place % PLACES, 11) for place in (first, last))  # type: ignore[return-value]  # two


def _month_name(place: int) -> str:
    year, month = divmod(place, PLACES)
    return f"{year:04d}-{month + 1:02d}"


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
