"""The work of the invented offices behaves as work does."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from piramide.demo.facts.generate import Generated
from piramide.demo.facts.workdays import is_working, month_of
from piramide.demo.facts.world import world_of

Row = dict[str, object]

CHANGES = {"received": 1, "resolved": -1, "reopened": 1, "transferred": 0}


def change(row: Row) -> int:
    """What an entry does to the pending cases."""
    if row["entry"] == "reversed":
        return -CHANGES[str(row["reversed_entry"])]
    return CHANGES[str(row["entry"])]


@pytest.fixture(scope="module")
def rows(entries: pa.Table) -> list[Row]:
    rows: list[Row] = entries.to_pylist()
    return rows


def of_kind(rows: list[Row], kind: str) -> list[Row]:
    return [row for row in rows if row["entry"] == kind]


def test_it_receives_exactly_the_cases_asked_for(facts: Generated, rows: list[Row]) -> None:
    received = of_kind(rows, "received")
    inside = [row for row in received if str(row["day"]) >= "2023"]

    assert len(inside) == facts.cases
    assert len(received) - len(inside) == facts.opening_cases > 0
    assert len({row["case"] for row in received}) == len(received)


def test_it_balances_in_every_office_and_month(rows: list[Row]) -> None:
    """Opening plus received and reopened less resolved is what is still open, counted case by case."""
    moved: Counter[tuple[object, str]] = Counter()
    last: dict[object, list[tuple[object, int]]] = defaultdict(list)
    office = {}
    for row in rows:
        month = max(str(row["day"])[:7], "2022-12")
        moved[row["office_of_competence"], month] += change(row)
        last[row["case"]].append((row["day"], change(row)))
        office[row["case"]] = row["office_of_competence"]
    months = sorted({month for _, month in moved})
    pending: Counter[object] = Counter()
    for month in months:
        for name in set(office.values()):
            pending[name] += moved[name, month]
            assert pending[name] >= 0, (name, month)
    open_cases = Counter(office[case] for case, history in last.items() if sum(step for _, step in history) == 1)

    assert {sum(step for _, step in history) for history in last.values()} == {0, 1}
    assert {name: count for name, count in pending.items() if count} == dict(open_cases)


def test_it_never_has_a_case_open_twice_or_closed_before_it_is_open(rows: list[Row]) -> None:
    histories: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        histories[row["case"]].append(row)
    for history in histories.values():
        is_open = 0
        for row in sorted(history, key=lambda row: (str(row["day"]), -change(row))):
            is_open += change(row)
            assert is_open in {0, 1}, history


def test_every_office_has_work_in_every_month(rows: list[Row]) -> None:
    busy = {(row["office_of_competence"], str(row["day"])[:7]) for row in of_kind(rows, "received")}
    sites = {name for name, month in busy if month >= "2023"}

    assert len(sites) == 116
    assert len([pair for pair in busy if pair[1] >= "2023"]) == 116 * 24


def test_nothing_happens_before_receipt(rows: list[Row]) -> None:
    assert [row for row in rows if str(row["day"]) < str(row["received_on"])] == []
    assert [row for row in of_kind(rows, "received") if row["day"] != row["received_on"]] == []


def test_nobody_works_when_offices_are_closed(rows: list[Row]) -> None:
    closed = {row["day"] for row in rows if isinstance(row["day"], date) and not is_working(row["day"])}
    on_closed_days = [row for row in rows if row["day"] in closed]

    assert [row for row in on_closed_days if not row["automated"]] == []
    assert on_closed_days, "machines work on Sundays too"


def test_italian_holidays_are_closed() -> None:
    closed = ["2023-04-10", "2024-04-01", "2023-08-15", "2024-06-02", "2024-12-26", "2023-07-01"]

    assert [day for day in closed if is_working(date.fromisoformat(day))] == []
    assert is_working(date(2024, 4, 2))


def test_no_office_resolves_more_than_its_staff_can(facts: Generated, rows: list[Row]) -> None:
    """Hours of the resolved never pass those of production staff, but for a case of each line begun before."""
    capacity: defaultdict[tuple[str, str], float] = defaultdict(float)
    with (facts.folder / "staff.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["activity"] == "production":
                calendar = month_of(*map(int, row["month"].split("-")))
                capacity[row["structure"], row["month"]] += float(row["fte"]) * calendar.hours_a_head
    worked: defaultdict[tuple[str, str], float] = defaultdict(float)
    longest = 0.0
    for entry in of_kind(rows, "resolved"):
        hours = float(str(entry["staff_hours"]))
        longest = max(longest, hours)
        if not str(entry["product"]).startswith("B2-"):
            worked[str(entry["office_of_work"]), str(entry["day"])[:7]] += hours
    months = sorted({month for _, month in capacity})
    for office in {office for office, _ in worked}:
        begun = 24 * longest / 4
        room = done = 0.0
        for month in months:
            room += capacity[office, month]
            done += worked[office, month]
            assert done <= room + begun, (office, month)


def test_capacity_binds(facts: Generated, rows: list[Row]) -> None:
    """Work waits because hours are short, not because nobody looks: nine hours in ten are used."""
    with (facts.folder / "staff.csv").open(encoding="utf-8") as file:
        staff = [row for row in csv.DictReader(file) if row["activity"] == "production"]
    hours = {
        f"{year}-{month:02d}": month_of(year, month).hours_a_head for year in (2023, 2024) for month in range(1, 13)
    }
    room = sum(float(row["fte"]) * hours[row["month"]] for row in staff)
    done = sum(
        float(str(row["staff_hours"])) for row in of_kind(rows, "resolved") if not str(row["product"]).startswith("B2-")
    )

    assert 0.9 < done / room < 1.02


def test_shared_work_is_resolved_where_it_was_transferred(rows: list[Row]) -> None:
    transferred = {row["case"]: row for row in of_kind(rows, "transferred")}
    resolved = [row for row in of_kind(rows, "resolved") if row["case"] in transferred]

    assert transferred
    assert resolved
    assert {row["office_of_work"] == transferred[row["case"]]["office_of_work"] for row in resolved} == {True}
    assert [row for row in transferred.values() if row["office_of_work"] == row["office_of_competence"]] == []
    away = [row for row in of_kind(rows, "resolved") if row["office_of_work"] != row["office_of_competence"]]
    assert {row["case"] for row in away} <= set(transferred)


def test_central_offices_work_for_others(rows: list[Row]) -> None:
    providers = {row["office_of_work"] for row in of_kind(rows, "transferred")}

    assert {"direzione_servizi_territorio", "progetto_tfs_tfr"} <= providers


def test_a_reversed_entry_takes_back_what_it_says(rows: list[Row]) -> None:
    figures = ("product", "office_of_work", "staff_hours", "interest_paid", "amount", "outcome")
    stated = {(row["case"], row["entry"]): row for row in rows if row["entry"] in {"received", "resolved"}}
    first = {row["case"]: row for row in reversed(of_kind(rows, "resolved"))}
    back = of_kind(rows, "reversed")

    assert 0 < len(back) < len(rows) / 500
    for row in back:
        original = first[row["case"]] if row["reversed_entry"] == "resolved" else stated[row["case"], "received"]
        assert {name: row[name] for name in figures} == {name: original[name] for name in figures}
        assert str(row["day"]) > str(original["day"]) or row["reversed_entry"] == "received"


def test_about_one_resolved_case_in_a_hundred_is_reopened(rows: list[Row]) -> None:
    by_hand = [row for row in of_kind(rows, "resolved") if not row["automated"]]

    assert 0.005 < len(of_kind(rows, "reopened")) / len(by_hand) < 0.02


def test_interest_is_paid_only_on_late_benefits(facts: Generated, rows: list[Row]) -> None:
    with (facts.folder / "products.csv").open(encoding="utf-8") as file:
        days = {row["product"]: int(row["standard_days"]) for row in csv.DictReader(file)}
    paid = [row for row in rows if Decimal(str(row["interest_paid"])) > 0]

    assert paid
    for row in paid:
        limit = date.fromisoformat(str(row["received_on"])) + timedelta(days=days[str(row["product"])])
        assert date.fromisoformat(str(row["day"])) > limit
        assert Decimal(str(row["amount"])) > 0


def test_automatic_cases_need_no_hours_and_no_days(entries: pa.Table) -> None:
    done = entries.filter(pc.and_(entries["automated"], pc.equal(entries["entry"], "resolved")))

    assert done.num_rows > 500
    assert pc.max(pc.cast(done["staff_hours"], pa.float64())).as_py() == 0
    assert pc.all(pc.equal(done["day"], done["received_on"])).as_py()
    assert set(done["channel"].to_pylist()) == {"automatic"}


def test_cases_are_codes_and_nobody_is_named(entries: pa.Table) -> None:
    assert pc.all(pc.match_substring_regex(entries["case"], r"^C\d{13}$")).as_py()


def test_staff_leaves_through_the_year_and_is_hired_in_january() -> None:
    fte = world_of(1_000_000, 7, (2023, 2024)).staff.fte.sum(axis=1)

    assert fte[11] < fte[0] * 0.98
    assert fte[12] > fte[11]
    assert fte[23] < fte[12] * 0.98


def test_receipts_have_seasons(rows: list[Row]) -> None:
    months = Counter(str(row["day"])[:7] for row in of_kind(rows, "received"))

    assert months["2023-08"] < 0.85 * months["2023-09"]
    assert months["2024-08"] < 0.85 * months["2024-01"]
