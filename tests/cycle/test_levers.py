"""What one more point takes, tried: every lever of a run is a scenario in which the index stands one point higher."""

from __future__ import annotations

import numpy as np
import pytest

from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Scored
from piramide.scoring.explain import explain
from piramide.scoring.readings import read_cells
from piramide.scoring.scenarios import prepare

LEAST = 4


def test_every_lever_moves_its_index_by_a_point(run: Scored, store: Store) -> None:
    opened_runs = OpenedRuns(store)
    opened, plan = opened_runs.opened(run.run_id), opened_runs.plan(run.run_id)
    readings = read_cells(plan, opened.values)
    places = {(cell.structure, cell.key): place for place, cell in enumerate(plan.cells.items)}
    levers = [
        (structure.id, leaf.node, float(leaf.exchange.for_one_point), float(structure.index))
        for structure in opened.scores.structures
        if structure.index is not None
        for leaf in explain(opened.pack, opened.scores, structure.id, values=opened.values).leaves()
        if leaf.exchange is not None and leaf.exchange.for_one_point is not None and not leaf.exchange.next_step
    ]
    now = np.repeat(readings.values[0][:, None], len(levers), axis=1)
    for scenario, (structure, node, change, _index) in enumerate(levers):
        now[places[structure, node], scenario] += change
    scorer = prepare(plan, readings.facts(plan.quarter_before))

    shown = scorer.shown(scorer.score(now, earlier=readings.values[1:]))[scorer.rows >= len(plan.layout.nodes)]

    assert len(levers) >= LEAST
    for scenario, (structure, node, _change, index) in enumerate(levers):
        after = shown[plan.layout.structures.index(structure), scenario]
        assert after == pytest.approx(index + 1, abs=1e-6), (structure, node)
