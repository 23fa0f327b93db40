"""The measures of a pack over one dataset, compiled into base sums that one GROUP BY computes.

A measure is a sum, with signs, of *base sums* over the offices, the months and the *lines* it keeps. Base sums are
shared: two measures that differ by area alone are one base sum over different lines. A line is the set of products
that no condition of the pack tells apart: its name is the truth of each of those conditions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.last_answers import LastAnswers
from piramide.measurement.contract import WORK, ColumnType, contract
from piramide.measurement.ledger.store import Codes
from piramide.measurement.loading.work_rows import KINDS
from piramide.measurement.measures.conditions import Amount, Condition, parse_amount, parse_conditions
from piramide.measurement.measures.fields import ENTRIES, POINTS_IN, Field, as_received, fields_of
from piramide.measurement.measures.of_nodes import compiled_name, nodes_of
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack

_NOWHERE: Final = Place("")
_PENDING: Final = (("received", 1), ("reopened", 1), ("resolved", -1))
_DAYS_LEFT: Final = "days_to_month_end"


@dataclass(frozen=True, slots=True)
class BaseSum:
    """One integer column of the cube: its name and the SQL of what is added up over all rows.

    Of work, `of_kind` adds up the same over the rows of `kind` alone, and `of_flows` over the flows of a load; it is
    empty where a condition or a quantity has to be read row by row. `as_received`: the version of the product is that
    of the day of receipt and not that of the row, so that a case leaves the pending cases where it came in.
    """

    name: str
    sql: str
    kind: int = -1
    of_kind: str = ""
    of_flows: str = ""
    as_received: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A base sum of a measure, and whether it adds (1) or takes away (-1)."""

    sum: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Compiled:
    """A measure in terms of base sums.

    The value is the sum of `terms` over the lines where every condition of `lines` (positions in `Plan.conditions`)
    is true, divided by ten to the `scale`. Where a dataset states amounts month by month, `rows` counts those that the
    measure reads: without any, it is missing and not zero. `integral` are the terms times the days left in the month.
    `where` is the SQL condition of the rows that count.
    """

    measure: Measure
    terms: tuple[Term, ...]
    scale: int
    lines: tuple[int, ...] = ()
    rows: str = ""
    integral: tuple[Term, ...] = ()
    where: str = "TRUE"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one dataset is folded into: base sums, conditions on products, attributes read by rows.

    `measures` are by name; a measure of one node stands there for every node too (`compiled_name`).
    """

    dataset: str
    sums: tuple[BaseSum, ...]
    conditions: tuple[Condition, ...]
    measures: Mapping[str, Compiled]

    @property
    def is_work(self) -> bool:
        """Whether rows have a product and two offices."""
        return self.dataset == WORK

    @property
    def pending_conditions(self) -> frozenset[int]:
        """Positions of the conditions on products that pending cases are told apart by."""
        pending = (compiled for compiled in self.measures.values() if compiled.measure.entry == "pending")
        return frozenset(position for compiled in pending for position in compiled.lines)

    @property
    def is_monthly(self) -> bool:
        """Whether every office is expected to deliver rows for every month, rather than when something happens."""
        return self.is_work or _is_monthly(self.dataset)


def _is_monthly(dataset: str) -> bool:
    agreed = contract(dataset)
    return agreed.column(agreed.day).type is ColumnType.MONTH


_PLANNED: Final[LastAnswers[Pack, Mapping[str, Plan]]] = LastAnswers(2)


def plans(pack: Pack, codes: Codes) -> Mapping[str, Plan]:
    """A plan for each dataset that the pack's measures add up, in alphabetical order; groups have plans of their own.

    Raises `Refusal` with every fault: ME001-ME005 of conditions and columns, ME006 a key that does not go with the
    dataset, ME007 an entry missing, ME008 a share that is no parameter, FA001 an unknown dataset.
    """
    return _PLANNED.of(pack, lambda: _planned(pack, codes), beside=codes)


def _planned(pack: Pack, codes: Codes) -> Mapping[str, Plan]:
    faults: list[Finding] = []
    answer = {}
    nodes = nodes_of(pack)
    added_up = [m for m in pack.measures.values() if m.dataset and m.groups is None]
    for dataset in sorted({m.dataset for m in added_up}):
        measures = [m for m in added_up if m.dataset == dataset]
        try:
            fields = fields_of(dataset, codes)
        except Refusal as refusal:
            faults += refusal.findings
            continue
        builder = _Builder(dataset, fields)
        for measure in measures:
            try:
                _check_keys(measure, pack)
                for node in ("", *nodes.get(measure.id, ())):
                    builder.add(measure, node)
            except Refusal as refusal:
                faults += refusal.findings
        answer[dataset] = builder.plan()
    if faults:
        raise Refusal(*faults)
    return answer


BY_LINE: Final = {
    "received": (("received", "", ""),),
    "reopened": (("reopened", "", ""),),
    "resolved": (("resolved", "", ""),),
    "automatic": (("resolved", "", "automated"),),
    "received_points": (("received", "points", ""),),
    "reopened_points": (("reopened", "points", ""),),
    "resolved_points": (("resolved", "points", ""),),
    "automatic_points": (("resolved", "points", "automated"),),
    "done_points": (("resolved", "points", "not automated"),),
    "staff_hours": tuple((kind, "staff_hours", "") for kind in ("received", "transferred", "resolved", "reopened")),
}
"""What is added up of work by product line: kinds of entries, what is summed (pieces where empty), which rows."""


def plan_by_line(lines: Sequence[str], codes: Codes) -> Plan:
    """A plan of work whose lines are the product lines of the catalogue, whatever the measures of a pack tell apart.

    Its measures are those of `BY_LINE`. A case leaves the line that it came in with; `done_points` and `staff_hours`
    are of the day of the row, as production counts them.
    """
    builder = _Builder(WORK, fields_of(WORK, codes))
    for line in lines:
        builder.tell_apart(f"line = '{line.replace(chr(39), chr(39) * 2)}'")
    for name, parts in BY_LINE.items():
        builder.add_parts(name, parts, as_received_too=name not in {"done_points", "staff_hours"})
    return builder.plan()


def _check_keys(measure: Measure, pack: Pack) -> None:
    """Keys of a measure that contradict each other, or that the dataset has no use for."""
    is_work = measure.dataset == WORK
    wrong = {
        "formula": bool(measure.formula),
        "entry": bool(measure.entry) and not is_work,
        "credit": measure.credit != "competence" and (not is_work or measure.entry == "pending"),
        "across": bool(measure.across)
        and (
            not is_work
            or measure.credit == "own"
            or measure.entry == "pending"
            or not {s.kind for s in pack.organisation.versions}.issuperset(measure.across)
        ),
        "column": bool(measure.column) == (measure.aggregate == "count"),
        "window": measure.window == "integral" and measure.entry != "pending",
        "aggregate": (measure.aggregate == "last" and is_work)
        or (measure.aggregate == "mean" and measure.entry == "pending"),
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise refuse("ME006", measure.place, measure.id, key=key, dataset=measure.dataset)
    if is_work and not measure.entry:
        raise refuse("ME007", measure.place, measure.id, entries=", ".join((*KINDS, "pending")))
    if (measure.credit == "split") != (measure.share in pack.parameters):
        raise refuse("ME008", measure.place, measure.id, share=measure.share or "–")


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a measure adds up: the rows where conditions hold, or an amount of them; of which version of the product."""

    of_row: tuple[str, ...]
    amount: Amount | None
    as_received: bool


