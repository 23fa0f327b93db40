"""Figures of measures behind a run: at its moment, at those before it, and a year earlier, from the same loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from piramide.cycle.runs.measured_from import kept_with
from piramide.cycle.runs.open_run import OpenRun
from piramide.kernel.figure import Figure, preview
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import silent
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Scope, fold_new, measured_at, moments_of
from piramide.measurement.values.figures import Measured
from piramide.measurement.values.parents import Figures, Parts, with_parents


@dataclass(frozen=True, slots=True)
class RunMeasures:
    """Every measure of a run's method: `now` and `before` (the same moment a year earlier) are places of `moments`."""

    measured: Measured
    moments: tuple[Moment, ...]
    now: int
    before: int
    last_year: dict[str, Figures] = field(default_factory=dict)

    def row(self, structure: str) -> int:
        """The place of a structure; `KeyError` for one that is not in the tree of the day."""
        return self.measured.tree.ids.index(structure)

    def figure(self, name: str, structure: str, moment: int | None = None) -> Figure | None:
        """One figure of a measure or parameter, `None` where nothing gives it."""
        place = self.now if moment is None else moment
        return _known(self.measured.figures(name).values[self.row(structure), place])

    def against_last_year(self, name: str, structure: str) -> Figure | None:
        """A computed measure with what was expected replaced by what each structure did a year earlier."""
        if name not in self.last_year:
            self.last_year[name] = self._against_last_year(name)
        return _known(self.last_year[name].values[self.row(structure), 0])

    def _against_last_year(self, name: str) -> Figures:
        """Figures of every structure; a parent's by the rule of its measure, as those against the budget."""
        measured = self.measured
        found = self.alone(name)
        measure = measured.pack.measures.get(name)
        if measure is None or not measure.parent or measured.tree.is_own:
            return found
        own = RunMeasures(measured.own, self.moments, self.now, self.before)
        nobody = np.zeros(len(measured.tree.ids), np.bool_)  # last year is nobody's budget: every parent is a mean
        return with_parents(measure.parent, Parts(measured.tree, found, lambda: own.alone(name), nobody, self._weights))

    def alone(self, name: str) -> Figures:
        """The same by its formula, of parents too."""
        measured = self.measured
        measure = measured.pack.measures.get(name)
        if measure is not None and measure.expected_of:
            return _column(measured.figures(measure.expected_of), self.before)
        if measure is None or not measure.formula:
            return _column(measured.figures(name), self.now)
        return measured.combined(measured.formula(measure), self._against_last_year)

    def _weights(self, name: str, own: bool) -> Figures:  # noqa: FBT001 - as `Parts` asks
        return _column((self.measured.own if own else self.measured).figures(name), self.now)


def _column(found: Figures, place: int) -> Figures:
    """The figures of one moment."""
    one = slice(place, place + 1)
    return Figures(found.values[:, one], found.estimated[:, one], found.coverage[:, one])


def _known(figure: float) -> Figure | None:
    return None if np.isnan(figure) else preview(float(figure))


def run_measures(store: Path, opened: OpenRun) -> RunMeasures | None:
    """The measures of a run from the loads it was measured with; `None` where the store holds no facts.

    Raises `Refusal`: ME0xx for a ledger that cannot be read.
    """
    period = parse_period(opened.run.manifest["period"])
    made = kept_with(opened.run.folder)
    if not Ledger(store).all_loads():
        return None
    scope = Scope(opened.pack, period, opened.as_of, last_loads=made.loads if made else None)
    folded = fold_new(store, scope, silent).folded
    at = moments_of(period)
    moment = at[-1]
    moments = (*at, Moment(moment.year - 1, moment.month))
    return RunMeasures(measured_at(store, scope, folded, moments), moments, len(at) - 1, len(at))
