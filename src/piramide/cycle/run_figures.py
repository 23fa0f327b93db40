"""Figures of measures behind a run: at its moment, at those before it, and a year earlier, from the same loads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from piramide.cycle.measured_from import kept_with
from piramide.cycle.runs import OpenRun
from piramide.kernel.expressions import Expression
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.telling import silent
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Question, fold_new, measured_at, moments_of
from piramide.measurement.values.figures import Measured
from piramide.measurement.values.tree import Floats

EXPECTED = "_expected"
"""Measures of the budget end so: what is left of the name is the measure that they were expected of."""


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """Every measure of a run's method: `now` and `before` (the same moment a year earlier) are places of `moments`."""

    measured: Measured
    moments: tuple[Moment, ...]
    now: int
    before: int

    def row(self, structure: str) -> int:
        """The place of a structure; `KeyError` for one that is not in the tree of the day."""
        return self.measured.tree.ids.index(structure)

    def figure(self, name: str, structure: str, moment: int | None = None) -> float | None:
        """One figure of a measure or parameter, `None` where nothing gives it."""
        place = self.now if moment is None else moment
        return _known(self.measured.figures(name).values[self.row(structure), place])

    def against_last_year(self, name: str, structure: str) -> float | None:
        """A computed measure with what was expected replaced by what the structure did a year earlier."""
        row = self.row(structure)

        def read(part: str) -> float:
            measure = self.measured.pack.measures.get(part)
            if part.endswith(EXPECTED):
                return float(self.measured.figures(part.removesuffix(EXPECTED)).values[row, self.before])
            if measure is not None and measure.formula:
                return _evaluated(self.measured.formula(measure), read)
            return float(self.measured.figures(part).values[row, self.now])

        return _known(read(name))


def _evaluated(expression: Expression, read: Callable[[str], float]) -> float:
    values: dict[str, Floats] = {name: np.asarray([read(name)]) for name in expression.names}
    return float(np.broadcast_to(expression.evaluate_arrays(values), (1,))[0])


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else float(figure)


def run_measures(store: Path, opened: OpenRun) -> RunMeasures | None:
    """The measures of a run from the loads it was measured with; `None` where the store holds no facts.

    Raises `Refusal`: ME0xx for a ledger that cannot be read.
    """
    period = parse_period(opened.run.manifest["period"])
    made = kept_with(opened.run.folder)
    if not Ledger(store).all_loads():
        return None
    question = Question(opened.pack, period, opened.as_of, last_loads=made.loads if made else None)
    folded = fold_new(store, question, silent).folded
    at = moments_of(period)
    moment = at[-1]
    moments = (*at, Moment(moment.year - 1, moment.month))
    return RunMeasures(measured_at(store, question, folded, moments), moments, len(at) - 1, len(at))