class _Builder:
    """Collects base sums and conditions on products, each once."""

    def __init__(self, dataset: str, fields: Mapping[str, Field]) -> None:
        self._dataset = dataset
        self._fields = fields
        self._is_statement = dataset != WORK and _is_monthly(dataset)
        self._sums: dict[tuple[str, bool], BaseSum] = {}
        self._conditions: dict[str, Condition] = {}
        self._measures: dict[str, Compiled] = {}

    def plan(self) -> Plan:
        """What has been collected."""
        return Plan(self._dataset, tuple(self._sums.values()), tuple(self._conditions.values()), self._measures)

    def add(self, measure: Measure, node: str = "") -> None:
        """Compile one measure, for one node where its filter names it."""
        conditions = parse_conditions(measure.filter, self._fields, measure.place, node)
        of_product = [c for c in conditions if c.names and all(self._fields[n].of_product for n in c.names)]
        of_row = [c.sql for c in conditions if c not in of_product]
        if measure.entry == "pending" and of_row:
            raise refuse("ME006", measure.place, measure.id, key="filter", dataset=self._dataset)
        is_pending = measure.entry == "pending"
        fields = as_received(self._fields) if is_pending else self._fields
        amount = parse_amount(measure.column, fields, measure.place) if measure.column else None
        kinds = _PENDING if is_pending else ((measure.entry, 1),)
        counted = _Counted(tuple(of_row), amount, is_pending)
        terms = tuple(Term(self._sum(kind, counted), sign) for kind, sign in kinds)
        wheres = [_conditions_of(kind, of_row) for kind, _ in kinds]
        self._measures[compiled_name(measure.id, node)] = Compiled(
            measure=measure,
            terms=terms,
            scale=amount.scale if amount else 0,
            lines=tuple(self._position(condition) for condition in of_product),
            rows=self._rows(wheres[0]) if self._is_statement and amount else "",
            integral=tuple(Term(self._sum(kind, counted, by_days=True), sign) for kind, sign in kinds)
            if measure.window == "integral"
            else (),
            where=" OR ".join(f"({' AND '.join(where)})" for where in wheres if where) or "TRUE",
        )

    def tell_apart(self, condition: str) -> None:
        """Keep products for which a condition holds in lines of their own."""
        for part in parse_conditions(condition, self._fields, _NOWHERE):
            self._position(part)

    def add_parts(self, name: str, parts: Sequence[tuple[str, str, str]], *, as_received_too: bool) -> None:
        """Compile a sum over kinds of entries, of every line; `as_received_too`: in the line of the day of receipt."""
        terms, scale = [], 0
        for kind, column, rows in parts:
            fields = as_received(self._fields) if as_received_too else self._fields
            amount = parse_amount(column, fields, _NOWHERE) if column else None
            of_row = tuple(condition.sql for condition in parse_conditions(rows, self._fields, _NOWHERE))
            terms.append(Term(self._sum(kind, _Counted(of_row, amount, as_received_too))))
            scale = amount.scale if amount else 0
        lines = tuple(range(len(self._conditions)))
        measure = Measure(name, name, _NOWHERE, dataset=WORK, entry="pending" if as_received_too else parts[0][0])
        self._measures[name] = Compiled(measure, tuple(terms), scale, lines)

    def _sum(self, kind: str, counted: _Counted, *, by_days: bool = False) -> str:
        """The base sum of what is counted; a row taken back counts minus."""
        value, amount = _stored("sign"), counted.amount.sql if counted.amount else ""
        for factor in (amount, _stored(_DAYS_LEFT) if by_days else ""):
            value = f"CAST({value} AS BIGINT) * ({factor})" if factor else value
        where = _conditions_of(kind, counted.of_row)
        known = _KNOWN_TO_FLOWS.get((amount, by_days)) if kind and not counted.of_row else None
        base = BaseSum(
            name=f"s{len(self._sums)}",
            sql=_total(where, value),
            kind=KINDS.index(kind) if kind else -1,
            of_kind=_total(counted.of_row, value),
            of_flows=_total(where, _stored(known)) if known else "",
            as_received=counted.as_received,
        )
        return self._sums.setdefault((base.sql, base.as_received), base).name

    def _rows(self, where: Sequence[str]) -> str:
        sql = _total(where, "1")
        return self._sums.setdefault((sql, False), BaseSum(f"s{len(self._sums)}", sql)).name

    def _position(self, condition: Condition) -> int:
        known = self._conditions.setdefault(condition.sql, condition)
        return list(self._conditions).index(known.sql)


def _stored(name: str) -> str:
    return f'"{ENTRIES}"."{name}"'


_KNOWN_TO_FLOWS: Final = {
    ("", False): "pieces",
    ("", True): "days_left",
    (_stored(POINTS_IN), False): "points_in_1000",
}
"""The column of flows that holds an amount, by its SQL and whether it is multiplied by the days left."""


def _conditions_of(kind: str, of_row: Sequence[str]) -> tuple[str, ...]:
    return (*((f"{_stored('kind')} = {KINDS.index(kind)}",) if kind else ()), *of_row)


def _total(where: Sequence[str], value: str) -> str:
    """The sum of a value over the rows where every condition holds, as a 64-bit integer."""
    counted = f"CASE WHEN {' AND '.join(where)} THEN {value} ELSE 0 END" if where else value
    return f"CAST(COALESCE(SUM({counted}), 0) AS BIGINT)"
