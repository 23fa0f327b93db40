"""The day of a row decides which version of its product counts, and a corrected attribute folds again."""

from __future__ import annotations

from pathlib import Path

from tests.measurement.hand_ledger import (
    CATALOGUE,
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
