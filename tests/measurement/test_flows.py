"""Flows are the entries of a load added up without conditions, whatever was set aside."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from piramide.measurement.ledger.store import Load
from piramide.measurement.loading.flows import KEYS, SUMS
from tests.measurement.loads import Office, row


def key_of(item: dict[str, Any]) -> tuple[object, ...]:
    return tuple(item[name] for name in KEYS)


def by_hand(load: Load) -> dict[tuple[object, ...], tuple[int, ...]]:
    """The sums of `SUMS`, entry by entry."""
    sums: dict[str, Counter[tuple[object, ...]]] = {name: Counter() for name in SUMS}
    for item in pq.read_table(load.entries_file).to_pylist():
        sums["rows"][key_of(item)] += 1
        sums["estimated"][key_of(item)] += item["sign"] * item["status"]
        sums["pieces"][key_of(item)] += item["sign"]
        sums["days_left"][key_of(item)] += item["sign"] * item["days_to_month_end"]
        sums["points_in_1000"][key_of(item)] += item["sign"] * item["points_in_1000"]
    return {key: tuple(sums[name][key] for name in SUMS) for key in sums["rows"]}


def kept(load: Load) -> dict[tuple[object, ...], tuple[int, ...]]:
    return {key_of(item): tuple(item[name] for name in SUMS) for item in pq.read_table(load.flows_file).to_pylist()}


def test_it_adds_up_what_the_entries_of_each_load_hold(tmp_path: Path) -> None:
    office = Office(tmp_path)
    first = office.work(
        row("A", "received", "2024-01-10"),
        row("B", "received", "2024-01-11"),
        row("C", "received", "2024-01-11", office_of_work="asti"),
        row("A", "resolved", "2024-01-20", "2024-01-10"),
        row("B", "resolved", "2024-02-22", "2024-01-11", status="estimated"),
        row("B", "resolved", "2024-02-23", "2024-01-11"),
        most_rejected=20,
    )
    second = office.work(row("A", "reversed", "2024-02-03", "2024-01-10", reversed_entry="resolved"))

    assert [kept(load) == by_hand(load) for load in (first.load, second.load)] == [True, True]
    assert sum(rows for rows, *_ in kept(first.load).values()) == first.load.manifest["accepted"] == 5
    assert [(pieces, days) for _, _, pieces, days, _ in kept(second.load).values()] == [(-1, -27)]
