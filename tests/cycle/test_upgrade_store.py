"""A store that the first format of Piramide wrote is brought forward: nothing lost, old runs verify."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from piramide.cycle.facts import findings_of_facts
from piramide.cycle.measure import Request, measure
from piramide.cycle.runs.store import FORMAT, Store
from piramide.cycle.runs.upgrade_store import upgrade_store
from piramide.cycle.verification.verify import verify
from piramide.kernel.findings import Refusal
from piramide.measurement.facts_check.flows import check_flows
from piramide.measurement.ledger.store import Ledger

WRITTEN_BY_THE_FIRST = Path(__file__).with_name("format-1")
"""Five rows of a municipality over two loads; the hours of its product change from 1.5 to 2 in March 2025. One run."""
RUN = "981a323b"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A copy of the old store."""
    shutil.copytree(WRITTEN_BY_THE_FIRST, tmp_path / "store")
    return Store(tmp_path / "store")


def upgraded(store: Store) -> tuple[str, ...]:
    return upgrade_store(store, lambda *_: None, lambda: None)


def rows_of(store: Store) -> list[dict[str, object]]:
    return [
        row
        for load in Ledger(store.root, is_sealed=False).loads("work")
        for row in pq.read_table(load.entries_file).to_pylist()
    ]


def test_it_asks_for_the_upgrade_before_anything_is_read(store: Store) -> None:
    with pytest.raises(Refusal, match="CY027"):
        store.run(RUN)
    with pytest.raises(Refusal, match="CY027"):
        store.prepare()
    with pytest.raises(Refusal, match="CY027"):
        findings_of_facts(store, "comune-esempio", [], None)
    with pytest.raises(Refusal, match="CY027"):
        measure(Request("comune-esempio", "2025-Q1"), [], store.root, store.root / "v.csv", lambda *_: None)


def test_cases_get_the_points_that_they_came_in_with(store: Store) -> None:
    before = rows_of(store)

    assert upgraded(store) == ("2", "3")

    rows = rows_of(store)
    points = {(row["case"], row["kind"]): (row["points_1000"], row["points_in_1000"]) for row in rows}
    assert points["2", 2] == (2000, 1500), "received in January, resolved after the hours had changed"
    assert points["3", 0] == (2000, 2000)
    assert [{name: row[name] for name in before[0]} for row in rows] == before
    assert list(check_flows(Ledger(store.root))) == []


def test_old_runs_verify_and_a_second_time_does_nothing(store: Store) -> None:
    upgraded(store)

    assert verify(store, RUN).verified
    assert (store.format, upgraded(store)) == (FORMAT, ())


def test_it_goes_on_where_it_was_killed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Ledger.keep_manifest
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "keep_manifest", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            upgraded(store)
    assert (store.format, Ledger.keep_manifest) == ("1", kept)

    assert upgraded(store) == ("2", "3")

    assert {row["points_in_1000"] for row in rows_of(store)} == {1500, 2000}
    assert list(check_flows(Ledger(store.root))) == []


def test_it_refuses_a_format_it_does_not_know(store: Store) -> None:
    store.mark("7")

    with pytest.raises(Refusal, match="CY006"):
        upgraded(store)
