"""The slips of the tables of the 2021 plan follow from the identities that its pack declares."""

from __future__ import annotations

import pytest

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks.check_report import CheckReport
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import find_pack, load_pack

SLIPS = {
    ("ieep_2020", "obiettivo_2020"): ("1946562022", "1964562023", "swapped digits", "1964562022"),
    ("ieep_2020", "consuntivo_2020"): ("8858432446", "8858423447", "swapped digits", "8858423447"),
    ("leve_2020", "raggiungimento_pct_stated"): ("123", "223", "variation instead of attainment", "223"),
    ("dismissione_2021", "units"): ("600", "580", "missing row", ""),
    ("dismissione_2021", "valore_catastale_eur"): ("60000000", "59200000", "missing row", ""),
    ("sussidiarieta", "group_total_printed"): ("15839", "6001", "shifted row", ""),
}


@pytest.fixture(scope="module")
def report() -> CheckReport:
    return examine(load_pack(find_pack("inps-2021")))


def slips(report: CheckReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.code.startswith("PK01") and finding.stated]


@pytest.mark.parametrize(("table", "column"), SLIPS)
def test_it_finds_the_slip(report: CheckReport, table: str, column: str) -> None:
    places = [f for f in report.findings if (f.place.file, f.place.cell) == (f"tables/{table}.csv", column)]

    told = [(f.stated, f.recomputed, f.cause, f.suggestion) for f in places if f.level is Severity.ERROR]
    assert SLIPS[table, column] in told


def test_it_finds_more_than_forty_of_them(report: CheckReport) -> None:
    errors = [f for f in report.findings if f.level is not Severity.NOTE and f.place.file.startswith("tables/")]

    assert len(errors) > 40


def test_it_corrects_two_components_of_the_national_tree_of_2021(report: CheckReport) -> None:
    found = {f.stated: f for f in report.findings if f.place.file == "tables/ieep_nazionale_2021.csv"}

    assert [(found[stated].suggestion, found[stated].cause) for stated in ("255572749", "9328554")] == [
        ("255572249", "digit typo"),
        ("9528554", "digit typo"),
    ]


def test_it_proves_every_regional_tree_within_one_euro(report: CheckReport) -> None:
    found = [f for f in report.findings if f.place.file == "tables/ieep_2021.csv"]

    assert {finding.code for finding in found} == {"PK019"}
    assert {finding.difference for finding in found} == {"1", "-1"}


def test_its_identities_can_all_be_read(report: CheckReport) -> None:
    assert [f.message("en") for f in report.findings if f.code == "PK010"] == []
    assert report.relations > 1500
    assert report.proven > 100


def test_every_difference_is_stated_minus_recomputed(report: CheckReport) -> None:
    for finding in slips(report):
        if finding.difference:
            told = float(finding.stated) - float(finding.recomputed)
            assert float(finding.difference) == pytest.approx(told)


def test_every_finding_speaks_both_languages_without_gaps(report: CheckReport) -> None:
    for finding in report.findings:
        for language in ("it", "en"):
            text = finding.message(language)
            assert text.endswith((".", "!"))
            assert "  " not in text
            assert " ." not in text
            assert "{" not in text.replace(finding.subject, "")
