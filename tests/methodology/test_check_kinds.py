"""Each kind of identity proves what holds and reports what does not."""

from __future__ import annotations

import pytest

from piramide.kernel.findings import Severity
from piramide.methodology.checks.kinds import KINDS
from piramide.methodology.identity import Identity
from piramide.methodology.model import Table
from tests.methodology.printed_tables import declared, only, report, slips, table

TREE = """key | parent | sign | amount
          P   |        |      | 2102295076
          P1  | P      | -1   | 9510267
          P2  | P      | 1    | 1713809883
          P3  | P      | 1    | 31746115
          P4  | P      | 1    | 357773597
          P5  | P      | 1    | 8475748"""
REGIONS = (
    """key       | structure | line | pieces
             n|nazionale|A|""".replace("n|nazionale|A|", "1 | nazionale | A | 700")
    + """
             2 | lazio     | A | 300
             3 | umbria    | A | 400"""
)
CLUSTER = """key | cluster | structure | indicator | value
             1 | A | molise | rent   | 90
             2 | A | umbria | rent   | 110
             3 | A | molise | energy | 30
             4 | A | umbria | energy | 10"""
WEIGHTS = """key | indicator | weight
             1 | rent   | 60
             2 | energy | 40"""
INDEXES = """key | structure | stated
             1 | molise | 114.00
             2 | umbria | 86.00"""

Case = tuple[tuple[Table, ...], Identity, str, str]


def case(kind: str, *tables: tuple[str, str], wrong: tuple[str, str], **arguments: object) -> Case:
    listed = tuple(table(name, text) for name, text in tables)
    return listed, declared(kind, arguments), *wrong


CASES: dict[str, Case] = {
    "tree_sum": case(
        "tree_sum",
        ("t", TREE),
        wrong=("2102295076", "2109295076"),
        table="t",
        columns=["amount"],
        row="key",
        parent="parent",
        sign="sign",
    ),
    "parts_sum": case(
        "parts_sum",
        ("t", "key | unit | pieces\nT | all | 123456\nA | a | 100001\nB | b | 23455"),
        wrong=("123456", "123465"),
        table="t",
        columns=["pieces"],
        total={"key": "T"},
    ),
    "table_sum": case(
        "table_sum",
        ("t", "key | pieces\nA | 134000\nB | 990"),
        wrong=("134000", "143000"),
        table="t",
        column="pieces",
        total={"value": 134990},
    ),
    "regions_sum": case(
        "regions_sum",
        ("t", REGIONS),
        wrong=("700", "800"),
        table="t",
        columns=["pieces"],
        structure="structure",
        within=["line"],
    ),
    "row_sum": case(
        "row_sum",
        ("t", "key | q1 | q2 | year\nA | 1200 | 3000 | 4200"),
        wrong=("4200", "4300"),
        table="t",
        columns=["q1", "q2"],
        total="year",
    ),
    "group_sum": case(
        "group_sum",
        ("t", "key | group | pieces | total\n1 | X | 40 | 100\n2 |  | 60 | \n3 | Y | 7 | 7"),
        wrong=("| 100", "| 110"),
        table="t",
        column="pieces",
        total="total",
        group="group",
    ),
    "weights_sum": case(
        "weights_sum",
        ("t", "key | area | weight\n1 | X | 60\n2 | X | 40\n3 | Y | 100"),
        wrong=("| 40", "| 39"),
        table="t",
        column="weight",
        group=["area"],
        total=100,
    ),
    "same_figure": case(
        "same_figure",
        ("t", "key | amount\nA | 120"),
        ("u", "key | amount\nA | 120"),
        wrong=("| 120", "| 121"),
        left={"table": "t", "column": "amount", "on": ["key"]},
        right={"table": "u", "column": "amount", "on": ["key"]},
    ),
    "count": case("count", ("t", "key | number\nA | 2\nB | 2"), wrong=("A | 2", "A | 3"), table="t", stated="number"),
    "floor": case(
        "floor", ("t", "key | days\nA | 90\nB | 120"), wrong=("120", "89"), table="t", column="days", least=90
    ),
    "between": case(
        "between",
        ("t", "key | parent | days\nN |  | 100\nA | N | 90\nB | N | 120"),
        wrong=("| 100", "| 130"),
        table="t",
        columns=["days"],
        row="key",
        parent="parent",
    ),
    "percentage": case(
        "percentage",
        ("t", "key | plan | actual | change\nA | 318 | 264 | 16.98"),
        wrong=("16.98", "17.98"),
        table="t",
        stated="change",
        numerator="actual",
        denominator="plan",
        minus_one=True,
        reverse=True,
    ),
    "ratio": case(
        "ratio",
        ("t", "key | amount | cost | stated\nA | 97664708 | 40191238 | 2.43"),
        wrong=("2.43", "3.43"),
        table="t",
        stated="stated",
        numerator="amount",
        denominator="cost",
    ),
    "ratio_of_sums": case(
        "ratio_of_sums",
        ("t", "key | stated | amount | cost\nN | 2.95 |  | \nA | 3.00 | 300 | 100\nB | 2.45 | 27 | 11"),
        wrong=("N | 2.95 |", "N | 2.73 |"),
        stated={"table": "t", "row": "N", "column": "stated"},
        numerator={"table": "t", "column": "amount"},
        denominator={"table": "t", "column": "cost"},
        decimals=2,
    ),
    "product": case(
        "product",
        ("t", "key | pending | target\nA | 21507 | 17206"),
        wrong=("17206", "17260"),
        table="t",
        stated="target",
        factors=["pending", "0.8"],
    ),
    "weighted_index": case(
        "weighted_index",
        ("t", CLUSTER),
        ("w", WEIGHTS),
        ("s", INDEXES),
        wrong=("114.00", "141.00"),
        table="t",
        column="value",
        member="structure",
        indicator="indicator",
        cluster="cluster",
        weights={"table": "w", "column": "weight", "indicator": "indicator"},
        stated={"table": "s", "column": "stated", "member": "structure"},
    ),
    "expression": case(
        "expression",
        ("t", "key | start | leavers | final\nA | 35 | 1 | 34"),
        wrong=("34", "36"),
        table="t",
        left="final",
        right="start - leavers",
    ),
    "shares_sum": case(
        "shares_sum",
        ("t", "key | share\nyes | 58.1\nno | 41.9"),
        wrong=("41.9", "42.5"),
        table="t",
        column="share",
        total=100,
    ),
    "different_figures": case(
        "different_figures",
        ("t", "key | pieces\nworked | 150962\nleft | 93757"),
        wrong=("93757", "150962"),
        left={"table": "t", "row": "left", "column": "pieces"},
        right={"table": "t", "row": "worked", "column": "pieces"},
    ),
    "comparable": case(
        "comparable",
        ("t", "key | cost\nA | 275.55\nB | 131.36\nC | 164.91\nD | 149.68\nE | 163.11"),
        wrong=("163.11", "1.63"),
        table="t",
        column="cost",
        factor=10,
    ),
    "one_of": case(
        "one_of",
        ("t", "key | score\nchannels | 3.09\noverall | 3.39"),
        ("s", "key | base\nreputation | 3.09"),
        wrong=("reputation | 3.09", "reputation | 3.03"),
        left={"table": "s", "row": "reputation", "column": "base"},
        among={"table": "t", "column": "score"},
    ),
}


