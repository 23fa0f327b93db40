"""Rows that cannot be are set aside with their reason and line; the others are kept."""

from __future__ import annotations

import pytest

from piramide.kernel.findings import Refusal
from tests.measurement.loads import HEADER, Office, rejected, row, sound_rows, work_text

FAULTS = {
    "a line with too few cells": ("x,received,2024-01-10", "FA020"),
    "a quote that is not closed": (row("x", "received", "2024-01-10") + '"', "FA020"),
    "no case": (row("", "received", "2024-01-10"), "FA021"),
    "an Italian date": (row("x", "received", "10/01/2024"), "FA022"),
    "a day that is not on the calendar": (row("x", "received", "2024-02-30"), "FA022"),
    "letters for hours": (row("x", "received", "2024-01-10", staff_hours="due"), "FA022"),
    "three decimals of an hour": (row("x", "received", "2024-01-10", staff_hours="1.255"), "FA022"),
    "not a number": (row("x", "received", "2024-01-10", staff_hours="NaN"), "FA022"),
    "an entry that nobody knows": (row("x", "defined", "2024-01-10"), "FA023"),
    "an outcome that nobody knows": (row("x", "received", "2024-01-10", outcome="maybe"), "FA023"),
    "negative hours": (row("x", "received", "2024-01-10", staff_hours="-0.5"), "FA024"),
    "a day in the future": (row("x", "received", "2025-01-01"), "FA025"),
    "a day before receipt": (row("x", "resolved", "2024-01-10", "2024-01-11"), "FA026"),
    "a receipt on two days": (row("x", "received", "2024-01-10", "2024-01-09"), "FA026"),
    "an unknown product": (row("x", "received", "2024-01-10", product="pensions"), "FA027"),
    "a product that is no longer in the catalogue": (
        row("x", "received", "2024-07-01", product="maternity"),
        "FA027",
    ),
    "a product that is not yet in the catalogue": (row("x", "received", "2019-12-31"), "FA027"),
    "an unknown office": (row("x", "received", "2024-01-10", office_of_work="turin"), "FA028"),
    "an office closed on that day": (row("x", "received", "2024-07-01", office_of_competence="ivrea"), "FA029"),
    "a reversal that does not say of what": (row("x", "reversed", "2024-01-10"), "FA035"),
    "a receipt that reverses": (row("x", "received", "2024-01-10", reversed_entry="resolved"), "FA035"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_sets_the_row_aside_and_keeps_the_others(office: Office, fault: str) -> None:
    line, reason = FAULTS[fault]
    before, after = sound_rows(3, "before"), sound_rows(4, "after")

    report = office.work(*before, line, *after, most_rejected=50)

    assert rejected(report) == [(5, reason)]
    assert [entry["source_line"] for entry in office.entries()] == [2, 3, 4, 6, 7, 8, 9]
    assert report.load.manifest["accepted"] == 7
    assert report.load.manifest["rejected"] == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_it_says_the_place_of_the_fault(office: Office, fault: str) -> None:
    line, reason = FAULTS[fault]

    report = office.work(*sound_rows(3), line, most_rejected=50)

    (finding,) = report.findings
    assert (finding.code, finding.place.line) == (reason, 5)
    assert str(office.folder / "work.csv:5") in finding.message()


def test_it_tells_apart_every_fault_of_one_file(office: Office) -> None:
    lines = [line for line, _ in FAULTS.values()]
    texts = [line.replace("x,", f"x{number},", 1) for number, line in enumerate(lines)]

    report = office.work(*sound_rows(30), *texts, most_rejected=50)

    assert rejected(report) == [(32 + number, reason) for number, (_, reason) in enumerate(FAULTS.values())]


def test_it_refuses_the_load_above_the_limit(office: Office) -> None:
    wrong = [row(f"w{i}", "received", "2024-01-10", product="?") for i in range(2)]

    with pytest.raises(Refusal) as refused:
        office.work(*sound_rows(98), *wrong, most_rejected=1)

    assert [finding.code for finding in refused.value.findings] == ["FA010", "FA027", "FA027"]
    assert office.ledger.loads("work") == ()


def test_it_keeps_the_load_at_the_limit(office: Office) -> None:
    report = office.work(*sound_rows(99), row("w", "received", "2024-01-10", product="?"), most_rejected=1)

    assert report.load.manifest["accepted"] == 99


def test_a_source_of_which_nothing_was_kept_may_come_again(office: Office) -> None:
    wrong = row("w", "received", "2024-01-10", product="?")

    for number in range(2):
        assert office.work(wrong, most_rejected=100).load.manifest["accepted"] == 0
        assert len(office.ledger.loads("work")) == number + 1

    office.work(*sound_rows(1))
    with pytest.raises(Refusal, match="FA002"):
        office.work(*sound_rows(1))


def test_it_looks_hours_up_in_the_version_of_the_day(office: Office) -> None:
    office.work(
        row("a", "received", "2024-02-29", product="naspi"),
        row("b", "received", "2024-03-01", product="naspi"),
    )

    assert [entry["points_1000"] for entry in office.entries()] == [750, 900]


def test_a_case_keeps_the_points_that_it_came_in_with(office: Office) -> None:
    office.work(
        row("a", "received", "2024-02-29", product="naspi"),
        row("a", "resolved", "2024-03-05", "2024-02-29", product="naspi"),
        row("b", "resolved", "2024-03-05", "2019-06-01", product="naspi"),
    )

    points = [(entry["points_1000"], entry["points_in_1000"]) for entry in office.entries()]
    assert points == [(750, 750), (900, 750), (900, 750)], "before the catalogue begins its first version counts"


def test_it_takes_an_office_on_its_last_day(office: Office) -> None:
    report = office.work(row("a", "received", "2024-06-30", office_of_competence="ivrea"))

    assert report.load.manifest["accepted"] == 1


def test_it_passes_over_blank_lines_and_counts_them(office: Office) -> None:
    text = work_text([*sound_rows(1), "", row("x", "received", "?"), ""])

    report = office.load("work", text, 50)

    assert rejected(report) == [(4, "FA022")]
    assert report.load.manifest["rows"] == 2


def test_it_derives_what_measures_add_up(office: Office) -> None:
    office.work(
        row("a", "received", "2024-02-10"),
        row("a", "resolved", "2024-03-01", "2024-02-10", office_of_work="asti", status="estimated"),
    )

    received, resolved = office.entries()

    codes = office.ledger.codes()
    assert (received["kind"], received["sign"], received["month"]) == (0, 1, 2024 * 12 + 1)
    assert received["days_waited"] is None
    assert received["days_to_month_end"] == 20  # 10 to 29 February
    assert (resolved["kind"], resolved["days_waited"], resolved["days_to_month_end"]) == (2, 20, 31)
    assert (resolved["hours_100"], resolved["points_1000"], resolved["status"]) == (125, 1500, 1)
    assert codes.structures[resolved["competence"]] == "torino"
    assert codes.structures[resolved["work"]] == "asti"
    assert codes.products[resolved["product"]] == "pension"
    assert received["case_key"] == resolved["case_key"]


def test_it_takes_a_file_without_the_columns_that_may_be_absent(office: Office) -> None:
    columns = HEADER.split(",")[:7]
    office.load("work", ",".join(columns) + "\na,received,2024-02-10,pension,torino,torino,2024-02-10\n")

    (entry,) = office.entries()

    assert (entry["hours_100"], entry["channel"], entry["automated"], entry["status"]) == (0, 0, False, 0)


@pytest.mark.parametrize("few", [True, False])
@pytest.mark.parametrize(("hours", "reason"), [("due", "FA022"), ("1.255", "FA022"), ("-1", "FA024"), ("1,5", "FA020")])
def test_it_judges_numbers_alike_whether_they_are_few_or_many(
    office: Office, hours: str, reason: str, *, few: bool
) -> None:
    resolved = [
        row(f"c{i}", "resolved", "2024-02-10", "2024-01-10", staff_hours=f"{i % 3 if few else i}.50")
        for i in range(200)
    ]
    wrong = row("x", "resolved", "2024-02-10", "2024-01-10", staff_hours=hours)

    report = office.work(*resolved, wrong, most_rejected=1)

    assert rejected(report) == [(202, reason)]
    assert sum(e["hours_100"] for e in office.entries()) == sum(100 * (i % 3 if few else i) + 50 for i in range(200))


def test_it_looks_up_many_rows_as_it_looks_up_one(office: Office) -> None:
    days = [f"2024-{month:02d}-{day:02d}" for month in (2, 3, 6, 7) for day in (1, 28)]
    rows = [
        row(f"{day}-{product}-{i}", "received", day, product=product, office_of_work="ivrea")
        for day in days
        for product in ("naspi", "maternity")
        for i in range(300)
    ]

    report = office.work(*rows, most_rejected=100)

    assert report.reasons == {"FA027": 600, "FA029": 600}
    points = {(e["month"] % 12 + 1, e["points_1000"]) for e in office.entries()}
    assert points == {(2, 750), (2, 500), (3, 900), (3, 500), (6, 900), (6, 500)}
