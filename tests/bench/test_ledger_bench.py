"""The benchmark of the ledger compares things that are equal: row by row, on a small ledger, and never timed."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from bench.ledger_entries import make_data
from bench.ledger_queries import FOLD_PLAIN, FOLDS, KEYS, PENDING_RANGE_JOIN, PENDING_RANGE_JOIN_FAR, SUMS
from bench.ledger_task import by_hand_on, month_ends, scope_of, sums_by_hand
from bench.ledger_world import MONTHS, make_pack

from piramide.kernel.progress import silent
from piramide.measurement.measure import fold_new, measured_at

CASES = 50_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    make_data(folder, CASES)
    return folder


@pytest.fixture(scope="module")
def cube(data: Path) -> pa.Table:
    """What the product adds up, under the names of the queries by hand."""
    fold = fold_new(data / "store", scope_of(make_pack(), month_ends()[-1]), silent)
    (folded,), count = fold.folded, fold.count
    assert count == MONTHS
    tables = [folded.folder.read(load.id).table.replace_schema_metadata(None) for load in folded.loads]
    names = [*KEYS, *(item.name for item in sums_by_hand(folded.plan))]
    return pa.concat_tables(tables).select(names).rename_columns([*KEYS, *SUMS])


def differing(found: pa.Table, cube: pa.Table) -> int:
    """Groups that one has and the other has not, or not with the same sums; groups of nothing but zeros aside."""
    integers = ", ".join(f"CAST(COALESCE({name}, 0) AS BIGINT) AS {name}" for name in (*KEYS, *SUMS))
    some = " OR ".join(f"COALESCE({name}, 0) <> 0" for name in SUMS)
    with duckdb.connect() as connection:
        connection.register("found", found)
        connection.register("ours", cube)
        sides = [f"(SELECT {integers} FROM {side} WHERE {some})" for side in ("found", "ours")]  # noqa: S608 - own names
        apart = " UNION ALL ".join(f"(FROM {a} EXCEPT FROM {b})" for a, b in (sides, reversed(sides)))
        return len(connection.sql(apart).to_arrow_table())


@pytest.mark.parametrize("name", [*FOLDS, "plain rows"])
def test_it_folds_what_is_folded_by_hand(data: Path, cube: pa.Table, name: str) -> None:
    found = by_hand_on(data, FOLDS.get(name, FOLD_PLAIN))

    assert len(found) > MONTHS
    assert differing(found, cube) == 0


@pytest.mark.parametrize("query", [PENDING_RANGE_JOIN, PENDING_RANGE_JOIN_FAR])
def test_it_counts_the_pending_cases_that_a_range_join_counts(data: Path, query: str) -> None:
    pack, months = make_pack(only=("pending",)), month_ends()
    scope = scope_of(pack, months[-1])

    folded = fold_new(data / "store", scope, silent).folded
    measured = measured_at(data / "store", scope, folded, months)

    nation = measured.figures("pending").values[measured.tree.ids.index("nazionale")]
    by_month: dict[int, int] = {}
    for row in by_hand_on(data, query).to_pylist():
        by_month[row["month"]] = by_month.get(row["month"], 0) + row["pending"]
    assert nation.tolist() == [by_month[moment.year * 12 + moment.month - 1] for moment in months]


def test_entries_without_flows_fold_to_the_same_bytes(data: Path, cube: pa.Table, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(data / "store" / "ledger", store / "ledger", ignore=shutil.ignore_patterns("flows.parquet"))

    fold = fold_new(store, scope_of(make_pack(), month_ends()[-1]), silent)

    (folded,), count = fold.folded, fold.count

    assert count == MONTHS
    theirs = folded.folder.folder
    ours = data / "store" / theirs.relative_to(store)
    assert len(cube) > MONTHS
    assert [path.read_bytes() == (ours / path.name).read_bytes() for path in theirs.glob("*.parquet")] == [
        True
    ] * MONTHS
