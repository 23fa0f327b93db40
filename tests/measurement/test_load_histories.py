"""The history of a case must be possible, inside a load and across loads; a correction is a reversed row."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from tests.measurement.loads import Office, rejected, row, sound_rows

RECEIVED = row("a", "received", "2024-01-10")
RESOLVED = row("a", "resolved", "2024-02-10", "2024-01-10")


def open_cases(office: Office) -> int:
    return len(office.open())


def test_it_knows_the_cases_that_are_open(office: Office) -> None:
    office.work(RECEIVED, *sound_rows(3))
    assert open_cases(office) == 4

    office.work(RESOLVED)

    assert open_cases(office) == 3
    assert not (office.ledger.loads("work")[0].folder / "open.parquet").exists()


@pytest.mark.parametrize("in_two_loads", [False, True])
@pytest.mark.parametrize(
    ("again", "reason"),
    [
        (row("a", "received", "2024-03-01"), "FA032"),
        (row("a", "resolved", "2024-03-01", "2024-01-10"), "FA033"),
        (RECEIVED.replace("torino", "asti"), "FA030"),
        (RESOLVED, "FA030"),
    ],
)
def test_it_sets_a_second_time_aside(office: Office, again: str, reason: str, *, in_two_loads: bool) -> None:
    if in_two_loads:
        office.work(RECEIVED, RESOLVED)
        report = office.work(again, most_rejected=100)
        assert rejected(report) == [(2, "FA031" if reason == "FA030" else reason)]
    else:
        report = office.work(RECEIVED, RESOLVED, again, most_rejected=100)
        assert rejected(report) == [(4, reason)]
    assert len(office.entries()) == 2
    assert open_cases(office) == 0


def test_it_takes_only_the_new_rows_of_a_load_that_overlaps(office: Office) -> None:
    rows = sound_rows(100)
    office.work(*rows[:60])

    report = office.work(*rows[40:], most_rejected=50)

    assert rejected(report) == [(line, "FA031") for line in range(2, 22)]
    assert sorted(entry["case"] for entry in office.entries()) == sorted(f"s{i}" for i in range(100))
    assert open_cases(office) == 100


def test_it_judges_by_day_and_not_by_line(office: Office) -> None:
    late = row("a", "resolved", "2024-03-01", "2024-01-10")

    report = office.work(late, RESOLVED, RECEIVED, most_rejected=100)

    assert rejected(report) == [(2, "FA033")]


def test_it_lets_a_case_be_reopened_and_resolved_again(office: Office) -> None:
    office.work(RECEIVED, RESOLVED)
    office.work(row("a", "reopened", "2024-03-01", "2024-01-10"))
    assert open_cases(office) == 1

    report = office.work(row("a", "resolved", "2024-04-01", "2024-01-10"))

    assert report.reasons == {}
    assert open_cases(office) == 0


def test_it_sets_aside_a_case_reopened_while_open(office: Office) -> None:
    report = office.work(RECEIVED, row("a", "reopened", "2024-03-01", "2024-01-10"), most_rejected=100)

    assert rejected(report) == [(3, "FA034")]


def test_a_correction_takes_a_resolution_back(office: Office) -> None:
    office.work(RECEIVED, RESOLVED)

    office.work(row("a", "reversed", "2024-05-02", "2024-01-10", reversed_entry="resolved", staff_hours="1.25"))

    reversed_row = office.entries()[-1]
    assert (reversed_row["kind"], reversed_row["sign"], reversed_row["hours_100"]) == (2, -1, 125)
    assert open_cases(office) == 1


def test_a_correction_states_again_what_it_took_back(office: Office) -> None:
    office.work(RECEIVED, RESOLVED)

    report = office.work(
        row("a", "resolved", "2024-05-02", "2024-01-10", staff_hours="3"),
        row("a", "reversed", "2024-05-02", "2024-01-10", reversed_entry="resolved", staff_hours="1.25"),
    )

    assert report.reasons == {}
    assert sum(e["sign"] * e["hours_100"] for e in office.entries()) == 300
    assert open_cases(office) == 0


def test_it_sets_aside_a_reversal_of_what_was_not_resolved(office: Office) -> None:
    back = row("a", "reversed", "2024-05-02", "2024-01-10", reversed_entry="resolved")

    report = office.work(RECEIVED, back, most_rejected=100)

    assert rejected(report) == [(3, "FA035")]


def test_a_resolution_waits_for_a_receipt_that_comes_later(office: Office) -> None:
    office.work(RESOLVED)
    assert open_cases(office) == 1

    report = office.work(RECEIVED)

    assert report.reasons == {}
    assert open_cases(office) == 0


STAFF = "structure,month,profile,activity,fte,entry,correction\n"


def test_other_datasets_are_corrected_by_a_reversal_and_a_new_statement(office: Office) -> None:
    office.load("staff", STAFF + "asti,2024-01,manager,support,2.5,,\n")

    report = office.load(
        "staff",
        STAFF + "asti,2024-01,manager,support,2.5,reversed,0\nasti,2024-01,manager,support,3,stated,1\n",
    )

    assert report.reasons == {}
    assert float(sum(e["sign"] * e["fte"] for e in office.entries("staff"))) == 3.0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("asti,2024-01,manager,support,9,,", "FA031"),
        ("asti,2024-02,manager,support,9,reversed,0", "FA035"),
        ("asti,2025-01,manager,support,9,,", "FA025"),
        ("ivrea,2024-08,manager,support,9,,", "FA029"),
        ("asti,2024-13,manager,support,9,,", "FA022"),
    ],
)
def test_it_sets_aside_rows_of_other_datasets(office: Office, line: str, reason: str) -> None:
    office.load("staff", STAFF + "asti,2024-01,manager,support,2.5,,\n")

    report = office.load("staff", STAFF + line + "\n", most_rejected=100)

    assert rejected(report) == [(2, reason)]


def test_what_was_set_aside_can_be_read(office: Office) -> None:
    report = office.work(*sound_rows(3), row("x", "received", "2024-01-10", product="?"), most_rejected=50)

    (aside,) = pq.read_table(report.load.rejected_file).to_pylist()

    assert (aside["line"], aside["column"], aside["value"]) == (5, "product", "?")
    assert aside["raw"].startswith("x,received,2024-01-10,?")
