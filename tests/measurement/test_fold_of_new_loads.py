"""A new load folds only itself; what is decided after the fold folds nothing again."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from tests.measurement.hand_ledger import (
    CATALOGUE,
    MEASURES,
    answer,
    entry,
    indicators_of,
    measured,
    product,
    small_pack,
    store_load,
    store_with,
)

NAMES = ("received", "resolved")


def cube_files(store: Path) -> dict[str, int]:
    return {str(path.relative_to(store)): path.stat().st_mtime_ns for path in (store / "cube").glob("*/*.parquet")}


def test_it_folds_each_load_once(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    first = answer(store, pack, "2024-01")
    before = cube_files(store)

    store_load(store, "work", [entry("resolved", "2024-01-20", "torino", received="2024-01-10")])
    second, third = answer(store, pack, "2024-01"), answer(store, pack, "2024-01")

    assert (first.folded, second.folded, third.folded) == (1, 1, 0)
    assert before.items() <= cube_files(store).items(), "the first load was left alone"
    assert {v.indicator: v.value for v in third.values if v.structure == "torino"} == {"received": 1, "resolved": 1}


def test_it_forgets_what_was_learned_later(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    store_load(store, "work", [entry("received", "2024-01-11", "torino", case="B")], learned_on="2025-03-01")

    then = measured(store, pack, "2024-01", known_on="2025-02-28")
    now = measured(store, pack, "2024-01", known_on="2025-03-01")

    assert (then["torino", "received"].value, now["torino", "received"].value) == (1, 2)


def test_another_credit_rule_or_window_folds_nothing(tmp_path: Path) -> None:
    store = store_with(tmp_path / "store", entry("resolved", "2024-01-10", "torino", work="novara"))
    ours = small_pack(tmp_path / "a", MEASURES, indicators_of(*NAMES))
    other = MEASURES.replace("entry: resolved", "entry: resolved, credit: work, window: trailing_12")
    theirs = small_pack(tmp_path / "b", other, indicators_of(*NAMES))

    found = [answer(store, pack, "2024-01") for pack in (ours, theirs)]

    assert [item.folded for item in found] == [1, 0]
    rows = {(v.structure, v.indicator): v.value for v in found[1].values}
    assert (rows["torino", "resolved"], rows["novara", "resolved"]) == (None, 1)


STAR = MEASURES + "star: {label: S, unit: pieces, dataset: work, entry: received, filter: star}\n"


def test_a_new_version_of_a_product_leaves_older_loads_folded(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAR, indicators_of("star", "received"))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino", product="account"))
    before = answer(store, pack, "2024-09")
    renewed = product("pension", "2024-09-01", area="pensions", standard_days=30, star=False)
    store_load(store, "products", [renewed], "2024-08-31")
    store_load(store, "work", [entry("received", "2024-09-10", "torino", case=case) for case in "BC"])

    after = answer(store, pack, "2024-09")

    assert (before.folded, after.folded) == (1, 1)
    values = {v.indicator: v.value for v in after.values if v.structure == "torino"}
    assert values == {"star": 0, "received": 3}, "pensions are STAR no more"


def test_a_corrected_version_of_a_product_folds_again(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAR, indicators_of("star"))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    answer(store, pack, "2024-01")
    store_load(store, "products", [CATALOGUE[0] | {"sign": -1}, CATALOGUE[0] | {"star": False, "correction": 1}])

    found = answer(store, pack, "2024-01")

    assert (found.folded, found.values[0].value) == (1, 0)


def test_lines_are_as_few_as_the_measures_allow(tmp_path: Path) -> None:
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))

    for name, measures in (("all", MEASURES), ("star", STAR)):
        answer(store, small_pack(tmp_path / name, measures, indicators_of(*NAMES)), "2024-01")

    assert len(list((store / "cube").iterdir())) == 2, "one folder for each way of telling products apart"


def test_an_empty_store_says_what_to_load(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))

    with pytest.raises(Refusal, match="ME013"):
        answer(tmp_path / "store", pack, "2024-01")


def test_a_damaged_file_of_the_cube_is_folded_again(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    answer(store, pack, "2024-01")
    next((store / "cube").glob("*/*.parquet")).write_bytes(b"PAR1 cut short")

    assert answer(store, pack, "2024-01").folded == 1


def test_a_catalogue_learned_later_than_the_day_asked_for_still_names_the_products(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAR, indicators_of("star", "received"))
    store_load(tmp_path / "store", "products", CATALOGUE, "2025-06-30")
    store_load(tmp_path / "store", "work", [entry("received", "2024-01-10", "torino")], "2024-02-01")

    values = measured(tmp_path / "store", pack, "2024-01", known_on="2024-03-01")

    assert [values["torino", name].value for name in ("received", "star")] == [1, 1]


def test_work_on_a_product_taken_out_of_the_catalogue_still_counts(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAR, indicators_of("star", "received"))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    store_load(store, "products", [CATALOGUE[0] | {"sign": -1}])

    values = measured(store, pack, "2024-01")

    assert [values["torino", name].value for name in ("received", "star")] == [1, 0]
