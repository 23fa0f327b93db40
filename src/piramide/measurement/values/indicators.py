"""Values of indicators: formulas over figures, for every structure whose sheet asks for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.note import note
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.periods import Moment
from piramide.kernel.sides import divisors, sides
from piramide.kernel.statuses import Status
from piramide.measurement.measures.of_nodes import leaves, measures_read
from piramide.measurement.values.figures import Measured
from piramide.measurement.values.parents import NO_VALUE, Figures
from piramide.measurement.values.tree import Floats
from piramide.methodology.model import PARENT, Indicator, Node, Pack, RuleKind


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One row of a values file; `coverage` is the share of the expected deliveries that stand behind it."""

    structure: str
    indicator: str
    moment: Moment
    value: float | None
    numerator: float | None
    denominator: float | None
    status: str
    coverage: float
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorFigures:
    """Figures of an indicator, and of the two sides of its division where its formula is one.

    `divisor` is the least of what the formula divides by. Sides and interval are of what is computed by the formula.
    """

    whole: Figures
    numerator: Floats | None = None
    denominator: Floats | None = None
    half_width: Floats | None = None
    divisor: Floats | None = None


def indicator_figures(indicator: Indicator, measured: Measured, node: str = "") -> IndicatorFigures | None:
    """Figures of an indicator, as `node` measures it, by structure and moment; nothing when a person collects it."""
    node = node if _differs(indicator, measured) else ""
    return measured.once(indicator.id, node, lambda: _figures(indicator, measured, node))


def _figures(indicator: Indicator, measured: Measured, node: str) -> IndicatorFigures | None:
    expression = measured_formula(indicator, measured)
    if expression is None:
        return None
    whole = measured.ruled(expression, indicator.parent, node)
    parts = [parse(text, measured.pack.measures) for text in divisors(expression.text)]
    divided_by = [measured.of(part, node).values for part in parts]
    divisor = _by_formula(np.fmin.reduce(divided_by), whole) if divided_by else None
    two = _sides(expression, measured.pack)
    if two is None:
        return IndicatorFigures(whole, divisor=divisor)
    top, bottom = two
    is_plain = top.text in top.names and bottom.text in bottom.names
    half_width = measured.half_widths(top.text, bottom.text) if is_plain else None
    upper, lower = (_by_formula(measured.of(side, node).values, whole) for side in two)
    return IndicatorFigures(whole, upper, lower, half_width, divisor)


def _by_formula(values: Floats, whole: Figures) -> Floats:
    """Figures where the value is that of the formula; nothing where it is a mean of other structures' values."""
    return values if whole.asked is None else np.where(whole.asked == 0, values, np.nan)


def collected_by_hand(pack: Pack, measured: Measured) -> tuple[str, ...]:
    """Indicators of the sheets that no data give, in the order of the pack.

    Composites are made of their parts, and what takes the score of others is computed from it.
    """
    wanted = {node.indicator for sheet in pack.sheets.values() for node in leaves(sheet.tree)}
    return tuple(
        name
        for name, indicator in pack.indicators.items()
        if name in wanted
        and not indicator.composite
        and not indicator.score_of
        and measured_formula(indicator, measured) is None
    )


def indicator_values(measured: Measured, structures: Sequence[str] = ()) -> Iterator[IndicatorValue]:
    """A row for each leaf of each sheet that data can give, and each moment asked for.

    The last moment has every indicator; earlier ones those whose rule looks back. An indicator whose value is taken
    from one structure has one row, of that structure.
    """
    pack, done = measured.pack, set()
    place = {name: position for position, name in enumerate(measured.tree.ids)}
    for structure, node in wanted(pack, structures):
        indicator = pack.indicators[node.indicator]
        owner = indicator.value_from or structure
        if (owner, node.id) in done:
            continue
        done.add((owner, node.id))
        if (found := indicator_figures(indicator, measured, node.id)) is None:
            continue
        source = source_of(indicator, owner, measured)
        for column, moment in enumerate(measured.moments):
            is_last = column == len(measured.moments) - 1
            if is_last or looks_back(indicator):
                row = _row(owner, node.id, moment, indicator, _at(found, place.get(source), column))
                yield _with_counts(row, indicator, measured, place.get(source)) if is_last else row


def _with_counts(
    row: IndicatorValue, indicator: Indicator, measured: Measured, structure: int | None
) -> IndicatorValue:
    """The row with how many groups passed at each checkpoint so far, where its indicator counts groups (R22)."""
    read = measures_read(indicator.formula, measured.pack.measures) & set(measured.groups.rules)
    judged = [found for name in sorted(read) if (found := measured.judged(name)) is not None]
    if structure is None or not judged:
        return row
    shares = [count for found in judged for count in found.counts(measured.tree, structure, len(measured.moments) - 1)]
    told = note("ME109", shares=shares) if shares else ""
    return replace(row, note=" ".join(part for part in (told, row.note) if part))


