"""Formulas are exact, follow SQL about nulls, say the same on arrays, and let nothing through but arithmetic."""

from __future__ import annotations

import sqlite3
from fractions import Fraction

import numpy as np
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.expressions import parse
from piramide.kernel.findings import Place, Refusal
from piramide.kernel.formula_trees import LONGEST

NAMES = ("a", "b", "c", "received", "resolved")


def value(text: str, **values: str | int | None) -> Fraction | None:
    exact = {name: None if given_ is None else Fraction(given_) for name, given_ in values.items()}
    return parse(text, tuple(exact)).evaluate(exact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", 17),
        ("(a + b) * c", 25),
        ("a - b - c", -6),
        ("a - (b - c)", 4),
        ("-a * -b", 6),
        ("a / b / c", Fraction(2, 15)),
        ("1e-1 * 3", Fraction(3, 10)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("least(a, b, c) + greatest(a, b, c)", 7),
        ("abs(a - c)", 3),
        ("round(c / b, 2)", Fraction(167, 100)),
        ("round(-2.5)", -3),
        ("nullif(a, 2)", None),
        ("nullif(a, 3)", 2),
        ("coalesce(nullif(a, 2), b)", 3),
        ("a / (b - 3)", None),
        ("a / 0", None),
        ("case when a < b then 1 when a < c then 2 else 3 end", 1),
        ("case when a > b then 1 end", None),
        ("case when a >= 2 and b <= 3 and c <> 4 and c != 4 and not a = 3 then 7 else 8 end", 7),
        ("case when (a > b or b > a) then 1 else 0 end", 1),
        ("CASE WHEN a = 2 THEN LEAST(b, 1) ELSE 0 END", 1),
    ],
)
def test_it_computes_exactly(text: str, expected: Fraction | None) -> None:
    assert value(text, a=2, b=3, c=5) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + 1", None),
        ("least(a, 1)", None),
        ("greatest(1, a)", None),
        ("abs(a)", None),
        ("round(a, 2)", None),
        ("1 / a", None),
        ("nullif(a, 1)", None),
        ("nullif(1, a)", 1),
        ("coalesce(a, 1)", 1),
        ("coalesce(a, a)", None),
        ("case when a > 1 then 1 else 2 end", 2),
        ("case when not a > 1 then 1 else 2 end", 2),
        ("case when a > 1 or 1 = 1 then 1 else 2 end", 1),
        ("case when a > 1 and 1 = 1 then 1 else 2 end", 2),
        ("case when not (a > 1 and 1 = 2) then 1 else 2 end", 1),
    ],
)
def test_it_treats_null_as_sql_does(text: str, expected: int | None) -> None:
    assert value(text, a=None) == expected

    found = parse(text, ["a"]).evaluate_arrays({"a": np.array([np.nan])})
    assert np.array_equal(np.broadcast_to(found, 1), [np.nan if expected is None else expected], equal_nan=True)


def test_it_names_what_it_reads_in_order_of_appearance() -> None:
    expression = parse("resolved / nullif(received, 0) + resolved", NAMES)

    assert expression.names == ("resolved", "received")
    assert expression.sql() == "resolved / NULLIF(NULLIF(received, 0), 0) + resolved"


FORMULAS = st.recursive(
    st.sampled_from(["a", "b", "0", "2", "0.5", "3"]),
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/"]), parts).map(lambda p: f"({' '.join(p)})"),
        st.tuples(st.sampled_from(["least", "greatest", "coalesce", "nullif"]), parts, parts).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        parts.map(lambda part: f"abs({part})"),
        parts.map(lambda part: f"(- {part})"),
        st.tuples(parts, st.sampled_from(["<", "<=", "=", "<>"]), parts, st.sampled_from(["and", "or"]), parts).map(
            lambda p: f"case when not {p[0]} {p[1]} {p[2]} {p[3]} {p[4]} > 1 then {p[0]} else {p[2]} end"
        ),
    ),
    max_leaves=6,
)
SMALL = st.one_of(st.none(), st.integers(-4, 4))


@given(FORMULAS, st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=4))
def test_it_says_the_same_exactly_on_arrays_and_in_sql(text: str, rows: list[tuple[int | None, int | None]]) -> None:
    expression = parse(text, ["a", "b"])
    columns = {name: np.array([np.nan if r[i] is None else r[i] for r in rows], float) for i, name in enumerate("ab")}

    exact = [
        expression.evaluate({name: None if v is None else Fraction(v) for name, v in zip("ab", row, strict=True)})
        for row in rows
    ]
    floats = np.broadcast_to(expression.evaluate_arrays(columns), len(rows)).tolist()
    connection = sqlite3.connect(":memory:")
    query = f"select {expression.sql('sqlite')} from (select cast(? as real) as a, cast(? as real) as b)"  # noqa: S608
    engine = [connection.execute(query, row).fetchone()[0] for row in rows]
    connection.close()

    for exact_value, float_value, engine_value in zip(exact, floats, engine, strict=True):
        if exact_value is None:
            assert np.isnan(float_value)
            assert engine_value is None
        else:
            assert float_value == pytest.approx(float(exact_value), abs=1e-9)
            assert engine_value == pytest.approx(float(exact_value), abs=1e-9)


