"""How many dressed-up offices the integrity alarms find, and how many honest ones they trouble.

    .venv/bin/python -m bench.alarms               both tables of docs/integrity-alarms.md
    .venv/bin/python -m bench.alarms --store DIR   both on the generated facts of a store, month by month

Run from the root of the repository. Figures depend on the seeds alone.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from bench.dressed_up import DRESSINGS, dress_up
from bench.invented_work import RESOLVED, Array, Columns, Invented, invent, table, table_columns

from piramide.cycle.alarms import Request, alarms
from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.measurement.alarms.facts import Facts
from piramide.measurement.alarms.registry import ALARMS, examine
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.catalogue import read_catalogue
from piramide.measurement.ledger.store import Ledger

CLEAN_SEEDS: Final = range(100, 110)
CLEAN_MONTHS: Final = ("2024-01", "2024-02", "2024-03")
PLANT_SEEDS: Final = range(200, 202)
PLANT_MONTH: Final = "2024-03"
PEOPLE: Final = (12, 50, 150, 500)
CASES_A_MONTH: Final = (80, 200, 500, 1200)
OFFICES_EACH: Final = 2
SIZES: Final = (0.1, 0.3, 0.7)
ALARM_OF: Final = dict(zip(sorted(DRESSINGS), (ALARMS[at] for at in (0, 1, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9)), strict=True))


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    store = parser.parse_args().store
    with DuckdbEngine() as engine:
        if store:
            print_found(engine, [world_of_store(store)], CASES_A_MONTH, "cases a month")
            print()
            print_clean(answers_of_store(store))
        else:
            worlds = [invent(seed, offices=80, months=16, per_head=4) for seed in PLANT_SEEDS]
            print_found(engine, worlds, PEOPLE, "people")
            print()
            print_clean(answers_of_worlds(engine))


def answers_of_worlds(engine: DuckdbEngine) -> Iterator[Examined]:
    """What alarms hear in honest worlds."""
    for seed in CLEAN_SEEDS:
        world = invent(seed, months=16, per_head=4)
        facts = facts_of(engine, world, table(world.entries))
        for period in CLEAN_MONTHS:
            yield from examine(facts, parse_period(period))


def answers_of_store(store: Path) -> Iterator[Examined]:
    """What alarms hear in each month of two years of generated facts, quarters and years."""
    for year in (2023, 2024):
        periods = [f"{year}-{month:02d}" for month in range(1, 13)]
        for period in (*periods, *(f"{year}-Q{quarter}" for quarter in range(1, 5)), str(year)):
            yield from alarms(Request(period), store).alarms


def facts_of(engine: DuckdbEngine, world: Invented, rows: pa.Table) -> Facts:
    """A world as alarms see it."""
    query: Callable[[str], pa.Table] = lambda sql: engine.run(Query(sql, tables={"entries": rows}))  # noqa: E731
    return Facts(query, world.structures, world.deadlines)


def print_clean(answers: Iterator[Examined]) -> None:
    """Offices troubled of those examined; an alarm with several indicators counts an office once each time."""
    examined: dict[str, int] = defaultdict(int)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    parts: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        key = f"{answer.code} {answer.alarm}"
        examined[key] = examined[key] + answer.examined
        evidence[key] += answer.evidence
        parts[key].add(answer.about)
    print("| Alarm | Offices examined | Troubled | Per 100 | Of them below 20 people |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for key in sorted(examined):
        count = examined[key] // max(len(parts[key]), 1)
        troubled = len(evidence[key])
        small = sum(1 for one in evidence[key] if _people(one.office) < 20)
        print(f"| {key} | {count} | {troubled} | {100 * troubled / max(count, 1):.2f} | {small} |", flush=True)


def world_of_store(store: Path) -> Invented:
    """The facts of a store as a world; the size of an office is its cases resolved a month."""
    ledger = Ledger(store)
    kept = ledger.entries("work", table_columns()).read_all()
    entries = {name: _numbers(kept.column(name)) for name in table_columns()}
    catalogue = read_catalogue(ledger).to_pylist()
    products = len(ledger.codes().products)
    hours, days = np.zeros(products), np.full(products, 30)
    for version in catalogue:
        hours[version["product"]], days[version["product"]] = version["standard_hours"] / 1000, version["standard_days"]
    months = np.unique(entries["month"][entries["month"] >= 2023 * 12])
    resolved = entries["work"][(entries["kind"] == RESOLVED) & (entries["month"] >= months[0])]
    size = np.bincount(resolved, minlength=len(ledger.codes().structures)) / len(months)
    names = dict(enumerate(ledger.codes().structures))
    return Invented(size, hours, days, int(months[0]), len(months), entries, names)


def _numbers(column: pa.ChunkedArray) -> Array:
    """A column as integers: days since 1970, nothing as 0."""
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return np.asarray(column.fill_null(0).cast(pa.int64()).to_numpy())


def print_found(engine: DuckdbEngine, worlds: list[Invented], classes: tuple[int, ...], unit: str) -> None:
    """Share of planted offices found, by size of the anomaly and of the office."""
    print(f"| Alarm | Size | {' | '.join(f'{size} {unit}' for size in classes)} | Others troubled |")
    print(f"| --- | ---: |{' ---: |' * len(classes)} ---: |")
    for code in sorted(DRESSINGS):
        for size in SIZES:
            print(_found(engine, worlds, classes, code, size), flush=True)


def _found(engine: DuckdbEngine, worlds: list[Invented], classes: tuple[int, ...], code: str, size: float) -> str:
    found, others = dict.fromkeys(classes, 0), 0
    for world in worlds:
        planted = {people: _nearest(world, people) for people in classes}
        entries = _planted(world, code, [office for offices in planted.values() for office in offices], size)
        facts = facts_of(engine, world, table(entries))
        answers = examine(facts, parse_period(PLANT_MONTH), (ALARM_OF[code],))
        rung = {one.office for answer in answers if answer.code == code for one in answer.evidence}
        for people, offices in planted.items():
            names = {world.structures[office] for office in offices}
            found[people] += len(rung & names)
            rung -= names
        others += len(rung)
    of = OFFICES_EACH * len(worlds)
    return f"| {code} | {size:.0%} | {' | '.join(f'{100 * n / of:.0f} %' for n in found.values())} | {others} |"


def _planted(world: Invented, code: str, offices: list[int], size: float) -> Columns:
    period = parse_period(PLANT_MONTH)
    month = (period.start.year - 1970) * 12 + period.start.month - 1
    return dress_up(world, code, offices, month, size, seed=7)


def _nearest(world: Invented, people: int) -> list[int]:
    """The offices of a world whose size is nearest."""
    return [
        int(at)
        for at in np.argsort(np.abs(np.log(np.maximum(world.people, 0.1) / people)), kind="stable")[:OFFICES_EACH]
    ]


def _people(office: str) -> int:
    """People of an invented office, from its name; of others none is known."""
    tail = office.rsplit("_", 1)[-1]
    return int(tail) if tail.isdigit() else 10_000


if __name__ == "__main__":
    main()
