"""What an adjustment would move is what the run that follows from it moved, to the last digit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.cycle.adjust import Adjustable, AdjustedValue, adjustable, keep_adjusted, try_adjustment
from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Scored
from piramide.kernel.findings import Refusal

Shown = dict[str, Fraction]


@pytest.fixture
def opened_runs(run: Scored, store: Store) -> OpenedRuns:
    assert run.scores.structures
    return OpenedRuns(store)


def rows_of(opened_runs: OpenedRuns, run: str) -> list[Adjustable]:
    """Every value that can be adjusted, structure by structure."""
    return [row for name in opened_runs.outline(run).structures for row in adjustable(opened_runs, run, name)]


def shown(opened_runs: OpenedRuns, figures: RunFigures, run: str) -> Shown:
    """The number told of every structure that has one."""
    told = {name: figures.standing(name).shown for name in opened_runs.outline(run).structures}
    return {name: index.exact for name, index in told.items() if index is not None}


def test_it_foretells_the_run_that_follows(opened_runs: OpenedRuns, run: Scored) -> None:
    rows = [row for row in rows_of(opened_runs, run.run_id) if row.value]
    before = shown(opened_runs, opened_runs.figures(run.run_id), run.run_id)
    moving = 0
    for row in rows[:: max(1, len(rows) // 8)]:
        adjusted = AdjustedValue(row.structure, row.indicator, f"{float(row.value) * 0.9:.4f}", "nota")

        effect = try_adjustment(opened_runs, run.run_id, adjusted)

        kept = opened_runs.figures(keep_adjusted(opened_runs, run.run_id, adjusted).run_id)
        after = shown(opened_runs, kept, run.run_id)
        assert {move.structure: move.index.exact for move in effect.moved} == {
            name: index for name, index in after.items() if index != before[name]
        }
        assert all(move.change.exact == after[move.structure] - before[move.structure] for move in effect.moved)
        index = kept.figure("index", row.structure, row.indicator)
        assert (effect.index_after is None) == (index is None)
        assert effect.index_after is None or (index is not None and effect.index_after.exact == index.exact)
        moving += bool(effect.moved)
    assert moving >= 4


def test_the_same_value_moves_nothing(opened_runs: OpenedRuns, run: Scored) -> None:
    row = next(row for row in rows_of(opened_runs, run.run_id) if row.value)

    effect = try_adjustment(opened_runs, run.run_id, AdjustedValue(row.structure, row.indicator, row.value))

    assert effect.moved == ()
    assert effect.index_before is not None
    assert effect.index_after is not None
    assert effect.index_before.exact == effect.index_after.exact


def test_it_refuses_what_no_file_may_say(opened_runs: OpenedRuns, run: Scored) -> None:
    row = next(row for row in rows_of(opened_runs, run.run_id) if row.value)

    with pytest.raises(Refusal, match="CY026"):
        try_adjustment(opened_runs, run.run_id, AdjustedValue(row.structure, "nessuno", "1"))
    with pytest.raises(Refusal, match="SC"):
        try_adjustment(opened_runs, run.run_id, AdjustedValue(row.structure, row.indicator, "molto"))
