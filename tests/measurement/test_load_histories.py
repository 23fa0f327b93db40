"""The history of a case must be possible, inside a load and across loads; a correction is a reversed row."""

from __future__ import annotations

from itertools import accumulate, compress, permutations, product

import pyarrow.parquet as pq
import pytest

from tests.measurement.loads import PRODUCTS, Office, rejected, row, sound_rows

RECEIVED = row("a", "received", "2024-01-10")
RESOLVED = row("a", "resolved", "2024-02-10", "2024-01-10")


def open_cases(office: Office) -> int:
    return office.open()


def test_it_knows_the_cases_that_are_open(office: Office) -> None:
    office.work(RECEIVED, *sound_rows(3))
    assert open_cases(office) == 4

    office.work(RESOLVED)

    assert open_cases(office) == 3


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


def back(of: str, day: str, case: str = "a") -> str:
    """A reversal of an entry of the case received on 10 January."""
    return row(case, "reversed", day, "2024-01-10", reversed_entry=of)


REOPENED = row("a", "reopened", "2024-02-10", "2024-01-10")
AGAIN = row("a", "resolved", "2024-03-01", "2024-01-10")
ON_ONE_DAY = {
    "resolved and taken back": ([RECEIVED, RESOLVED, back("resolved", "2024-02-10")], 1),
    "taken back, then resolved": ([RECEIVED, RESOLVED, back("resolved", "2024-02-10"), AGAIN], 0),
    "received, resolved and both taken back": (
        [RECEIVED, RESOLVED, back("resolved", "2024-02-10"), back("received", "2024-01-10")],
        1,
    ),
    "all on the day of receipt": (
        [RECEIVED, row("a", "resolved", "2024-01-10"), back("resolved", "2024-01-10"), AGAIN],
        0,
    ),
    "reopened and taken back": (
        [RECEIVED, row("a", "resolved", "2024-02-01", "2024-01-10"), REOPENED, back("reopened", "2024-02-10")],
        0,
    ),
    "resolved, reopened, both taken back": (
        [RECEIVED, RESOLVED, REOPENED, back("reopened", "2024-02-10"), back("resolved", "2024-02-10")],
        1,
    ),
    "resolved and reopened": ([RECEIVED, RESOLVED, REOPENED], 1),
    "transferred and taken back": (
        [RECEIVED, row("a", "transferred", "2024-02-10", "2024-01-10"), back("transferred", "2024-02-10")],
        1,
    ),
}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("what", ON_ONE_DAY)
def test_it_puts_the_rows_of_a_day_in_the_order_in_which_they_can_have_happened(
    office: Office, what: str, *, turned: bool
) -> None:
    rows, left_open = ON_ONE_DAY[what]

    report = office.work(*(reversed(rows) if turned else rows))

    assert report.reasons == {}
    assert open_cases(office) == left_open


@pytest.mark.parametrize("what", ON_ONE_DAY)
def test_a_day_may_come_in_several_loads(office: Office, what: str) -> None:
    rows, left_open = ON_ONE_DAY[what]

    reports = [office.work(line) for line in rows]

    assert [report.reasons for report in reports] == [{}] * len(rows)
    assert open_cases(office) == left_open


def test_it_accepts_a_day_whenever_some_order_of_it_is_possible(office: Office) -> None:
    changes = {"resolved": 1, "reopened": -1, "back resolved": -1, "back reopened": 1}
    rows, possible = [], set()
    for number, (before, *chosen) in enumerate(product([0, 1], *[[False, True]] * 4)):
        case = f"case{number}"
        rows.append(row(case, "received", "2024-01-10"))
        rows += [row(case, "resolved", "2024-02-01", "2024-01-10")] * before
        events = list(compress(changes, chosen))
        for event in events:
            kind = event.removeprefix("back ")
            of_day = back(kind, "2024-02-10", case) if kind != event else row(case, kind, "2024-02-10", "2024-01-10")
            rows.append(of_day)
        runs = (accumulate((changes[event] for event in order), initial=before) for order in permutations(events))
        stated = {*events, *["resolved"] * before}
        takes_back = {event.removeprefix("back ") for event in events if event.startswith("back ")}
        if any(set(run) <= {0, 1} for run in runs) and takes_back <= stated:
            possible.add(case)

    report = office.work(*rows, most_rejected=100)

    aside = {rows[line - 2].split(",")[0] for line, _ in rejected(report)}
    assert len(possible) == 16
    assert {f"case{number}" for number in range(32)} - aside == possible


@pytest.mark.parametrize("kind", ["received", "transferred", "resolved", "reopened"])
def test_it_sets_aside_a_reversal_of_what_nobody_loaded(office: Office, kind: str) -> None:
    office.work(row("b", "received", "2024-01-10"))

    report = office.work(back(kind, "2024-02-10", "never"), most_rejected=100)

    assert rejected(report) == [(2, "FA035")]


def test_it_takes_a_transfer_back_once(office: Office) -> None:
    office.work(RECEIVED, row("a", "transferred", "2024-01-15", "2024-01-10"))

    first, second = (office.work(back("transferred", day), most_rejected=100) for day in ("2024-01-16", "2024-01-17"))

    assert (first.reasons, rejected(second)) == ({}, [(2, "FA035")])


def test_it_takes_one_reversal_for_one_resolution(office: Office) -> None:
    rows = [RECEIVED, RESOLVED, back("resolved", "2024-02-10"), back("resolved", "2024-02-11")]

    report = office.work(*rows, most_rejected=100)

    assert rejected(report) == [(5, "FA035")]


def test_a_case_resolved_and_taken_back_waits_for_a_receipt_that_comes_later(office: Office) -> None:
    office.work(RESOLVED, back("resolved", "2024-02-10"))

    assert office.work(RECEIVED).reasons == {}
    assert open_cases(office) == 1


@pytest.mark.parametrize("day", ["2024-01-10", "2024-01-20"])
def test_a_case_whose_receipt_was_taken_back_is_received_in_a_later_load(office: Office, day: str) -> None:
    office.work(RECEIVED, back("received", day))

    report = office.work(row("a", "received", "2024-02-01"), row("a", "resolved", "2024-02-05", "2024-02-01"))

    assert report.reasons == {}
    assert open_cases(office) == 0


def test_it_tells_a_row_set_aside_by_its_key(office: Office) -> None:
    report = office.work(RECEIVED, back("resolved", "2024-02-10"), most_rejected=100)

    (aside,) = pq.read_table(report.load.rejected_file).to_pylist()

    assert aside["raw"] == "a,reversed,2024-02-10,resolved"
    assert report.findings[0].subject == "a"


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


def test_it_tells_the_structure_of_a_reversal_of_nothing(office: Office) -> None:
    report = office.load("staff", STAFF + "asti,2024-02,manager,support,9,reversed,0\n", most_rejected=100)

    (aside,) = pq.read_table(report.load.rejected_file).to_pylist()

    assert (aside["column"], aside["value"]) == ("structure", "asti")
    assert aside["raw"] == "asti,2024-02,manager,support,reversed,0"
    assert "“asti” takes back what is not there" in report.findings[0].message("en")


def test_it_tells_the_product_of_a_version_that_is_there(office: Office) -> None:
    again = "\n".join(PRODUCTS.splitlines()[:2]) + "\n"

    report = office.load("products", again, most_rejected=100, name="again.csv")

    assert rejected(report) == [(2, "FA031")]
    assert report.findings[0].subject == "pension"
