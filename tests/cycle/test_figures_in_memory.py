"""Figures of a run in memory: every cell of its table, told once, and little of it."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pytest

from piramide.cycle.runs import results
from piramide.cycle.runs.opened_runs import FIGURES, RunFigures, figures_of
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.methodology.loading import find_pack

MOST_BYTES = 180
"""Of a node of a sheet, all its columns together: a nation of 1,000 structures is 30,000 nodes."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    """Results of two quarters of a nation on invented values."""
    values = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
    store = Store(Path(tmp_path_factory.mktemp("store")))
    asked = [Request("inps-2024", values, period, demonstration=True) for period in ("2024-Q3", "2024-Q4")]
    return [score(request, [], store).results for request in asked]


def _held_against(figures: RunFigures, table: pa.Table) -> int:
    """How many cells of a table stand in figures, each double and text as it is there."""
    held = 0
    for row in table.to_pylist():
        for name in FIGURES:
            found = figures.figure(name, row["structure"], row["id"])
            if row[name] is None or math.isnan(row[name]):
                assert found is None
                continue
            assert found is not None
            assert float(found) == row[name]
            kept = row.get(f"{name}{results.EXACT}")
            assert kept is None or found.text == kept
            held += 1
        assert figures.statuses[figures.rows[row["structure"], row["id"]]] == (row["status"] or "")
        assert figures.note(row["structure"], row["id"]) == (row["note"] or "")
    return held


def test_every_cell_is_there_as_it_was_kept(tables: list[pa.Table]) -> None:
    assert _held_against(figures_of(tables[-1]), tables[-1]) > 20_000


def test_a_run_of_before_there_were_exact_figures_has_shortest_decimals(tables: list[pa.Table]) -> None:
    gone = [name for name in tables[0].column_names if name.endswith(results.EXACT) or name == "due"]
    older = tables[0].drop_columns(gone)
    figures = figures_of(older)
    assert _held_against(figures, older.append_column("due", pa.nulls(older.num_rows, pa.float64()))) > 20_000
    assert figures.figure("due", "nazionale") is None


def test_what_two_runs_share_is_kept_once_and_a_cell_takes_little(tables: list[pa.Table]) -> None:
    one, other = map(figures_of, tables)
    assert one.rows is other.rows
    held = sum(places.nbytes for places in one.places.values()) + one.doubles.nbytes + one.texts.nbytes
    assert held / tables[0].num_rows < MOST_BYTES


def test_another_tree_has_rows_of_its_own(tables: list[pa.Table]) -> None:
    part = tables[0].slice(0, 40)
    assert list(figures_of(part).rows) == list(
        zip(*(part.column(n).to_pylist() for n in ("structure", "id")), strict=True)
    )
    assert len(figures_of(tables[0]).rows) == tables[0].num_rows