def source_of(indicator: Indicator, owner: str, measured: Measured) -> str:
    """The structure whose figures give the value of `owner`: usually itself."""
    return source_in(indicator, owner, measured.tree.day)


def source_in(indicator: Indicator, owner: str, tree: OrganisationOnDay) -> str:
    """The same in a tree, without figures."""
    if owner not in tree:
        return owner
    structure = tree[owner]
    source = indicator.measured_on.get(owner) or indicator.measured_on.get(structure.kind) or owner
    return structure.parent if source == PARENT else source


def looks_back(indicator: Indicator) -> bool:
    """Whether the score reads earlier periods of the year too."""
    return bool(indicator.checkpoints) or bool(indicator.profile)


def wanted(pack: Pack, structures: Sequence[str]) -> Iterator[tuple[str, Node]]:
    """Every leaf with an indicator of the sheets of some structures, all of them when empty."""
    for structure, sheet in pack.sheets.items():
        if not structures or structure in structures:
            yield from ((structure, node) for node in leaves(sheet.tree) if node.is_at_hand)


def _differs(indicator: Indicator, measured: Measured) -> bool:
    """Whether the nodes of an indicator have a figure each."""
    return any(name in indicator.formula for name in measured.of_nodes)


def measured_formula(indicator: Indicator, measured: Measured) -> Expression | None:
    """The formula of an indicator that data give; nothing when a person collects it."""
    if not indicator.formula:
        return None
    expression = parse(indicator.formula, measured.pack.measures, indicator.place)
    return expression if measured.is_measurable(expression.names) else None


def _sides(expression: Expression, pack: Pack) -> tuple[Expression, Expression] | None:
    """What is divided and by what, for a formula `a / nullif(b, 0)`."""
    found = sides(expression.text)
    if found is None:
        return None
    top, bottom = (parse(side, pack.measures) for side in found)
    return top, bottom


_Cell = Mapping[str, float | None]


def _at(found: IndicatorFigures, position: int | None, column: int) -> _Cell | None:
    """One cell of the figures; nothing for a structure that does not exist on the day."""
    if position is None:
        return None
    cell = (position, column)
    return {
        "value": _number(found.whole.values[cell]),
        "numerator": _number(found.numerator[cell]) if found.numerator is not None else None,
        "denominator": _number(found.denominator[cell]) if found.denominator is not None else None,
        "half_width": _number(found.half_width[cell]) if found.half_width is not None else None,
        "divisor": _number(found.divisor[cell]) if found.divisor is not None else None,
        "asked": float(found.whole.asked[cell]) if found.whole.asked is not None else 0.0,
        "known": float(found.whole.known[cell]) if found.whole.known is not None else 0.0,
        "estimated": bool(found.whole.estimated[cell]),
        "coverage": float(found.whole.coverage[cell]),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _row(owner: str, node: str, moment: Moment, indicator: Indicator, cell: _Cell | None) -> IndicatorValue:
    if cell is None:
        return IndicatorValue(owner, node, moment, None, None, None, Status.MISSING, 0.0, note("ME102"))
    value, numerator, denominator = (_figure(cell[name]) for name in ("value", "numerator", "denominator"))
    coverage = _figure(cell["coverage"]) or 0.0
    status = Status.ESTIMATED if cell["estimated"] else Status.MEASURED
    notes = [] if coverage >= 1 else [note("ME101", coverage=_short_of_whole(coverage))]
    if value is not None and (half_width := _figure(cell["half_width"])) is not None:
        low, high = (f"{value + side * half_width:.3f}" for side in (-1, 1))
        notes.insert(0, note("ME104", low=low, high=high))
    if value is None:
        # Nothing to divide by is an answer of its own where the act gives points to bands (R26).
        is_empty = numerator is not None and denominator == 0
        status = Status.NOT_APPLICABLE if is_empty and indicator.rule is RuleKind.BANDS else Status.MISSING
        notes = [_why_missing(cell)]
    return IndicatorValue(owner, node, moment, value, numerator, denominator, status, coverage, " ".join(notes))


def _why_missing(cell: _Cell) -> str:
    """Why there is no value: a parent that has none, parts of a mean that have none, a divisor that is not positive."""
    asked, known = (int(_figure(cell[name]) or 0) for name in ("asked", "known"))
    if asked == NO_VALUE:
        return note("ME107")
    if asked > known:
        return note("ME106", known=known, asked=asked)
    if asked:
        return note("ME108")
    divisor = _figure(cell["divisor"])
    if divisor is not None and divisor < 0:
        return note("ME105", divisor=f"{divisor:.3f}")
    return note("ME103" if divisor == 0 else "ME102")


def _figure(value: float | None) -> float | None:
    return None if value is None else float(value)


def _short_of_whole(share: float) -> float:
    """A share below one with the decimals that a note keeps, still below one."""
    return min(round(share, 4), 0.9999)