def slipped(tables: tuple[Table, ...], right: str, wrong: str) -> tuple[Table, ...]:
    """The tables with the first cell that reads so put wrong."""
    lines = [" | ".join(row) for one in tables for row in one.rows]
    changed = "\n".join(lines).replace(right, wrong, 1).split("\n")
    assert changed != lines
    made, start = [], 0
    for one in tables:
        body = changed[start : start + len(one.rows)]
        made.append(table(one.id, "\n".join([" | ".join(one.columns), *body])))
        start += len(one.rows)
    return tuple(made)


def test_every_kind_has_its_case() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize("kind", CASES)
def test_it_proves_what_holds(kind: str) -> None:
    tables, declared, _, _ = CASES[kind]

    found = report(tables, declared)

    assert slips(found) == []
    assert (found.failing, found.identities, found.proven) == (0, 1, 1)
    assert found.relations > 0


@pytest.mark.parametrize("kind", CASES)
def test_it_reports_what_does_not(kind: str) -> None:
    tables, declared, right, wrong = CASES[kind]

    found = report(slipped(tables, right, wrong), declared)

    assert len(slips(found)) == 1
    assert (found.failing, found.proven) == (1, 0)
    assert slips(found)[0].fields["identity"] == kind


def test_a_ratio_of_sums_is_no_mean_of_ratios() -> None:
    tables, declared, _, _ = CASES["ratio_of_sums"]
    with_the_mean = slipped(tables, "N | 2.95 |", "N | 2.73 |")

    found = only(report(with_the_mean, declared))

    # 3.00 and 2.45 have the mean 2.73; the parent's ratio is (300 + 27) / (100 + 11).
    assert (found.stated, found.recomputed, found.difference) == ("2.73", "2.95", "-0.22")


AMOUNTS = "key | weight | amount | total\nA | 70 | 8.61 | 12.3\nB | 6 | 0.98 | 16.4\nC | 12 | 1.98 | 16.4"


def test_an_expression_holds_at_the_decimals_of_each_printed_figure() -> None:
    """0.984 is printed 0.98; 1.968 is not 1.98, and no rounding of 16.4 makes it so."""
    rule = declared("expression", {"table": "t", "left": "amount", "right": "weight * total / 100"})

    found = only(report((table("t", AMOUNTS),), rule))

    assert (found.stated, found.recomputed, found.level) == ("1.98", "1.97", Severity.ERROR)


def test_an_expression_takes_for_rounding_what_the_decimals_of_its_parts_explain() -> None:
    rule = declared("expression", {"table": "t", "left": "amount", "right": "weight * total"})

    found = only(report((table("t", "key | weight | amount | total\nA | 10 | 164.3 | 16.4"),), rule))

    assert (found.stated, found.cause, found.level) == ("164.3", "rounding", Severity.WARNING)
