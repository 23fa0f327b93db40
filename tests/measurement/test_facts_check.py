"""The check of the facts finds what no load can see, and is silent on sound facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.kernel.findings import Finding, Refusal
from piramide.kernel.organisation import Organisation
from piramide.measurement.facts_check import CheckRequest, check_facts
from tests.measurement.loads import LEARNED_ON, ORGANISATION, Office, row, seal_again

HEADINGS = "structure,line,month,opening,received,resolved,closing\n"


def found(office: Office, control: Path | None = None) -> list[Finding]:
    return list(check_facts(CheckRequest(office.ledger, ORGANISATION, "prova", control)))


def codes(office: Office, control: Path | None = None) -> list[str]:
    return [finding.code for finding in found(office, control)]


def history_of(office_id: str, months: Iterable[int], each: int = 40) -> Iterator[str]:
    """So many cases a month, received on the fifth and resolved on the twentieth."""
    for month in months:
        for i in range(each):
            case, day = f"{office_id}-{month}-{i}", f"2024-{month:02d}-05"
            yield row(case, "received", day, office_of_competence=office_id)
            yield row(case, "resolved", f"2024-{month:02d}-20", day, office_of_competence=office_id)


def test_it_is_silent_on_sound_facts(office: Office) -> None:
    office.work(*history_of("torino", range(1, 13)), *history_of("asti", range(1, 13)))

    assert codes(office) == []


def test_it_finds_the_month_that_an_office_did_not_deliver(office: Office) -> None:
    office.work(*history_of("torino", range(1, 8)), *history_of("asti", range(1, 4)), *history_of("asti", range(5, 7)))

    (finding,) = found(office)

    assert (finding.code, finding.fields["structure"]) == ("FA042", "asti")
    assert finding.fields["months"] == "2024-04, 2024-07"


def test_an_opening_stock_and_a_small_office_are_no_gap(office: Office) -> None:
    opening = [row(f"o{i}", "received", day) for i, day in enumerate(("2023-06-01", "2023-07-01", "2023-11-01"))]
    asti = {"office_of_competence": "asti"}
    opening += [row(f"p{i}", "received", day, **asti) for i, day in enumerate(("2023-06-01", "2023-11-01"))]
    office.work(*opening, *history_of("torino", range(1, 8)), *history_of("asti", (1, 2, 4, 5, 6, 7), 4))

    assert codes(office) == []


def test_it_finds_a_jump_against_the_past_of_the_office(office: Office) -> None:
    office.work(*history_of("torino", range(1, 11)), *history_of("torino", range(11, 12), 300))

    jumps = found(office)

    assert {(f.code, f.fields["quantity"], f.fields["month"]) for f in jumps} == {
        ("FA045", quantity, "2024-11") for quantity in ("received", "resolved", "hours")
    }
    assert (jumps[0].stated, jumps[0].recomputed) == ("300", "40")


def test_it_says_what_is_estimated(office: Office) -> None:
    office.work(row("a", "received", "2024-01-05", status="estimated"), row("b", "received", "2024-02-05"))

    (finding,) = found(office)

    assert (finding.code, finding.fields["count"], finding.fields["last"]) == ("FA044", 1, "2024-01")


def test_it_says_what_was_learned_late(office: Office) -> None:
    office.work(row("a", "received", "2024-01-05"), learned_on=LEARNED_ON.replace(month=2, day=1))
    office.work(row("b", "received", "2024-01-06"), learned_on=LEARNED_ON)

    (finding,) = found(office)

    assert (finding.code, finding.fields["months"]) == ("FA043", "2024-01")


def test_it_finds_a_case_resolved_and_never_received(office: Office) -> None:
    office.work(row("a", "resolved", "2024-02-05", "2024-01-05"))

    (finding,) = found(office)

    assert (finding.code, finding.fields["count"], finding.fields["example"]) == ("FA047", 1, "a")


def put_in(office: Office, **cells: object) -> None:
    """Somebody adds a row to the last load, like its first one but for some columns, and seals it again."""
    load = office.ledger.loads("work")[-1]
    table = pq.read_table(load.entries_file)
    first = table.slice(0, 1).to_pylist()[0]
    added = pa.Table.from_pylist([first | cells], schema=table.schema)
    pq.write_table(pa.concat_tables([table, added]), load.entries_file)
    seal_again(office.ledger, load)


def test_it_finds_a_case_received_again_that_no_load_judged(office: Office) -> None:
    office.work(row("a", "received", "2024-01-05"), row("a", "resolved", "2024-01-20", "2024-01-05"))
    put_in(office, day=date(2024, 1, 25), received_on=date(2024, 1, 25))

    finding = next(f for f in found(office) if f.code == "FA046")

    assert finding.fields["example"] == "a"


def test_it_finds_a_reversal_of_nothing_that_no_load_judged(office: Office) -> None:
    office.work(row("b", "received", "2024-01-05"))
    put_in(office, case="a", case_key=77, kind=1, sign=-1)

    finding = next(f for f in found(office) if f.code == "FA057")

    assert finding.fields["example"] == "a"


def test_it_finds_rows_that_somebody_copied_into_the_ledger(office: Office) -> None:
    load = office.work(*history_of("torino", range(1, 2), 3)).load
    table = pq.read_table(load.entries_file)
    pq.write_table(table.take([0, 1, 2, 3, 4, 5, 5]), load.entries_file)
    assert codes(office) == ["FA071"]
    seal_again(office.ledger, load)

    assert "FA048" in codes(office)


def test_it_finds_flows_that_are_not_what_the_entries_add_up_to(office: Office) -> None:
    load = office.work(*history_of("torino", range(1, 2), 3)).load
    flows = pq.read_table(load.flows_file)
    assert codes(office) == []
    pq.write_table(flows.slice(1), load.flows_file)
    assert codes(office) == ["FA071"]
    seal_again(office.ledger, load)
    (finding,) = found(office)

    assert (finding.code, finding.fields["load"]) == ("FA056", load.id)
    load.flows_file.unlink()
    assert codes(office) == []


def test_it_finds_a_structure_that_the_pack_does_not_know(office: Office) -> None:
    office.work(row("a", "received", "2024-01-05"))
    smaller = Organisation(tuple(s for s in ORGANISATION.versions if s.id != "torino"))

    (finding,) = check_facts(CheckRequest(office.ledger, smaller, "altro"))

    assert (finding.code, finding.fields["structure"]) == ("FA051", "torino")


def test_it_finds_a_reversal_with_other_figures(office: Office) -> None:
    headings = "structure,month,profile,activity,fte,entry,correction\n"
    office.load("staff", headings + "asti,2024-01,manager,support,2.5,,\n")
    office.load("staff", headings + "asti,2024-01,manager,support,2.4,reversed,0\n")

    assert "FA049" in codes(office)


@pytest.fixture
def balanced(office: Office) -> Office:
    """Torino: 5 received in January, 3 resolved, one of them reopened in February."""
    received = [row(f"t{i}", "received", "2024-01-10") for i in range(5)]
    resolved = [row(f"t{i}", "resolved", "2024-01-20", "2024-01-10") for i in range(3)]
    office.work(*received, *resolved, row("t0", "reopened", "2024-02-03", "2024-01-10"))
    return office


@pytest.mark.parametrize(
    "line",
    [
        "torino,pensions,2024-01,0,5,3,2",
        "torino,,2024-01,0,5,3,2",
        "torino,pensions,2024-02,2,0,-1,3",
        "piemonte,pensions,2024-01,0,5,3,2",
        "asti,pensions,2024-01,0,0,0,0",
    ],
)
def test_it_agrees_with_true_control_totals(balanced: Office, line: str) -> None:
    assert codes(balanced, balanced.file(HEADINGS + line + "\n", "totals.csv")) == []


def test_it_takes_control_totals_by_product(balanced: Office) -> None:
    text = HEADINGS.replace("line", "product") + "torino,pension,2024-01,0,5,3,2\n"

    assert codes(balanced, balanced.file(text, "totals.csv")) == []


def test_it_finds_the_figure_that_is_not_the_ledgers(balanced: Office) -> None:
    control = balanced.file(HEADINGS + "torino,pensions,2024-01,0,6,4,2\n", "totals.csv")

    findings = found(balanced, control)

    assert [(f.code, f.fields["quantity"], f.stated, f.recomputed) for f in findings] == [
        ("FA041", "received", "6", "5"),
        ("FA041", "resolved", "4", "3"),
    ]
    assert {f.place.line for f in findings} == {2}


def test_it_finds_a_balance_that_does_not_close(balanced: Office) -> None:
    control = balanced.file(HEADINGS + "torino,pensions,2024-01,0,5,3,4\n", "totals.csv")

    first, second = found(balanced, control)

    assert (first.code, first.stated, first.recomputed, first.difference) == ("FA040", "4", "2", "2")
    assert (second.code, second.fields["quantity"]) == ("FA041", "closing")


@pytest.mark.parametrize("text", [HEADINGS.replace("month", "mese"), HEADINGS + "torino,x,2024-01,a,1,1,1\n"])
def test_it_refuses_control_totals_that_it_cannot_read(balanced: Office, text: str) -> None:
    with pytest.raises(Refusal, match="FA053"):
        found(balanced, balanced.file(text + "torino,x,2024-01,1,1,1,1\n", "totals.csv"))
