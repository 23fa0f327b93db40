"""Of SQL, only conditions and arithmetic over columns of the contract reach an engine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from piramide.kernel.findings import Place, Refusal
from piramide.measurement.measures.conditions import parse_amount, parse_conditions
from piramide.measurement.measures.fields import fields_of
from piramide.measurement.measures.plan import plans
from tests.measurement.hand_ledger import CODES, indicators_of, small_pack

WORK, COSTS, PAYMENTS = (fields_of(name, CODES) for name in ("work", "costs", "payments"))
HERE = Place("measures.yaml", 3)


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("days_waited <= 30", "e.days_waited <= 30"),
        ("staff_hours > 1.5", "e.hours_100 > (15 * 10)"),
        ("staff_hours > 1.505", "(e.hours_100 * 10) > 1505"),
        ("outcome = 'accepted'", "e.outcome = 1"),
        ("outcome is null", "(e.outcome IS NULL OR e.outcome = 0)"),
        ("'torino' <> office_of_work", "5 <> e.work"),
        ("office_of_work <> office_of_competence", "e.work <> e.competence"),
        ("not automated", "NOT (e.automated)"),
        ("star = true", "l.star = TRUE"),
        ("days_waited between 16 and 30", "(e.days_waited >= 16 AND e.days_waited <= 30)"),
        ("day < '2024-07-01'", "e.day < CAST('2024-07-01' AS DATE)"),
        ("area in ('pensions', 'accounts')", "(l.area = 'pensions' OR l.area = 'accounts')"),
    ],
)
def test_a_condition_becomes_one_over_stored_columns(text: str, sql: str) -> None:
    (condition,) = parse_conditions(text, WORK, HERE)

    assert condition.sql.replace('"', "") == sql


def test_parts_that_all_must_hold_stand_alone() -> None:
    found = parse_conditions("star and (days_waited <= 30 and not automated) and area = 'x' or star", WORK, HERE)
    apart = parse_conditions("star and (days_waited <= 30 and not automated)", WORK, HERE)

    assert (len(found), [condition.names for condition in apart]) == (1, [("star",), ("days_waited",), ("automated",)])


@pytest.mark.parametrize(
    ("text", "fields", "sql", "scale"),
    [
        ("amount", COSTS, "CAST(e.amount * 100 AS BIGINT)", 2),
        ("amount * 0.5", COSTS, "(CAST(e.amount * 100 AS BIGINT) * 5)", 3),
        ("points - days_waited", WORK, "(e.points_1000 - (e.days_waited * 1000))", 3),
        ("date_diff('day', due_on, paid_on)", PAYMENTS, "DATE_DIFF('DAY', e.due_on, e.paid_on)", 0),
    ],
)
def test_an_amount_becomes_an_integer(text: str, fields: dict[str, object], sql: str, scale: int) -> None:
    amount = parse_amount(text, fields, HERE)  # type: ignore[arg-type]  # a parameter of the test

    assert (amount.sql.replace('"', ""), amount.scale) == (sql, scale)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("days_waited <", "ME001"),
        ("star; drop table entries", "ME001"),
        ("star " + "and star " * 200, "ME001"),
        ("(select count(*) from entries) > 1", "ME002"),
        ("read_csv('/etc/passwd') is null", "ME002"),
        ("getenv('HOME') = 'x'", "ME004"),
        ("day in (select day from entries)", "ME002"),
        ("exists (select 1)", "ME002"),
        ("days_waited / 2 > 3", "ME002"),
        ("case when star then true else false end", "ME002"),
        ("product like 'p%'", "ME002"),
        ("e.day > '2024-01-01'", "ME003"),
        ("dais_waited <= 30", "ME003"),
        ("case_key = 3", "ME003"),
        ("days_waited = 'thirty'", "ME004"),
        ("day > 'yesterday'", "ME004"),
        ("area < 'b'", "ME004"),
        ("days_waited", "ME004"),
        ("'a' = 'a'", "ME004"),
        ("outcome = 'acepted'", "ME005"),
        ("office_of_work = 'milano'", "ME005"),
    ],
)
def test_everything_else_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_conditions(text, WORK, HERE)

    assert (refused.value.findings[0].code, refused.value.findings[0].place) == (code, HERE)
    assert "measures.yaml:3" in str(refused.value)


@pytest.mark.parametrize(("name", "near"), [("dais_waited", "days_waited"), ("automate", "automated")])
def test_a_misspelt_column_is_told_the_nearest_name(name: str, near: str) -> None:
    with pytest.raises(Refusal, match=near):
        parse_conditions(f"{name} > 1", WORK, HERE)


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("dataset: work", "ME007"),
        ("dataset: work, entry: resolved, column: points, aggregate: count", "ME006"),
        ("dataset: work, entry: resolved, aggregate: sum", "ME006"),
        ("dataset: work, entry: pending, credit: work", "ME006"),
        ("dataset: work, entry: pending, filter: automated", "ME006"),
        ("dataset: work, entry: received, window: integral", "ME006"),
        ("dataset: costs, entry: received", "ME006"),
        ("dataset: costs, column: amount, credit: own", "ME006"),
        ("dataset: work, entry: received, credit: split", "ME008"),
        ("dataset: work, entry: received, credit: split, share: unheard_of", "ME008"),
        ("dataset: works, entry: received", "FA001"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(tmp_path: Path, measure: str, code: str) -> None:
    pack = small_pack(tmp_path, f"m: {{label: M, {measure}}}\n", indicators_of("m"))

    with pytest.raises(Refusal) as refused:
        plans(pack, CODES)

    assert [finding.code for finding in refused.value.findings] == [code]


def test_every_fault_of_the_measures_is_told_at_once(tmp_path: Path) -> None:
    measures = "a: {label: A, dataset: work}\nb: {label: B, dataset: costs, filter: nope, column: amount}\n"
    pack = small_pack(tmp_path, measures, indicators_of("a", "b"))

    with pytest.raises(Refusal) as refused:
        plans(pack, CODES)

    assert sorted(finding.code for finding in refused.value.findings) == ["ME003", "ME007"]


def test_equal_sums_are_added_up_once(tmp_path: Path) -> None:
    measures = "".join(
        f"{name}: {{label: M, dataset: work, entry: received, filter: \"area = '{name}'\"}}\n" for name in "abc"
    )
    pack = small_pack(tmp_path, measures, indicators_of("a", "b", "c"))

    plan = plans(pack, CODES)["work"]

    assert (len(plan.sums), len(plan.conditions)) == (1, 3)


def test_what_passes_runs(tmp_path: Path) -> None:
    (condition,) = parse_conditions("days_waited <= 30 or outcome in ('accepted', 'rejected')", WORK, HERE)

    with duckdb.connect() as connection:
        connection.execute(f"SELECT {condition.sql} FROM (SELECT 31 AS days_waited, 2 AS outcome) AS e")  # noqa: S608 - what is tested
        answer = connection.fetchall()

    assert answer == [(True,)]