def test_it_broadcasts_arrays_and_leaves_them_alone() -> None:
    received = np.array([[1000.0], [0.0], [np.nan]])
    resolved = np.array([1010.0, 500.0])

    rate = parse("resolved / received", NAMES).evaluate_arrays({"received": received, "resolved": resolved})

    assert np.array_equal(rate, [[1.01, 0.5], [np.nan, np.nan], [np.nan, np.nan]], equal_nan=True)
    assert np.array_equal(received, [[1000.0], [0.0], [np.nan]], equal_nan=True)


def test_it_rounds_decimal_ties_up_on_arrays_too() -> None:
    cells = np.array([1.005, -1.005, 2.675, 2.5])

    assert parse("round(a, 2)", ["a"]).evaluate_arrays({"a": cells}).tolist() == [1.01, -1.01, 2.68, 2.5]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "KN206"),
        ("   ", "KN206"),
        ("a +", "KN201"),
        ("(a", "KN201"),
        ("nullif(a)", "KN201"),
        ("a b", "KN202"),
        ("a as b", "KN202"),
        ("t.a", "KN202"),
        ("a > b", "KN202"),
        ("a = b", "KN202"),
        ("a % b", "KN202"),
        ("a ** b", "KN202"),
        ("a // b", "KN202"),
        ("a -- b", "KN202"),
        ("a /* b */", "KN202"),
        ("a; drop", "KN202"),
        ("'a'", "KN202"),
        ('"a"', "KN202"),
        ("1_000", "KN202"),
        ("null", "KN202"),
        ("true", "KN202"),
        ("sum(a)", "KN202"),
        ("count(*)", "KN202"),
        ("sqrt(a)", "KN202"),
        ("cast(a as integer)", "KN202"),
        ("current_date", "KN202"),
        ("select a", "KN202"),
        ("(select a)", "KN202"),
        ("exists(select 1)", "KN202"),
        ("a in (1, 2)", "KN202"),
        ("(a, b)", "KN202"),
        ("case a when 1 then 2 end", "KN202"),
        ("case when a then 1 end", "KN202"),
        ("round(a, b)", "KN202"),
        ("round(a, 99)", "KN202"),
        ("a + {b}", "KN202"),
        ("è", "KN202"),
        ("1e999 * a", "KN009"),
        ("a + d", "KN203"),
        ("A", "KN203"),
        ("__import__", "KN203"),
        ("(" * 10_000 + "a" + ")" * 10_000, "KN204"),
        ("(" * 100 + "a" + ")" * 100, "KN205"),
        ("- " * 400 + "a", "KN205"),
        ("case when " * 90 + "a", "KN205"),
        ("a" + " + a" * 200, "KN205"),
        ("a" + " " * LONGEST + "+ b", "KN204"),
    ],
)
def test_it_refuses_all_but_arithmetic(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text, NAMES, Place("indicators.yaml", 7))

    assert refused.value.findings[0].code == code
    assert "indicators.yaml:7" in str(refused.value)
    assert len(str(refused.value)) < 500


def test_it_suggests_names_for_every_unknown_one() -> None:
    with pytest.raises(Refusal) as refused:
        parse("rceived / resolvd", NAMES)

    assert [finding.fields["nearest"] for finding in refused.value.findings] == ["received, resolved", "resolved"]


def test_it_adds_as_many_terms_as_a_budget_has() -> None:
    names = [f"item_{number}" for number in range(40)]

    total = parse(" + ".join(names), names).evaluate({name: Fraction(1, 40) for name in names})

    assert total == 1


def test_a_formula_read_before_is_told_where_it_stands_now() -> None:
    for line in (7, 8):
        with pytest.raises(Refusal) as caught:
            parse("received ** 2", NAMES, Place("indicators.yaml", line))
        assert caught.value.findings[0].place == Place("indicators.yaml", line)
    assert parse("received / resolved", NAMES).names == ("received", "resolved")
    with pytest.raises(Refusal) as caught:
        parse("received / resolved", ["received"], Place("indicators.yaml", 9))
    assert caught.value.findings[0].code == "KN203"


def test_a_formula_is_read_by_the_parser_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = parse("received / 7.25", NAMES)
    monkeypatch.setattr(sqlglot, "parse_one", lambda *_, **__: pytest.fail("read again"))
    again = parse(" received / 7.25 ", [*NAMES, "another"])
    assert again == first
