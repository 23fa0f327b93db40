"""Checks collect findings; the engine refuses with at least one of them."""

from __future__ import annotations

import pytest

from piramide.kernel.findings import Finding, Place, Refusal, Severity, refuse, refuse_if_errors


def test_it_names_file_line_and_cell() -> None:
    assert str(Place("tables/ieep_2020.csv", 14, "obiettivo")) == "tables/ieep_2020.csv:14 [obiettivo]"
    assert str(Place("pack.yaml")) == "pack.yaml"
    assert str(Place()) == ""


def test_it_answers_in_the_shape_of_the_contract() -> None:
    finding = Finding(
        "KN003",
        Place("tables/ieep_2020.csv", 14),
        "E1",
        {"printed": "n.d."},
        stated="1946562022",
        recomputed="1964562023",
        difference="-18000001",
        cause="swapped digits",
    )

    answer = finding.as_json()

    assert {"code", "severity", "where", "subject", "stated", "recomputed", "difference", "cause", "message"} <= set(
        answer
    )
    assert (answer["code"], answer["severity"], answer["where"]) == ("KN003", "error", "tables/ieep_2020.csv:14")
    assert answer["difference"] == "-18000001"
    assert answer["message_it"] != answer["message_en"]


def test_it_takes_its_own_severity_before_that_of_its_code() -> None:
    assert Finding("KN003").level is Severity.ERROR
    assert Finding("KN003", severity=Severity.NOTE).level is Severity.NOTE


def test_it_refuses_with_every_error_and_leaves_warnings_out() -> None:
    findings = [Finding("KN003"), Finding("KN003", severity=Severity.WARNING), Finding("KN006")]

    with pytest.raises(Refusal) as refused:
        refuse_if_errors(iter(findings))

    assert [finding.code for finding in refused.value.findings] == ["KN003", "KN006"]
    assert [line[:6] for line in str(refused.value).splitlines()] == ["KN003:", "KN006:"]


def test_it_lets_warnings_pass() -> None:
    warning = Finding("KN003", severity=Severity.WARNING)

    refuse_if_errors([warning])

    assert warning.level is Severity.WARNING


def test_it_builds_a_refusal_from_names_and_numbers() -> None:
    refusal = refuse("KN013", Place("values.csv", 2), printed="2024-Q5", year=2024)

    assert "2024-Q5" in str(refusal)
    assert refusal.findings[0].fields["year"] == 2024
