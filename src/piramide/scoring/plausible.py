"""Values that cannot be, or were probably written in another magnitude: thousands for decimals, per cent for a share.

Nothing is corrected: a finding asks the person who wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, log10

from piramide.kernel.findings import Finding, Place
from piramide.kernel.numbers import FRACTION
from piramide.methodology.model import Indicator, Pack, Range
from piramide.scoring.result import NodeScore, ScoreTable
from piramide.scoring.rules.kinds import value_bounds

MAGNITUDES = (2, 3, 6)
"""Powers of ten that a misread separator or a percentage leaves between value and target."""
NEAR = 0.4
"""How far from such a power, in decades, a ratio still looks like one."""
CLOSE = 1e-9
"""How near two values are the same figure."""
SHARE_UNITS = ("ratio", FRACTION)
LARGEST_SHARE = 20.0
"""A ratio with targets near one is not twenty; a percentage is."""


def doubtful_values(pack: Pack, table: ScoreTable) -> Iterator[Finding]:
    """Every warning about the values of a table."""
    yield from implausible_values(table)
    yield from impossible_values(pack, table)
    yield from values_told_twice(pack, table)


def implausible_values(table: ScoreTable) -> Iterator[Finding]:
    """A warning for each value that stands a hundred, a thousand or a million times from its target."""
    for structure in table.structures:
        for node in structure.nodes:
            if (times := _times(node)) is not None:
                fields = {"structure": structure.label, "value": f"{node.value:.10g}", "times": f"{times:g}"}
                yield Finding("SC028", Place(structure.id, 0, node.id), node.label, fields)


def impossible_values(pack: Pack, table: ScoreTable) -> Iterator[Finding]:
    """A warning for each value outside what its rule or its declared range allows: no band holds it (R44)."""
    bounds = {name: value_bounds(indicator) for name, indicator in pack.indicators.items()}
    for structure in table.structures:
        for node in structure.nodes:
            least, most = bounds.get(node.indicator, (None, None))
            if node.value is not None and not Range(least, most).holds(node.value):
                ends = " … ".join("" if end is None else f"{float(end):g}" for end in (least, most)).strip()
                fields = {"structure": structure.label, "value": f"{node.value:.10g}", "range": ends}
                yield Finding("SC038", Place(structure.id, 0, node.id), node.label, fields)


def values_told_twice(pack: Pack, table: ScoreTable) -> Iterator[Finding]:
    """A warning where one figure stands under two names of a structure with two values.

    Indicators with the same formula over the same measures, read from the same place, are one figure (R42).
    """
    same = {name: _figure(indicator) for name, indicator in pack.indicators.items() if indicator.formula}
    for structure in table.structures:
        first: dict[tuple[object, ...], NodeScore] = {}
        for node in structure.nodes:
            if node.value is None or node.indicator not in same:
                continue
            other = first.setdefault(same[node.indicator], node)
            if other.value is not None and not isclose(other.value, node.value, rel_tol=CLOSE, abs_tol=CLOSE):
                told = {"value": f"{node.value:.10g}", "other": other.label, "other_value": f"{other.value:.10g}"}
                yield Finding(
                    "SC039", Place(structure.id, 0, node.id), node.label, {"structure": structure.label, **told}
                )


def _figure(indicator: Indicator) -> tuple[object, ...]:
    """What makes two indicators one figure."""
    where = tuple(sorted(indicator.measured_on.items()))
    return " ".join(indicator.formula.split()), indicator.unit, indicator.value_from, where


def _times(node: NodeScore) -> float | None:
    """How many times the value is its target (or the share one), when that looks like a slip of magnitude."""
    if not node.value:
        return None
    if (
        node.unit in SHARE_UNITS
        and (node.target or 1.0) < LARGEST_SHARE / 10
        and LARGEST_SHARE < abs(node.value) <= 1000
    ):
        return 100.0
    if not node.target or node.value / node.target <= 0:
        return None
    decades = log10(node.value / node.target)
    magnitude = min((sign * power for power in MAGNITUDES for sign in (1, -1)), key=lambda power: abs(decades - power))
    return 10.0**magnitude if abs(decades - magnitude) < NEAR else None
