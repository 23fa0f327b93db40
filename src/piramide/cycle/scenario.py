"""A kept run with other values: whose indices they move, found for all structures at once, then their exact figures.

The indices of all structures are those of one scenario, in floats; what is printed is exact, and is worked out for the
structures that move.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from piramide.cycle.runs import results
from piramide.cycle.runs.opened_runs import RunFigures, figures_of
from piramide.kernel.findings import Place, refuse
from piramide.kernel.last_answers import LastAnswers
from piramide.scoring.plan import Plan, part_of
from piramide.scoring.readings import Asked, asked_by, read_cells
from piramide.scoring.result import ScoreTable
from piramide.scoring.scenarios import Scorer, prepare
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from piramide.scoring.values import Values

MOVED: Final = 1e-9
"""Points below which an index has not moved: far more than floats lose, far less than anybody prints."""

_ASKED: Final[LastAnswers[Plan, Asked]] = LastAnswers(2)
_TOLD: Final[LastAnswers[RunFigures, dict[str, float]]] = LastAnswers(2)
_SCORERS: Final[LastAnswers[Plan, Scorer]] = LastAnswers(4)
"""What is of a run alone, whatever is tried on it; a scorer is of what is known in it too."""


def tried_figures(plan: Plan, values: Values, kept: RunFigures, also: str = "", node: str = "") -> RunFigures:
    """The figures of the structures whose index is not the `kept` one under `values`, and of `also` if it has a sheet.

    Of nodes there is one alone: `node` of `also`.

    Refuses CY070 where the scenario and the exact figures are further apart than `MOVED`.
    """
    shown = indices_of(plan, values)
    told = _TOLD.of(kept, lambda: {name: _told(kept, name) for name in shown}, plan.layout.structures)
    moved = [name for name, index in shown.items() if name == also or not _are_close(index, told[name])]
    alone = part_of(plan, moved)
    tried = figures_of(results.as_table(_printed(tabulate(score_plan(alone, values)), moved, (also, node))))
    for name in moved:
        if not _are_close(shown[name], _told(tried, name)):
            exact = tried.standing(name).shown
            fields = {"node": name, "column": "index", "exact": exact, "fast": shown[name]}
            raise refuse("CY070", Place(name), plan.organisation[name].label, **fields)
    return tried


def _printed(scores: ScoreTable, moved: Sequence[str], also: tuple[str, str]) -> ScoreTable:
    """What is printed: the structures that move as wholes, and one node."""
    chosen = (structure for structure in scores.structures if structure.id in moved)
    return replace(
        scores,
        structures=tuple(
            replace(one, nodes=tuple(node for node in one.nodes if (one.id, node.id) == also)) for one in chosen
        ),
    )


def indices_of(plan: Plan, values: Values) -> dict[str, float]:
    """The number told of every structure: its index, else that of what is known; NaN of nothing."""
    readings = read_cells(plan, values, _ASKED.of(plan, lambda: asked_by(plan)))
    known = readings.facts(plan.quarter_before)
    there = known.values.tobytes(), known.not_applicable.tobytes(), known.is_worst.tobytes()
    scorer = _SCORERS.of(plan, lambda: prepare(plan, known), there)
    now, *earlier = readings.values
    shown = scorer.shown(scorer.score(now[:, None], earlier=np.array(earlier) if earlier else None))
    roots = scorer.rows >= len(plan.layout.nodes)
    return dict(zip(plan.layout.structures, shown[roots, 0].tolist(), strict=True))


def _told(figures: RunFigures, structure: str) -> float:
    """The number that figures tell of a structure; NaN of nothing."""
    told = figures.standing(structure).shown
    return math.nan if told is None else float(told)


def _are_close(index: float, told: float) -> bool:
    """Whether two indices are the same one, or both are none."""
    return abs(index - told) <= MOVED or (math.isnan(index) and math.isnan(told))
