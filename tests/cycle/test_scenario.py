"""Trying values on a run: only structures that move are worked out, and two computations that differ are told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from piramide.cycle import scenario
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Scored
from piramide.kernel.findings import Refusal


def test_the_values_of_a_run_move_nothing(run: Scored, store: Store) -> None:
    opened_runs = OpenedRuns(store)
    opened, plan, kept = opened_runs.opened(run.run_id), opened_runs.plan(run.run_id), opened_runs.figures(run.run_id)

    assert scenario.tried_figures(plan, opened.values, kept).rows == {}
    assert {
        name for name, node in scenario.tried_figures(plan, opened.values, kept, plan.layout.structures[0]).rows
    } == {plan.layout.structures[0]}


def test_every_index_is_the_one_that_the_run_tells(run: Scored, store: Store) -> None:
    opened_runs = OpenedRuns(store)
    opened, plan, kept = opened_runs.opened(run.run_id), opened_runs.plan(run.run_id), opened_runs.figures(run.run_id)

    for name, index in scenario.indices_of(plan, opened.values).items():
        told = kept.standing(name).shown
        assert np.isnan(index) if told is None else index == pytest.approx(float(told), abs=1e-10)


def test_an_index_that_is_not_the_exact_one_is_refused(
    run: Scored, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_runs = OpenedRuns(store)
    opened, plan, kept = opened_runs.opened(run.run_id), opened_runs.plan(run.run_id), opened_runs.figures(run.run_id)
    indices = scenario.indices_of(plan, opened.values)
    name = next(name for name, index in indices.items() if not np.isnan(index))
    monkeypatch.setattr(scenario, "indices_of", lambda *_: indices | {name: indices[name] + 0.001})

    with pytest.raises(Refusal, match="CY070"):
        scenario.tried_figures(plan, opened.values, replace(kept, texts=pa.nulls(len(kept.doubles), pa.string())))
