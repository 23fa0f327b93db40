"""The method in force on a day: overrides applied to what they depart from, computed targets with what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from piramide.kernel.findings import Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.numbers import parse_machine
from piramide.methodology.computed_weights import as_stated, with_computed_weights
from piramide.methodology.model import (
    Indicator,
    Node,
    Override,
    Pack,
    Parameter,
    RuleKind,
    Sheet,
    Table,
    WeightSource,
)
from piramide.methodology.money import Money
from piramide.methodology.reweighting import Reweighting
from piramide.methodology.target_rules import TargetRules, with_computed_targets
from piramide.methodology.weights import POINTS

Item = TypeVar("Item")

_VALUED = frozenset({"table", "parameter", "history", "money"})
"""Subjects of which the one field is the value."""


def last_day(pack: Pack) -> date:
    """The last day for which the pack holds: every amendment of the year is in force."""
    return pack.until - timedelta(days=1)


def in_force(pack: Pack, day: date | None = None) -> Pack:
    """The pack as it holds on `day` (default: its last day): amended, its targets and weights computed for that day.

    Refuses what `amended` does, target rules that cannot be computed, and shares of guests that are not known.
    """
    day = day or last_day(pack)
    return with_computed_weights(with_computed_targets(amended(pack, day), day), day)


def tried_on(pack: Pack, year: int) -> Pack:
    """The method in force on its last day as if it held for `year`, to compare a series; 0 changes nothing.

    The organisation stays dated: each day has the tree of that day.
    """
    if year in {0, pack.year}:
        return pack
    return replace(in_force(pack), year=year, since=date(year, 1, 1), until=date(year + 1, 1, 1))


def amended(pack: Pack, day: date) -> Pack:
    """The pack with the overrides in force on `day` applied; it carries only later ones.

    Weights are those that acts state, and targets are not computed yet.

    Refuses an override whose subject does not exist or that departs from something else than what stands there, and
    two that hold for the same subject and field.
    """
    due = sorted((o for o in pack.overrides if o.since <= day), key=lambda o: o.since)
    _refuse_clashes(due)
    pack = as_stated(pack)
    for override in due:
        pack = _applied(pack, override)
    return replace(pack, overrides=tuple(override for override in pack.overrides if override.since > day))


def _refuse_clashes(overrides: Iterable[Override]) -> None:
    seen: dict[tuple[object, ...], Override] = {}
    for override in overrides:
        key = (tuple(sorted(override.subject.items())), override.field, override.since)
        if key in seen:
            raise refuse("PL060", override.place, override.id, other=seen[key].id, other_where=str(seen[key].place))
        seen[key] = override


def _applied(pack: Pack, override: Override) -> Pack:
    subject = override.subject
    if override.field != "value" and not _VALUED.isdisjoint(subject):
        raise refuse("PL063", override.place, override.id, field=override.field)
    for name, changed in _CHANGES.items():
        if name in subject:
            return changed(pack, override)
    sheets = dict(pack.sheets)
    for structure in _structures(pack, override):
        sheets[structure] = _changed_sheet(sheets[structure], override, pack)
    return replace(pack, sheets=sheets)


def _with_table(pack: Pack, override: Override) -> Pack:
    table = _one(pack.tables, override.subject["table"], override)
    return replace(pack, tables={**pack.tables, override.subject["table"]: _corrected(table, override)})


def _with_parameter(pack: Pack, override: Override) -> Pack:
    parameter = _one(pack.parameters, override.subject["parameter"], override)
    return replace(pack, parameters={**pack.parameters, parameter.id: _changed_parameter(parameter, override)})


def _with_money(pack: Pack, override: Override) -> Pack:
    money = _one(pack.money, override.subject["money"], override)
    return replace(pack, money={**pack.money, money.id: _changed_money(money, override)})


def _with_rule(pack: Pack, override: Override) -> Pack:
    rule = _one(pack.reweighting, override.subject["reweighting"], override)
    return replace(pack, reweighting={**pack.reweighting, rule.id: _changed_rule(rule, override, pack)})


def _with_indicator(pack: Pack, override: Override) -> Pack:
    indicator = _one(pack.indicators, override.subject["indicator"], override)
    _refuse_fixed(indicator, override)
    return replace(pack, indicators={**pack.indicators, indicator.id: _changed_indicator(indicator, override)})


_CHANGES: Mapping[str, Callable[[Pack, Override], Pack]] = {
    "table": _with_table,
    "parameter": _with_parameter,
    "history": lambda pack, override: replace(pack, history=_changed_history(pack, override)),
    "money": _with_money,
    "reweighting": _with_rule,
    "indicator": _with_indicator,
}
"""What an override of each subject does; any other is of a node."""


def _changed_parameter(parameter: Parameter, override: Override) -> Parameter:
    """The parameter with one more dated value, which departs from the one in force until that day."""
    standing = [value for since, value, _ in parameter.values if since <= override.since]
    _compare(override, str(standing[-1]) if standing else "")
    others = (dated for dated in parameter.values if dated[0] != override.since)
    added = (override.since, _number(override), override.citation)
    return replace(parameter, values=tuple(sorted((*others, added), key=lambda dated: dated[0])))


def _changed_money(money: Money, override: Override) -> Money:
    """The sum with another total, in whole cents and never negative."""
    _compare(override, str(money.total))
    total = _number(override)
    if total < 0 or (total * 100).denominator != 1:
        raise refuse("PL064", override.place, override.id, field=override.field, value=override.value)
    return replace(money, total=total, citation=override.citation)


def _changed_rule(rule: Reweighting, override: Override, pack: Pack) -> Reweighting:
    """The re-weighting with another share, a number or the name of a parameter."""
    if override.field not in {"each", "most"}:
        raise refuse("PL063", override.place, override.id, field=override.field)
    _compare(override, str(getattr(rule, override.field)))
    share: Fraction | str = override.value if override.value in pack.parameters else _share(override)
    if isinstance(share, Fraction) and share > 1:
        raise refuse("PL064", override.place, override.id, field=override.field, value=override.value)
    rule = replace(rule, citation=override.citation)
    return replace(rule, each=share) if override.field == "each" else replace(rule, most=share)


def _refuse_fixed(indicator: Indicator | None, override: Override) -> None:
    """Nothing of an indicator that is not amendable changes during the year."""
    if indicator is not None and not indicator.is_amendable:
        raise refuse("PL066", override.place, override.id, indicator=indicator.id, field=override.field)


def _changed_history(pack: Pack, override: Override) -> dict[tuple[str, str], Mapping[str, Fraction]]:
    """Past values with one of them corrected, so that the targets computed from it follow."""
    key = override.subject.get("structure", ""), override.subject.get("node", "")
    known = {", ".join(names): values for names, values in pack.history.items()}
    values = _one(known, ", ".join(key), override)
    standing = _one(values, override.subject["history"], override)
    _compare(override, str(standing))
    return {**pack.history, key: {**values, override.subject["history"]: _number(override)}}


def _structures(pack: Pack, override: Override) -> tuple[str, ...]:
    named = override.subject.get("structure", "")
    if named.startswith("kind:"):
        kinds = {s.id: s.kind for s in pack.organisation.versions}
        by_kind: dict[str, list[str]] = {}
        for name in pack.sheets:
            by_kind.setdefault(kinds[name], []).append(name)
        return tuple(_one(by_kind, named.removeprefix("kind:"), override))
    _one(pack.sheets, named, override)
    return (named,)


def _changed_sheet(sheet: Sheet, override: Override, pack: Pack) -> Sheet:
    wanted = override.subject.get("node", "")
    found: list[str] = []

    def visit(node: Node) -> Node:
        found.append(node.id)
        if node.id == wanted:
            _refuse_fixed(pack.indicators.get(node.indicator), override)
            return _changed_node(
                _standing(node, sheet.structure, override, pack), override, POINTS if pack.weighs_in_points else 1
            )
        return node

    tree = tuple(node.mapped(visit) for node in sheet.tree)
    if wanted not in found:
        near = ", ".join(nearest(wanted, found)) or "-"
        raise refuse("PL061", override.place, override.id, missing=wanted, near=near)
    return replace(sheet, tree=tree)


def _standing(node: Node, structure: str, override: Override, pack: Pack) -> Node:
    """The node as it stands on the day of the override: a computed target is what an override departs from."""
    if override.field != "target" or not node.target_rule:
        return node
    return replace(node, target=TargetRules.of(pack, override.since).target(node, structure))


def _changed_node(node: Node, override: Override, whole: int) -> Node:
    """The node as the override has it, which writes weights on a scale of `whole`, as the trees do."""
    change: dict[str, Callable[[], Node]] = {
        "target": lambda: replace(
            node, target=_number(override), target_citation=override.citation, target_rule="", is_target_computed=False
        ),
        "weight": lambda: replace(
            node, weight=_share(override) / whole, weight_source=WeightSource.STATED, citation=override.citation
        ),
        "label": lambda: replace(node, label=override.value),
    }
    before = {"target": node.target, "weight": node.weight * whole, "label": node.label}
    if override.field not in change or (override.field == "weight" and node.weight_rule):
        raise refuse("PL063", override.place, override.id, field=override.field)
    standing = before[override.field]
    _compare(override, "" if standing is None else str(standing))
    return change[override.field]()


def _changed_indicator(indicator: Indicator, override: Override) -> Indicator:
    if override.field == "cap":
        _compare(override, str(indicator.cap))
        return replace(indicator, cap=_share(override))
    if override.field == "rule":
        _compare(override, indicator.rule.value)
        return replace(indicator, rule=_rule(override))
    raise refuse("PL063", override.place, override.id, field=override.field)


def _corrected(table: Table, override: Override) -> Table:
    columns = {name: position for position, name in enumerate(table.columns)}
    key = [columns[name] for name in table.key]
    rows = ["|".join(row[position] for position in key) for row in table.rows]
    row_name, column = override.subject.get("row", ""), override.subject.get("column", "")
    if row_name not in rows or column not in columns:
        missing = column if row_name in rows else row_name
        near = ", ".join(nearest(missing, [*rows, *columns])) or "-"
        raise refuse("PL061", override.place, override.id, missing=missing, near=near)
    at, cell = rows.index(row_name), columns[column]
    _compare(override, table.rows[at][cell])
    row = (*table.rows[at][:cell], override.value, *table.rows[at][cell + 1 :])
    return replace(table, rows=(*table.rows[:at], row, *table.rows[at + 1 :]))


def _one(items: Mapping[str, Item], name: str, override: Override) -> Item:
    if name not in items:
        near = ", ".join(nearest(name, sorted(items))) or "-"
        raise refuse("PL061", override.place, override.id, missing=name, near=near)
    return items[name]


def _number(override: Override) -> Fraction:
    return parse_machine(override.value, override.place)


def _share(override: Override) -> Fraction:
    """A weight or a cap: never negative."""
    number = _number(override)
    if number < 0:
        raise refuse("PL064", override.place, override.id, field=override.field, value=override.value)
    return number


def _rule(override: Override) -> RuleKind:
    try:
        return RuleKind(override.value)
    except ValueError as error:
        raise refuse("PL055", override.place, override.value, known=", ".join(RuleKind)) from error


def _compare(override: Override, standing: str) -> None:
    """What an override departs from must be what stands there, as text or as the same number."""
    if standing == override.before:
        return
    with suppress(Refusal):  # either side may be a word: then they differ
        if parse_machine(standing, override.place) == parse_machine(override.before, override.place):
            return
    raise refuse("PL062", override.place, override.id, before=override.before, standing=standing)
