"""Score every structure of a pack at one moment: values to gaps, gaps to indices, up to the whole sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.periods import Period
from piramide.kernel.statuses import SAID_BESIDE, STATUSES, WITH_VALUE, Status, position
from piramide.methodology.model import Pack
from piramide.scoring.cells import CURRENT
from piramide.scoring.gaps import Gaps, Known, gaps_of
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.readings import NOT_APPLICABLE, Readings, read_cells
from piramide.scoring.result import ScoreTable
from piramide.scoring.rules import FULL
from piramide.scoring.scored import Indices, Scored
from piramide.scoring.tabulate import tabulate
from piramide.scoring.values import Values

_CLOSE: Final = 1e-9
"""How far from one the weights of a complete sheet may add up."""


def score_pack(
    pack: Pack,
    values: Values,
    period: Period | str,
    structures: Sequence[str] | None = None,
    as_of: date | None = None,
) -> ScoreTable:
    """Score `structures` (default: all that have a sheet) at `period`, by the method in force on `as_of`.

    The default day is the last of the period. Refuses what `compile_plan` refuses. Values of structures or indicators
    that no sheet asks for are not used.
    """
    return tabulate(score_plan(compile_plan(pack, period, structures, as_of), values))


def score_plan(plan: Plan, values: Values) -> Scored:
    """Score a compiled plan and keep the arrays, for the table, for explanations and for simulations."""
    readings = read_cells(plan, values)
    known = Known(readings.known, readings.statuses == NOT_APPLICABLE, readings.is_worst, plan.quarter_before)
    gaps = gaps_of(plan.cells, readings.values[:, :, None], known)
    return Scored(plan, values, readings, gaps, _statuses(plan, readings, gaps), roll_up(plan, gaps))


def roll_up(plan: Plan, gaps: Gaps) -> Indices:
    """Indices of every node and sheet: weighted means of the leaves below, and the band of what is missing.

    A sheet is complete when no leaf that weighs lacks a gap. A leaf without one lies anywhere within its cap.
    """
    layout, leaves = plan.layout, slice(0, len(plan.layout.leaves))
    scored = gaps.scored[leaves]
    gap = np.where(scored, gaps.capped[leaves, 0], 0.0)
    total = layout.roll_up(gap)
    coverage = layout.roll_up(scored.astype(np.float64))
    absent = layout.roll_up((~scored).astype(np.float64))
    reach = layout.roll_up(np.where(scored, 0.0, plan.cells.caps[leaves]))
    complete = (absent == 0) & (np.abs(coverage - 1.0) < _CLOSE)
    measured = coverage > 0
    mean = np.divide(total, coverage, out=np.zeros_like(total), where=measured)
    index = FULL * (1.0 + total)
    return Indices(
        index=index,
        index_measured=np.where(complete, index, FULL * (1.0 + mean)),
        index_low=FULL * (1.0 + total - reach),
        index_high=FULL * (1.0 + total + reach),
        coverage=np.where(complete, 1.0, coverage),
        complete=complete,
        measured=measured,
    )


def _statuses(plan: Plan, readings: Readings, gaps: Gaps) -> NDArray[np.int8]:
    """Status of every cell: the file's; `estimated` where a policy stands in; the weakest part's for a composite."""
    statuses = readings.statuses.copy()
    statuses[readings.is_worst & gaps.scored] = position(Status.ESTIMATED)
    for group in plan.cells.composites:
        ends = [*group.starts[1:], len(group.parts)]
        for cell, start, end in zip(group.cells, group.starts, ends, strict=True):
            if not readings.known[CURRENT, cell]:
                parts = {STATUSES[status] for status in statuses[group.parts[start:end]]}
                statuses[cell] = position(_of_parts(parts, scored=bool(gaps.scored[cell])))
    return statuses


def _of_parts(parts: set[Status], *, scored: bool) -> Status:
    """Status of a composite from those of its parts."""
    if scored:
        return next((status for status in SAID_BESIDE if status in parts), Status.MEASURED)
    return parts.pop() if len(parts) == 1 and not parts & set(WITH_VALUE) else Status.MISSING
