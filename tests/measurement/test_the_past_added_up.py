"""Loads that lie before every window are read added up, and give the same figures as month by month."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from piramide.kernel.periods import Moment, parse_period
from piramide.measurement.cube.past import Member, Past
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.methodology.model import Pack
from tests.measurement.hand_ledger import CATALOGUE, MEASURES, entry, small_pack, store_load, store_with

YEARLY = (
    MEASURES
    + """
pending: {label: P, unit: pieces, dataset: work, entry: pending, window: month_end, level: level}
pending_days: {label: D, unit: days, dataset: work, entry: pending, window: integral, level: level}
star: {label: S, unit: pieces, dataset: work, entry: received, filter: star}
on_time: {label: T, unit: pieces, dataset: work, entry: resolved, filter: "days_waited <= 15"}
"""
)
LONGER = YEARLY + "trailing: {label: A, unit: pieces, dataset: work, entry: resolved, window: trailing_12}\n"
BEFORE = LONGER + "earlier: {label: B, unit: pieces, dataset: work, entry: resolved, before: same_moment}\n"
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)]


def a_store(root: Path, *, taken_back: bool = False) -> Path:
    """Three years, a load a month: a case comes and the one of the month before goes, one in three stays."""
    store = store_with(root, entry("received", "2021-01-02", "genova", case="first", estimated=True))
    for at, month in enumerate(MONTHS):
        rows = [entry("received", f"{month}-05", "torino", work=("novara", "torino")[at % 2], case=f"C{at}")]
        rows += [entry("received", f"{month}-07", "novara", product="account", case=f"D{at}")]
        if at % 3:
            came = f"{MONTHS[at - 1]}-05"
            rows += [entry("resolved", f"{month}-15", "torino", received=came, case=f"C{at - 1}", estimated=at == 4)]
        if taken_back and at == 6:
            rows += [entry("resolved", f"{month}-16", "torino", received="2021-05-05", sign=-1, estimated=True)]
        store_load(store, "work", rows)
    store_load(store, "work", [entry("received", "2021-03-09", "genova", case="late")])
    return store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_store(tmp_path_factory.mktemp("past") / "store")


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "store")


def figures(store: Path, pack: Pack, moment: Moment, *, month_by_month: bool) -> tuple[int, list[np.ndarray]]:
    """How many rows of the cube are read, and the figures of every measure."""
    scope = Scope(pack, parse_period(str(moment)), moment.day)
    folded = fold_new(store, scope, lambda *_: None).folded
    measured = measured_at(store, scope, folded, (moment,), month_by_month=month_by_month)
    found = [measured.figures(name) for name in pack.measures]
    return len(measured.cubes["work"].table), [part for f in found for part in (f.values, f.estimated, f.coverage)]


@pytest.mark.parametrize(
    ("measures", "moment", "is_shorter"),
    [
        (YEARLY, Moment(2023, 1), True),
        (YEARLY, Moment(2023, 11), True),
        (YEARLY, Moment(2022, 1), True),
        (YEARLY, Moment(2021, 12), False),
        (LONGER, Moment(2023, 1), True),
        (LONGER, Moment(2022, 5), False),
        (BEFORE, Moment(2024, 1), True),
        (BEFORE, Moment(2022, 6), False),
    ],
)
def test_the_figures_are_those_of_all_months(
    store: Path, tmp_path: Path, measures: str, moment: Moment, *, is_shorter: bool
) -> None:
    pack = small_pack(tmp_path / "pack", measures)

    rows, found = figures(store, pack, moment, month_by_month=False)
    every_row, expected = figures(store, pack, moment, month_by_month=True)

    assert (rows < every_row) == is_shorter
    assert any(part.any() for part in expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_estimates_taken_back_keep_their_months_apart(tmp_path: Path) -> None:
    store, pack = a_store(tmp_path / "store", taken_back=True), small_pack(tmp_path / "pack", YEARLY)

    rows, found = figures(store, pack, Moment(2023, 1), month_by_month=False)
    every_row, expected = figures(store, pack, Moment(2023, 1), month_by_month=True)

    assert rows == every_row
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_folded_again_is_added_up_again(store: Path, tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", YEARLY)
    moment = Moment(2023, 6)
    before = figures(store, pack, moment, month_by_month=False)
    plain = CATALOGUE[0] | {"star": False, "correction": 1}
    store_load(store, "products", [CATALOGUE[0] | {"sign": -1}, plain], "2025-01-31")

    after = figures(store, pack, moment, month_by_month=False)
    expected = figures(store, pack, moment, month_by_month=True)

    assert after[0] <= before[0]
    assert any(not np.array_equal(one, other) for one, other in zip(before[1], after[1], strict=True))
    for one, other in zip(after[1], expected[1], strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_sums_of_other_loads_are_not_taken(store: Path, tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", YEARLY)
    (folded,) = fold_new(store, Scope(pack, parse_period("2023-01"), Moment(2023, 1).day), lambda *_: None).folded
    members = [Member(load.id, folded.membership(load)) for load in folded.loads]

    read = Past(folded.folder).files(members[:12], 12)
    others = Past(folded.folder).files([*members[:3], *members[4:12], members[11]], 12)

    assert (len(read), len(others)) == (1, 12)
