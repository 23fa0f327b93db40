"""What an identity may declare about its findings: how grave they are, why, and how to quote them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks.check_report import CheckReport
from tests.methodology.printed_tables import identity, only, report, table

SHARES = "key | part | whole | share\nphones | 6064 | 26314 | 32\ntarget | | | 32"


def told(found: CheckReport) -> list[Finding]:
    """What the check says of tables and identities."""
    return [finding for finding in found.findings if finding.code != "PK030"]


def share(**words: object) -> dict[str, Any]:
    shape = {"table": "t", "stated": "share", "numerator": "part", "denominator": "whole"}
    return {**shape, "where": {"key": "phones"}, **words}


@pytest.mark.parametrize("severity", ["warning", "note"])
def test_it_is_as_grave_as_the_identity_says(severity: str) -> None:
    found = report(table("t", SHARES), identity("percentage", **share(severity=severity)))

    assert [finding.level.value for finding in told(found)] == [severity]


def test_it_refuses_a_severity_that_is_none() -> None:
    found = report(table("t", SHARES), identity("percentage", **share(severity="grave")))

    assert [(f.code, f.fields["argument"]) for f in told(found)] == [("PK010", "severity")]


def test_it_gives_the_declared_cause_where_the_figures_show_none() -> None:
    found = only(report(table("t", SHARES), identity("percentage", **share(cause="component not printed"))))

    assert found.cause == "component not printed"


def test_it_names_the_cell_that_the_figure_was_taken_from() -> None:
    other = {"table": "t", "row": "target", "column": "share"}
    found = only(report(table("t", SHARES), identity("percentage", **share(mistaken_for=other))))

    assert found.cause == "copied from another cell"
    assert "tables/t.csv:3 [share]" in found.message("it")


def test_it_tells_the_difference_in_points_where_a_share_varies() -> None:
    text = "key | before | after | change\nA | 95.64 | 94.68 | -1.60\nB | 99.28 | 95.96 | -3.32"
    varies = identity(
        "percentage", table="t", stated="change", numerator="after", denominator="before", minus_one=True, points=True
    )

    neither, points = told(report(table("t", text), varies))

    assert (neither.level, neither.recomputed, neither.cause) == (Severity.ERROR, "-1.00", "unknown")
    assert "In punti percentuali: −0,96." in neither.message("it")
    assert (points.level, points.cause) == (Severity.WARNING, "percentage points vs relative")


def test_it_quotes_the_printed_code_and_the_one_that_is_meant() -> None:
    text = "key | printed | number | meant\n2021_AS52 | 2021 ASS2 | S2 | 52"
    reads = identity(
        "expression", table="t", left="number", right="meant", quote={"printed": "printed", "means": "key"}
    )

    found = only(report(table("t", text), reads))

    assert (found.stated, found.suggestion, found.cause) == ("2021 ASS2", "2021_AS52", "letter for digit")


def test_it_never_groups_the_digits_of_a_year() -> None:
    years = replace(table("t", "key | year\nA | 20201"), codes=("year",), labels={"year": "anno"})

    message = only(report(years, identity("expression", table="t", left="year", right="2021"))).message("it")

    assert "A (anno): è stampato 20201, mentre il ricalcolo dà 2021." in message


def test_it_reads_a_figure_with_a_space_inside() -> None:
    text = "key | base\nA | 76.388.271, 53"

    found = only(report(table("t", text), identity("floor", table="t", column="base", least=0)))

    assert (found.level, found.cause, found.suggestion) == (Severity.WARNING, "stray space", "76388271.53")


def test_it_tells_a_cut_figure_from_a_rounded_one() -> None:
    text = "key | pages | daily\ncut | 4821248786 | 13208900\nup | 4145499197 | 11357533"
    daily = identity("expression", table="t", left="daily", right="pages / 365", decimals=0)
    thousands = "key | tons | kilos\nup | 1.2 | 1240"
    heavy = identity("expression", table="t", left="kilos", right="tons * 1000", decimals=0)

    causes = [finding.cause for finding in told(report(table("t", text), daily))]
    causes += [finding.cause for finding in told(report(table("t", thousands), heavy))]

    # Whole numbers lose nothing by being printed; 1.2 may be anything from 1.15 to 1.25.
    assert causes == ["cut instead of rounded", "unknown", "rounding"]


def test_it_proposes_thousands_for_decimals_in_a_column_of_people() -> None:
    text = "key | size\nA | 140.00\nB | 50000"

    found = only(report(table("t", text), identity("comparable", table="t", column="size", factor=100)))

    assert (found.stated, found.suggestion, found.cause) == ("140.00", "140000", "misplaced separator")


def test_an_expression_names_single_cells_of_other_tables() -> None:
    days = table("t", "key | value\nmean | 4.99\nboth | 5649")
    people = table("p", "key | number | share\nwomen | 734 | 63.71")
    mean = identity(
        "expression",
        table="t",
        where={"key": "mean"},
        left="value",
        right="days / (women / share * 100) / 2",
        cells={
            "days": {"table": "t", "row": "both", "column": "value"},
            "women": {"table": "p", "row": "women", "column": "number"},
            "share": {"table": "p", "row": "women", "column": "share"},
        },
    )

    found = only(report((days, people), replace(mean, arguments={**mean.arguments, "decimals": 2})))

    assert (found.stated, found.recomputed) == ("4.99", "2.45")


def test_a_label_names_a_column_of_its_table() -> None:
    mislabelled = replace(table("t", "key | year\nA | 2021"), labels={"yaer": "anno"}, use="prova")

    found = only(report(mislabelled))

    assert (found.code, found.fields["name"], found.fields["near"]) == ("PK001", "yaer", "year")
