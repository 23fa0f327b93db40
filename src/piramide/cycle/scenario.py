"""A kept run with other values: whose indices they move, found for all structures at once, then their exact figures.

The indices of all structures are those of one scenario, in floats; what is printed is exact, and is worked out for the
structures that move.
"""

from __future__ import annotations

import numpy as np

from piramide.cycle.runs import results
from piramide.cycle.runs.opened_runs import RunFigures, figures_of
from piramide.kernel.findings import Place, refuse
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.readings import read_cells
from piramide.scoring.scenarios import prepare
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from piramide.scoring.values import Values

MOVED = 1e-9
"""Points below which an index has not moved: far more than floats lose, far less than anybody prints."""


def tried_figures(plan: Plan, values: Values, kept: RunFigures, also: str = "") -> RunFigures:
    """The figures of the structures whose index is not the `kept` one under `values`, and of `also` if it has a sheet.

    Refuses CY070 where the scenario and the exact figures are further apart than `MOVED`.
    """
    shown = indices_of(plan, values)
    moved = [name for name, index in shown.items() if name == also or not _stands(index, kept, name)]
    alone = compile_plan(plan.pack, plan.period, moved, plan.day)
    tried = figures_of(results.as_table(tabulate(score_plan(alone, values))))
    for name in moved:
        if not _stands(shown[name], tried, name):
            exact = tried.standing(name).shown
            fields = {"node": name, "column": "index", "exact": exact, "fast": shown[name]}
            raise refuse("CY070", Place(name), plan.organisation[name].label, **fields)
    return tried


def indices_of(plan: Plan, values: Values) -> dict[str, float]:
    """The number told of every structure: its index, else that of what is known; NaN of nothing."""
    readings = read_cells(plan, values)
    scorer = prepare(plan, readings.facts(plan.quarter_before))
    now, *earlier = readings.values
    shown = scorer.shown(scorer.score(now[:, None], earlier=np.array(earlier) if earlier else None))
    roots = scorer.rows >= len(plan.layout.nodes)
    return dict(zip(plan.layout.structures, shown[roots, 0].tolist(), strict=True))


def _stands(index: float, figures: RunFigures, structure: str) -> bool:
    """Whether figures tell this index of a structure, or none where it has none."""
    told = figures.standing(structure).shown
    return bool(np.isnan(index)) if told is None else abs(index - told) <= MOVED
