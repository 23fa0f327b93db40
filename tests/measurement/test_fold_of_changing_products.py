"""The day of a row decides which version of its product counts, of a pending case the day on which it came in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.measurement.hand_ledger import (
    CATALOGUE,
    ENGINES,
    MEASURES,
    answer,
    entry,
    indicators_of,
    product,
    small_pack,
    store_load,
    store_with,
)

ON_TIME = (
    MEASURES + "on_time: {label: T, unit: pieces, dataset: work, entry: resolved, "
    'filter: "days_waited <= standard_days"}\n'
)
STAR = MEASURES + "star: {label: S, unit: pieces, dataset: work, entry: received, filter: star}\n"


def test_it_folds_again_when_an_attribute_that_rows_read_is_corrected(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", ON_TIME, indicators_of("on_time"))
    store = store_with(tmp_path / "store", entry("resolved", "2024-01-20", "torino", received="2024-01-01"))
    before = answer(store, pack, "2024-01")
    stricter = CATALOGUE[0] | {"standard_days": 10, "correction": 1}
    store_load(store, "products", [CATALOGUE[0] | {"sign": -1}, stricter])

    after = answer(store, pack, "2024-01")

    assert (before.values[0].value, after.folded, after.values[0].value) == (1, 1, 0)


def test_a_load_on_both_sides_of_a_change_counts_each_row_under_its_version(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAR, indicators_of("star"))
    days = ("2024-05-31", "2024-08-31", "2024-09-01", "2024-10-15")
    rows = [entry("received", day, "torino", case=f"C{day}") for day in days]
    store = store_with(tmp_path / "store", *rows)
    renewed = product("pension", "2024-09-01", area="pensions", standard_days=30, star=False)
    store_load(store, "products", [renewed], "2024-08-31")

    found = answer(store, pack, "2024-10")

    assert {v.structure: v.value for v in found.values}["torino"] == 2, "two came before September"


PENDING = "entry: pending, level: level, dataset: work"
IN_AREAS = MEASURES + (
    f"points: {{label: P, unit: points, {PENDING}, column: points}}\n"
    f"pensions: {{label: A, unit: pieces, {PENDING}, filter: \"area = 'pensions'\"}}\n"
    f"accounts: {{label: B, unit: pieces, {PENDING}, filter: \"area = 'accounts'\"}}\n"
    "done: {label: R, unit: pieces, dataset: work, entry: resolved, filter: \"area = 'accounts'\"}\n"
)
OPENED = (entry("received", "2024-01-10", "torino", case="A"), entry("received", "2024-01-11", "torino", case="B"))
CLOSED = entry("resolved", "2024-09-20", "torino", case="A", received="2024-01-10", points=3000, points_in=2000)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("loads", [((*OPENED, CLOSED),), (OPENED, (CLOSED,))], ids=["one load", "two loads"])
@pytest.mark.parametrize("has_flows", [True, False])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_case_leaves_the_pending_cases_where_it_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, has_flows: bool, loads: tuple[tuple[Any, ...], ...]
) -> None:
    monkeypatch.setenv("PIRAMIDE_SPARK_MASTER", "local[2]")
    names = ("points", "pensions", "accounts", "done")
    pack = small_pack(tmp_path / "pack", IN_AREAS, indicators_of(*names))
    store = tmp_path / "store"
    store_load(store, "products", CATALOGUE, "2023-12-01")
    store_load(store, "products", [product("pension", "2024-09-01", area="accounts", standard_days=30)], "2024-08-31")
    for rows in loads:
        store_load(store, "work", rows)
    if not has_flows:
        for flows in store.rglob("flows.parquet"):
            flows.unlink()

    found = answer(store, pack, "2024-09", engine=engine).values

    assert {v.indicator: v.value for v in found if v.structure == "torino"} == {
        "points": 2,  # B is there with the two points it came in with
        "pensions": 1,
        "accounts": 0,
        "done": 1,  # what was done counts where it was done
    }
