"""The guard on parents: a mean or a plain ratio of sums lies among its parts (R43).

A part is a structure directly below, or the rows of the parent itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sqlglot
from numpy.typing import NDArray
from sqlglot import exp

from piramide.kernel.expressions import parse
from piramide.kernel.findings import Finding
from piramide.kernel.formula_trees import DIALECT
from piramide.measurement.values.figures import Measured
from piramide.measurement.values.indicators import IndicatorFigures, indicator_figures, looks_back, source_of, wanted
from piramide.measurement.values.tree import Floats
from piramide.methodology.formula_shape import Shape, is_bounded, shape_of
from piramide.methodology.model import Indicator

NOISE = 1e-9
"""Part of a value that may be of its arithmetic."""


def outside_their_parts(measured: Measured, structures: Sequence[str] = ()) -> Iterator[Finding]:
    """An error (ME042) for each value of a parent's sheet that lies outside those of its parts."""
    asked: dict[tuple[str, str], list[str]] = {}
    for structure, node in wanted(measured.pack, structures):
        indicator = measured.pack.indicators[node.indicator]
        source = source_of(indicator, indicator.value_from or structure, measured)
        if source in measured.tree.ids:
            asked.setdefault((indicator.id, node.id), []).append(source)
    below = {name: measured.tree.children(place) for place, name in enumerate(measured.tree.ids)}
    for (name, node_id), owners in asked.items():
        indicator = measured.pack.indicators[name]
        if not is_bounded(indicator, measured.pack):
            continue
        if (found := indicator_figures(indicator, measured, node_id)) is not None:
            guard = _Guard(measured, indicator, node_id, found)
            parents = [owner for owner in dict.fromkeys(owners) if len(below[owner])]
            yield from _outside(guard, {owner: below[owner] for owner in parents})


def _outside(guard: _Guard, below: Mapping[str, NDArray[np.intp]]) -> Iterator[Finding]:
    measured = guard.measured
    for structure, parts in below.items():
        place = measured.tree.ids.index(structure)
        last = len(measured.moments) - 1
        for column, moment in enumerate(measured.moments):
            if column < last and not looks_back(guard.indicator):
                continue
            if (bounds := guard.bounds(place, column, parts)) is None:
                continue
            value, (least, greatest) = float(guard.found.whole.values[place, column]), bounds
            slack = NOISE * max(abs(value), abs(least), abs(greatest))
            if not least - slack <= value <= greatest + slack:
                figures = {"value": f"{value:.6g}", "least": f"{least:.6g}", "greatest": f"{greatest:.6g}"}
                fields = {"structure": measured.tree.day[structure].label, "period": str(moment), **figures}
                yield Finding("ME042", guard.indicator.place, guard.indicator.label, fields)


@dataclass(frozen=True)
class _Guard:
    """What the parts of a parent come to, for one indicator."""

    measured: Measured
    indicator: Indicator
    node: str
    found: IndicatorFigures

    @cached_property
    def shape(self) -> Shape:
        """What the formula makes of sums; by a rule of the indicator, a mean is made of its parts."""
        return shape_of(self.indicator.formula, self.measured.pack)

    @cached_property
    def _own(self) -> Floats:
        expression = parse(self.indicator.formula, self.measured.pack.measures, self.indicator.place)
        return self.measured.own.of(expression, self.node).values

    @cached_property
    def _division(self) -> exp.Div | None:
        """The division of a formula that has one."""
        found = list(sqlglot.parse_one(self.indicator.formula, dialect=DIALECT).find_all(exp.Div))
        return found[0] if len(found) == 1 else None

    @cached_property
    def _divided(self) -> tuple[tuple[Floats, Floats], ...]:
        """Both sides of the one division of a plain ratio, over everything below and over own rows."""
        division, names = self._division, self.measured.pack.measures
        if division is None:
            return ()
        sides = [parse(side.sql(dialect=DIALECT), names) for side in (division.this, division.expression)]
        below, alone = ([of.of(side, self.node).values for side in sides] for of in (self.measured, self.measured.own))
        return (below[0], alone[0]), (below[1], alone[1])

    def bounds(self, place: int, column: int, below: NDArray[np.intp]) -> tuple[float, float] | None:
        """Least and greatest of the parts that have a value; nothing where they are not the whole of the parent."""
        whole = self.found.whole
        by_formula = whole.asked is None or whole.asked[place, column] == 0
        if not by_formula or not np.isfinite(whole.values[place, column]):
            return None
        parts = np.append(whole.values[below, column], self._own[place, column])
        known = np.isfinite(parts)
        if not known.any() or (self.shape is Shape.RATIO and not self._is_whole(place, column, below, known)):
            return None
        return float(parts[known].min()), float(parts[known].max())

    def _is_whole(self, place: int, column: int, below: NDArray[np.intp], known: NDArray[np.bool_]) -> bool:
        """Whether both sides of the parent are those of its parts: none of them lies in one that has no value."""
        for together, alone in self._divided:
            parts = np.append(together[below, column], alone[place, column])
            told = float(np.nansum(parts[known]))
            if not np.isclose(told, together[place, column], rtol=NOISE, atol=NOISE):
                return False
        return bool(self._divided)
