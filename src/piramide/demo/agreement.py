"""Invented figures of offices that do not contradict what facts measure of the structure above them.

Facts measure surveys, audits and dashboards of directorates; what the offices below give by hand is invented. Left as
it is, the mean of a directorate would lie outside all of its offices (R43), which nobody would believe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import pyarrow as pa

from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.value_rows import rows_of
from piramide.measurement.values.indicators import IndicatorValue
from piramide.methodology.formula_shape import is_bounded
from piramide.methodology.model import Indicator, Pack

Place = tuple[str, str, str]
"""Structure, indicator, period."""

FULL: Final = Fraction(100)
DIGITS: Final = 12
"""Of a figure that was moved: a single office then has that of the structure above it, but for noise."""


def agreeing(by_hand: pa.Table, measured: Sequence[IndicatorValue], pack: Pack, tree: OrganisationOnDay) -> pa.Table:
    """The rows of figures by hand, moved so that offices have the mean that facts measure above them.

    Only what is a mean or a plain ratio is moved, all offices by the same amount, inside the range of the indicator.
    """
    rows: list[dict[str, str]] = by_hand.to_pylist()
    known = {(v.structure, v.indicator, str(v.moment)): v.value for v in measured if v.value is not None}
    typed = {place: row for row in rows if row["value"] and (place := _place(row)) not in known}
    bounded = {name: one for name, one in pack.indicators.items() if _is_bounded(one, pack)}
    below: dict[Place, list[str]] = defaultdict(list)
    for structure, indicator, period in typed:
        if structure in tree and indicator in bounded:
            below[tree[structure].parent, indicator, period].append(structure)
    for place in sorted(below, key=lambda place: _depth(tree, place[0])):
        if place in known:
            known |= _moved([typed[name, *place[1:]] for name in below[place]], known[place], bounded[place[1]])
    return rows_of(rows)


def _is_bounded(indicator: Indicator, pack: Pack) -> bool:
    return is_bounded(indicator, pack) or any(rule.is_mean for rule in indicator.parent.values())


def _place(row: Mapping[str, str]) -> Place:
    return row["structure"], row["indicator"], row["period"]


def _depth(tree: OrganisationOnDay, structure: str) -> int:
    return len(tree.ancestors(structure)) if structure in tree else 0


def _moved(rows: Sequence[dict[str, str]], mean: float, indicator: Indicator) -> dict[Place, float]:
    """Move the rows to a mean in place; where each came to."""
    values = [float(row["value"]) for row in rows]
    change = mean - sum(values) / len(values)
    least, most = indicator.range.least, indicator.range.most
    if most is None and indicator.unit == "index" and max(mean, *values) <= FULL:
        most = FULL  # none of them was beyond 100, and none gets there
    came: dict[Place, float] = {}
    for row, value in zip(rows, values, strict=True):
        moved = value + change if least is None else max(value + change, float(least))
        moved = moved if most is None else min(moved, float(most))
        row["value"] = f"{moved:.{DIGITS}g}"
        came[_place(row)] = moved
    return came
