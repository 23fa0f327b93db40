"""Score every structure of a pack at one moment: values to gaps, gaps to indices, up to the whole sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.periods import Period
from piramide.kernel.statuses import SAID_BESIDE, STATUSES, WITH_VALUE, Status, position
from piramide.methodology.model import Pack
from piramide.scoring.cells import CURRENT, CompositeGroup, PhaseGroup
from piramide.scoring.gaps import Gaps, Scoring
from piramide.scoring.indices import roll_up
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.readings import Readings, read_cells
from piramide.scoring.result import ScoreTable
from piramide.scoring.score_of import with_scores
from piramide.scoring.scored import Scored
from piramide.scoring.tabulate import tabulate
from piramide.scoring.values import Values


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
    known = readings.facts(plan.quarter_before)
    read = readings.values[:, :, None]
    gaps, bounds = with_scores(plan.layout, plan.takings, Scoring(plan.cells, read, known))
    indices = roll_up(plan.layout, gaps, bounds)
    statuses = _statuses(plan, values, readings, gaps)
    for taken in (one for generation in plan.takings for one in generation if gaps.scored[one.cell]):
        statuses[taken.cell] = position(Status.MEASURED)
    statuses[plan.cells.late] = position(Status.NOT_DUE)
    return Scored(plan, values, readings, gaps, statuses, indices)


def _statuses(plan: Plan, values: Values, readings: Readings, gaps: Gaps) -> NDArray[np.int8]:
    """Status of every cell: the file's; `estimated` where a policy stands in; the weakest part's for a composite.

    A threshold whose checkpoints are all known has that of the latest, when the file says nothing of now (R40).
    """
    statuses = readings.statuses.copy()
    for cell, latest in _judged_before(plan, readings, gaps):
        statuses[cell] = values.statuses[latest]
    statuses[readings.is_worst & gaps.scored] = position(Status.ESTIMATED)
    made: list[PhaseGroup | CompositeGroup] = [*plan.cells.composites]
    if len(plan.cells.phases.cells):
        made.insert(0, plan.cells.phases)
    for group in made:
        ends = [*group.starts[1:], len(group.parts)]
        for cell, start, end in zip(group.cells, group.starts, ends, strict=True):
            if not readings.known[CURRENT, cell]:
                parts = {STATUSES[status] for status in statuses[group.parts[start:end]]}
                statuses[cell] = position(_of_parts(parts, scored=bool(gaps.scored[cell])))
    return statuses


def _judged_before(plan: Plan, readings: Readings, gaps: Gaps) -> Iterator[tuple[int, int]]:
    """Thresholds judged whole without a value of now, each with the row of its latest checkpoint."""
    group = plan.cells.checkpoints
    silent = gaps.scored & (readings.statuses == position(Status.MISSING))
    for cell in group.cells[silent[group.cells]].tolist():
        row = int(readings.rows[group.moments[group.owners == cell].max(), cell])
        if row >= 0:
            yield cell, row


def _of_parts(parts: set[Status], *, scored: bool) -> Status:
    """Status of a composite from those of its parts."""
    if scored:
        return next((status for status in SAID_BESIDE if status in parts), Status.MEASURED)
    return parts.pop() if len(parts) == 1 and not parts & set(WITH_VALUE) else Status.MISSING
