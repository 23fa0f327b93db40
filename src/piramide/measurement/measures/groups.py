"""Measures that count groups of rows, compiled: what is added up in a group, and what makes it pass (R22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.last_answers import LastAnswers
from piramide.kernel.naming import nearest
from piramide.kernel.periods import FINAL, Moment
from piramide.measurement.contract import WORK, Column, ColumnType, Contract, contract
from piramide.measurement.measures.conditions import Condition, parse_condition
from piramide.measurement.measures.fields import Field, Kind
from piramide.measurement.measures.of_nodes import measures_read
from piramide.methodology.groups import Groups
from piramide.methodology.measures import Measure
from piramide.methodology.model import Pack, Table, walk

_QUARTERS: Final = {"Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12, "year": FINAL}
_GROUPED: Final = frozenset({ColumnType.TEXT, ColumnType.CODE})
_ADDED_UP: Final = frozenset({ColumnType.DECIMAL, ColumnType.INTEGER})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a moment asks of every group: the checkpoint that is due last, and what it holds groups to.

    `month` is the month whose rows count; at the checkpoint `year` those of the closing come first.
    """

    checkpoint: str
    month: Moment
    holds: Condition
    judged: Condition | None


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The groups that a measure judges: of which dataset, by which columns, and what is added up in each.

    `among` is the table of the groups looked at, none where all that rows name are. `structures` are those whose own
    sheet holds an indicator that reads the rule.
    """

    measure: Measure
    groups: Groups
    dataset: str
    structure: str
    by: tuple[str, ...]
    columns: tuple[Column, ...]
    among: Table | None
    structures: frozenset[str]
    parameters: tuple[str, ...]

    @property
    def listed(self) -> frozenset[tuple[str, ...]] | None:
        """The groups looked at, each with its structure first (empty: of every structure); `None`: all of them."""
        if self.among is None:
            return None
        columns = self.among.columns
        whose = columns.index(self.structure) if self.structure in columns else None
        places = [columns.index(name) for name in self.by]
        rows = self.among.rows
        return frozenset((row[whose] if whose is not None else "", *(row[place] for place in places)) for row in rows)

    def asked(self, moment: Moment, pack: Pack) -> Asked | None:
        """What is due at a moment, with the parameters in force on its day.

        Nothing before the first checkpoint, nor on a day without one of the parameters.
        """
        due = {name: month for name, month in _months(self.groups.holds, moment) if month <= moment.month}
        numbers = numbers_on(pack, moment.day)
        if not due or not numbers.keys() >= set(self.parameters):
            return None
        checkpoint = max(due, key=lambda name: (due[name], name != "any"))
        month = moment.month if moment.is_final and due[checkpoint] >= _QUARTERS["Q4"] else due[checkpoint]
        holds = _condition(self, self.groups.holds[checkpoint], numbers)
        judged = _condition(self, self.groups.judged, numbers) if self.groups.judged else None
        return Asked(checkpoint, Moment(moment.year, month), holds, judged)


def numbers_on(pack: Pack, day: date) -> dict[str, Fraction]:
    """The parameters in force on a day."""
    found = {name: [v for since, v, _ in p.values if since <= day] for name, p in pack.parameters.items()}
    return {name: values[-1] for name, values in found.items() if values}


def _months(holds: Mapping[str, str], moment: Moment) -> Iterator[tuple[str, int]]:
    for name in holds:
        yield name, moment.month if name == "any" else _QUARTERS[name]


def _condition(rule: GroupRule, text: str, numbers: Mapping[str, Fraction]) -> Condition:
    return parse_condition(text, _fields(rule.columns), rule.measure.place, numbers)[0]


def _fields(columns: tuple[Column, ...]) -> dict[str, Field]:
    """Columns added up: integers, times ten to the scale."""
    return {column.name: Field(column.name, Kind.NUMBER, column.name, column.scale) for column in columns}


_RULES: Final[LastAnswers[Pack, Mapping[str, GroupRule]]] = LastAnswers(2)


def group_rules(pack: Pack) -> Mapping[str, GroupRule]:
    """The rules of a pack by the measure that states them.

    Raises `Refusal` with every fault: ME001-ME004 of conditions, ME006 a key that does not go with the dataset, ME031 a
    parameter that no decimal writes, ME032 a table or a measure that is not there, ME033 a table without a column,
    ME034 a table without rows.
    """
    return _RULES.of(pack, lambda: _group_rules(pack))


def _group_rules(pack: Pack) -> Mapping[str, GroupRule]:
    stating = {name: m for name, m in pack.measures.items() if m.groups is not None}
    answer: dict[str, GroupRule] = {}
    faults: list[Finding] = []
    for name, measure in stating.items():
        try:
            if measure.groups is not None and not measure.groups.judged_by:
                answer[name] = _rule(measure, measure.groups, pack)
        except Refusal as refusal:
            faults += refusal.findings
    for measure in stating.values():
        faults += _reference_faults(measure, stating)
    if faults:
        raise Refusal(*faults)
    return answer


def rule_of(measure: Measure) -> str:
    """The measure that states the rule whose groups a measure counts; itself where it does."""
    return measure.groups.judged_by or measure.id if measure.groups is not None else ""


def _reference_faults(measure: Measure, stating: Mapping[str, Measure]) -> Iterator[Finding]:
    """What is wrong with a measure that counts the groups judged by another."""
    groups = measure.groups
    if groups is None or not groups.judged_by:
        return
    stated = stating.get(groups.judged_by)
    if stated is None or stated.groups is None or stated.groups.judged_by or stated.dataset != measure.dataset:
        near = ", ".join(name for name, m in stating.items() if m.groups and not m.groups.judged_by)
        yield Finding("ME032", measure.place, measure.id, {"name": groups.judged_by, "near": near or "–"})
    elif groups != Groups(judged_by=groups.judged_by):
        yield Finding("ME006", measure.place, measure.id, {"key": "groups", "dataset": measure.dataset})


def _rule(measure: Measure, groups: Groups, pack: Pack) -> GroupRule:
    agreed = contract(measure.dataset) if measure.dataset else None
    _check_keys(measure, groups, agreed)
    assert agreed is not None  # noqa: S101 - _check_keys refused a measure without dataset
    structure, *by = groups.by
    numeric = tuple(column for column in agreed.columns if column.type in _ADDED_UP)
    known = {**{name: Fraction(1) for name in pack.parameters}, **numbers_on(pack, pack.until)}
    read: set[str] = set()
    parameters: set[str] = set()
    for text in (*groups.holds.values(), *([groups.judged] if groups.judged else [])):
        condition, numbers = parse_condition(text, _fields(numeric), measure.place, known)
        read |= {*condition.names}
        parameters |= numbers
    read |= {groups.amount} if groups.amount else set()
    return GroupRule(
        measure=measure,
        groups=groups,
        dataset=measure.dataset,
        structure=structure,
        by=tuple(by),
        columns=tuple(column for column in numeric if column.name in read),
        among=_table(measure, groups, pack, tuple(by)),
        structures=_holding(measure.id, pack),
        parameters=tuple(sorted(parameters)),
    )


def _check_keys(measure: Measure, groups: Groups, agreed: Contract | None) -> None:
    """Keys that contradict each other or that the dataset has no use for (ME006)."""
    types = {column.name: column.type for column in agreed.columns} if agreed else {}
    first = groups.by[:1]
    wrong = {
        "dataset": agreed is None or agreed.id == WORK or types.get(agreed.day) is not ColumnType.MONTH,
        "formula": bool(measure.formula),
        "entry": bool(measure.entry),
        "column": bool(measure.column),
        "filter": bool(measure.filter),
        "credit": measure.credit != "competence",
        "across": bool(measure.across),
        "before": bool(measure.before),
        "groups.by": agreed is None
        or first != agreed.structure[:1]
        or len(groups.by) < 2
        or any(types.get(name) not in _GROUPED or name in agreed.structure for name in groups.by[1:]),
        "groups.holds": not groups.holds or not set(groups.holds) <= {*_QUARTERS, "any"},
        "groups.amount": (groups.scored_by == "amount") != (types.get(groups.amount) in _ADDED_UP),
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise refuse("ME006", measure.place, measure.id, key=key, dataset=measure.dataset or "–")


def _table(measure: Measure, groups: Groups, pack: Pack, by: tuple[str, ...]) -> Table | None:
    """The table of the groups looked at: one of the pack, with their columns and at least one row."""
    if not groups.among:
        return None
    table = pack.tables.get(groups.among)
    if table is None:
        near = ", ".join(nearest(groups.among, pack.tables)) or ", ".join(pack.tables) or "–"
        raise refuse("ME032", measure.place, measure.id, name=groups.among, near=near)
    lacking = [name for name in by if name not in table.columns]
    if lacking:
        raise refuse("ME033", Place(table.path, 1), measure.id, table=table.id, columns=", ".join(lacking))
    if not table.rows:
        raise refuse("ME034", Place(table.path, 1), measure.id, table=table.id)
    return table


def _holding(rule: str, pack: Pack) -> frozenset[str]:
    """Structures whose own sheet holds an indicator that reads the groups of a rule."""
    counting = {name for name, measure in pack.measures.items() if rule_of(measure) == rule}
    reading = {
        name
        for name, indicator in pack.indicators.items()
        if counting & measures_read(indicator.formula, pack.measures)
    }
    return frozenset(
        structure
        for structure, sheet in pack.sheets.items()
        if any(node.indicator in reading for node in walk(sheet.tree))
    )
