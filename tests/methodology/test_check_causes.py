"""The likely cause is found in the figures, one finding tells one slip, and chance is no cause."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.kernel.findings import Severity
from piramide.methodology.checks import digits
from tests.methodology.printed_tables import identity, only, report, slips, table

# Objective and result of 2020, as the act prints them.
IEEP_2020 = """key  | parent | sign | planned    | actual      | change
               T    |        |      | 8264355659 | 10820285247 | 30.9
               E    | T      | 1    | 6299793637 | 8858432446  | 40.60
               E1   | E      | 1    | 5131090877 | 7660635698  | 49.30
               E2   | E      | 1    | 696635869  | 497152165   | -28.64
               E2.1 | E2     | 1    | 257080718  | 334907594   | 30.27
               E2.2 | E2     | 1    | 154465081  | 84915045    | -45.03
               E2.3 | E2     | 1    | 285090070  | 77329526    | -72.88
               E4   | E      | 1    | 102777835  | 152925872   | 48.79
               P5   | E      | 1    | 11116816   | 1934565     | -82.60
               P4   | E      | 1    | 358172239  | 545775147   | 53.38
               U    | T      | 1    | 1946562022 | 1961861800  | -0.1
               P1   | U      | -1   | 13614449   | 4091820     | 69.95
               P2   | U      | 1    | 1752300148 | 1679358169  | -4.16
               E3   | U      | 1    | 190576097  | 247531582   | 29.89
               P3   | U      | 1    | 35300227   | 39063869    | 10.66"""
TREE = identity("tree_sum", 1, table="ieep", columns=["planned", "actual"], row="key", parent="parent", sign="sign")
CHANGE = identity(
    "percentage",
    table="ieep",
    stated="change",
    numerator="actual",
    denominator="planned",
    minus_one=True,
    unless={"key": "P1"},
)
WORK_SHARING = """key | provider | receiver | pieces | total
                  1 | ABRUZZO     | ROMA     | 4682  | 4682
                  2 | CAMPANIA    | TRENTINO | 1001  | 15839
                  3 |             | PUGLIA   | 5000  |
                  4 | FRIULI V.G. | NAPOLI   | 9838  | 2130
                  5 |             | TRENTINO | 1620  |
                  6 | LIGURIA     | EMILIA   | 510   | 1103
                  7 |             | PIEMONTE | 720   |
                  8 |             | LOMBARDIA| 273   |
                  9 | MOLISE      | TOSCANA  | 110   | 14320
                 10 |             | PIEMONTE | 600   |
                 11 |             | EMILIA   | 1200  |
                 12 | UMBRIA      | TOSCANA  | 12520 | 1376
                 13 |             | ROMA     | 1376  |"""


def test_it_finds_the_swapped_digits_of_2020_and_the_value_that_satisfies_every_identity() -> None:
    found = {(f.place.line, f.place.cell): f for f in slips(report(table("ieep", IEEP_2020), TREE, CHANGE))}

    savings = found[12, "planned"]
    assert (savings.stated, savings.recomputed, savings.difference) == ("1946562022", "1964562023", "-18000001")
    assert (savings.cause, savings.suggestion) == ("swapped digits", "1964562022")
    assert savings.fields["number"] == 3  # its own sum, the total's, the percentage: one finding
    revenue = found[3, "actual"]
    assert (revenue.stated, revenue.recomputed, revenue.difference) == ("8858432446", "8858423447", "8999")
    assert (revenue.cause, revenue.suggestion) == ("swapped digits", "8858423447")
    assert (found[11, "change"].suggestion, found[11, "change"].cause) == ("52.38", "digit typo")
    assert found[3, "change"].level is Severity.WARNING
    assert len(found) == 4


def test_it_finds_two_slips_in_one_sum_by_what_another_table_prints() -> None:
    slide = """key  | parent | amount
               P2   |        | 1713809883
               P2.1 | P2     | 740148016
               P2.2 | P2     | 255572749
               P2.3 | P2     | 9328554
               P2.4 | P2     | 708561064"""
    annex = slide.replace("255572749", "255572249").replace("9328554", "9528554")
    tree = [
        identity("tree_sum", name=name, table=name, columns=["amount"], row="key", parent="parent")
        for name in ("slide", "annex")
    ]
    same = identity(
        "same_figure",
        left={"table": "slide", "column": "amount", "on": ["key"]},
        right={"table": "annex", "column": "amount", "on": ["key"]},
    )

    found = slips(report((table("slide", slide), table("annex", annex)), *tree, same))

    assert [(f.stated, f.suggestion, f.cause) for f in found] == [
        ("255572749", "255572249", "digit typo"),
        ("9328554", "9528554", "digit typo"),
    ]


def test_it_tells_a_shift_of_groups_once() -> None:
    groups = identity("group_sum", table="sharing", column="pieces", total="total", group="provider")

    found = only(report(table("sharing", WORK_SHARING), groups))

    assert (found.code, found.cause) == ("PK009", "shifted row")
    assert (found.place.line, found.stated, found.recomputed) == (3, "15839", "6001")
    assert found.fields["groups"] == "CAMPANIA, FRIULI V.G., LIGURIA, MOLISE, UMBRIA"
    assert "tables/sharing.csv:5" in found.message("it")  # the row that belongs to Campania


def test_it_tells_figures_shifted_by_a_row() -> None:
    text = "key | pending | target\nA | 21507 | 738\nB | 922 | 10986\nC | 13733 | 34581\nD | 43226 | 34581"

    found = only(report(table("t", text), identity("product", table="t", stated="target", factors=["pending", "0.8"])))

    assert (found.code, found.cause, found.fields["number"]) == ("PK018", "shifted row", 3)


def test_it_tells_the_same_difference_on_every_row_once() -> None:
    text = "key | summary | text\n1 | 22 | 24\n2 | 24 | 26\n3 | 25 | 27\n4 | 29 | 31"

    found = only(report(table("t", text), identity("expression", table="t", left="summary", right="text")))

    assert (found.cause, found.difference, found.fields["number"]) == ("same difference on every row", "-2", 4)


@pytest.mark.parametrize(
    ("total", "cause", "part"),
    [
        ("6065870", "", ""),
        ("6016577", "omitted part", "D"),
        ("6115163", "counted twice", "D"),
        ("606996", "unknown", ""),
    ],
)
def test_it_names_the_part_that_is_the_whole_difference(total: str, cause: str, part: str) -> None:
    text = f"key | amount\nT | {total}\nA | 2729937\nB | 3041492\nC | 245148\nD | 49293"
    sums = identity("parts_sum", table="t", columns=["amount"], total={"key": "T"})

    found = slips(report(table("t", text), sums))

    assert [finding.cause for finding in found] == ([cause] if cause else [])
    assert not part or f"({part}, " in found[0].message("it")


def test_it_sees_a_part_counted_with_the_wrong_sign() -> None:
    text = "key | parent | sign | amount\nU |  |  | 1991790921\nP1 | U | -1 | 13614449\nP2 | U | 1 | 1978176472"
    tree = identity("tree_sum", table="t", columns=["amount"], row="key", parent="parent", sign="sign")

    found = only(report(table("t", text), tree))

    assert (found.cause, found.suggestion) == ("sign", "1964562023")


def test_it_sees_a_total_with_a_part_from_outside() -> None:
    text = "key | amount\nE1 | 7771469473\nE2 | 733979071\nE3 | 271148517\nE4 | 78571500"
    total = identity(
        "table_sum", table="t", column="amount", where={"key": ["E1", "E2", "E4"]}, total={"value": 8855168560}
    )

    found = only(report(table("t", text), total))

    assert (found.difference, found.cause) == ("271148516", "part from outside the sum")
    assert "E3" in found.message("it")


def test_it_sees_that_every_column_lacks_the_same_row() -> None:
    text = """key | structure | units | value
              1   | nazionale | 600   | 60000000
              2   | lazio     | 250   | 30000000
              3   | veneto    | 330   | 29200000"""

    found = slips(
        report(table("t", text), identity("regions_sum", table="t", columns=["units", "value"], structure="structure"))
    )

    assert [(finding.cause, finding.difference) for finding in found] == [
        ("missing row", "20"),
        ("missing row", "800000"),
    ]


@pytest.mark.parametrize(
    ("stated", "cause"),
    [
        ("223", ""),
        ("123", "variation instead of attainment"),
        ("45", "wrong base"),
        ("-223", "sign"),
        ("224", "rounding"),
    ],
)
def test_it_reads_a_percentage_as_its_author_may_have_done(stated: str, cause: str) -> None:
    text = f"key | planned | actual | stated\nA | 428710 | 956452 | {stated}"
    share = identity("percentage", table="t", stated="stated", numerator="actual", denominator="planned")

    assert [finding.cause for finding in slips(report(table("t", text), share))] == ([cause] if cause else [])


def test_it_sees_a_year_of_another_length() -> None:
    text = "key | visitors | daily\n2020 | 815392201 | 2233951"
    mean = identity("expression", table="t", left="daily", right="visitors / 366", decimals=0)

    found = only(report(table("t", text), mean))

    assert (found.cause, found.recomputed) == ("constant off by one", "2227848")
    assert "usa 365 al posto di 366" in found.message("it")


def test_it_sees_that_the_total_carries_the_slips_of_its_rows() -> None:
    text = "key | start | leavers | final\nA | 446 | 11 | 446\nB | 24605 | 1175 | 24605\nT | 25051 | 1186 | 25051"
    rows = identity("expression", table="t", left="final", right="start - leavers")
    total = identity("parts_sum", table="t", columns=["start", "leavers", "final"], total={"key": "T"})

    found = slips(report(table("t", text), rows, total))

    assert [finding.cause for finding in found] == ["omitted part", "omitted part", "carried from another slip"]


def test_it_tells_once_what_is_printed_twice() -> None:
    plan = table("plan", "key | days | workers | mean\n6 | 384625 | 24609 | 15.50")
    annex = table("annex", "key | days | workers | mean\n6 | 384625 | 24609 | 15.50")
    means = [
        identity("expression", name=name, table=name, left="mean", right="days / workers", decimals=2)
        for name in ("plan", "annex")
    ]
    same = [
        identity(
            "same_figure",
            name=column,
            left={"table": "annex", "column": column, "on": ["key"]},
            right={"table": "plan", "column": column, "on": ["key"]},
        )
        for column in ("days", "workers", "mean")
    ]

    found = only(report((plan, annex), *means, *same))

    assert (found.stated, found.suggestion, found.fields["number"]) == ("15.50", "15.63", 2)
    assert "tables/annex.csv:2" in found.message("it")


def test_it_gives_no_cause_that_chance_would_find_as_easily() -> None:
    rows = "\n".join(f"{i} | r{i} | {i % 5}" for i in range(2, 20))
    counts = table("t", f"key | structure | number\n1 | nazionale | 41\n{rows}")

    found = only(report(counts, identity("regions_sum", table="t", columns=["number"], structure="structure")))

    assert found.cause == "unknown"


def test_a_sum_within_its_tolerance_is_a_note() -> None:
    text = "key | amount\nT | 4524027\nA | 2131760\nB | 2392266"
    sums = identity("parts_sum", 1, table="t", columns=["amount"], total={"key": "T"})

    found = report(table("t", text), sums)

    assert slips(found) == []
    assert [(f.code, f.difference, f.cause) for f in found.findings if f.place.file != "pack.yaml"] == [
        ("PK019", "1", "rounding")
    ]
    assert (found.failing, found.proven) == (0, 1)


def test_a_figure_that_is_none_is_never_guessed() -> None:
    printed = table("t", "key | amount\nF1 | 8.855.168,560")
    annex = table("u", "key | amount\nF1 | 8855168560")
    same = identity(
        "same_figure",
        left={"table": "t", "column": "amount", "on": ["key"]},
        right={"table": "u", "column": "amount", "on": ["key"]},
    )

    found = report((printed, annex), same)

    assert (only(found).code, only(found).stated, only(found).suggestion) == ("PK011", "8.855.168,560", "8855168560")
    assert only(found).cause == "misplaced separator"
    assert found.relations == 0


def test_an_edit_that_fits_is_the_nearest_of_its_kind() -> None:
    edit = digits.likeliest("1946562022", Fraction(1964562021), Fraction(1964562023))

    assert edit == digits.Edit("swapped digits", Fraction(1964562022))


def test_an_edit_of_two_digits_is_too_easy_to_find() -> None:
    assert digits.likeliest("41", Fraction(40), Fraction(40), crowd=18) is None
