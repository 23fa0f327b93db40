"""Measures of what offices state month by month, or when something happens, on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measurement.hand_ledger import (
    ENGINES,
    answer,
    indicators_of,
    measured,
    small_pack,
    statement,
    store_load,
)

MEASURES = """
staff_months: {label: M, unit: person_months, dataset: staff, column: fte,
  filter: "activity = 'production' and profile <> 'inspector'"}
staff: {label: S, unit: fte, level: level, dataset: staff, column: fte, filter: "activity = 'production'"}
average_staff: {label: A, unit: fte, dataset: staff, column: fte, aggregate: mean}
cost: {label: C, unit: eur, dataset: costs, column: amount, filter: "kind <> 'quantity'"}
light: {label: L, unit: eur, dataset: costs, column: amount, filter: "item in ('light', 'heat') and kind = 'direct'"}
balance: {label: B, unit: eur, level: level, dataset: balances, column: balance, filter: "account = '1005'"}
balance_before: {label: P, unit: eur, level: level, dataset: balances, column: balance, filter: "account = '1005'",
  before: year_end}
delay: {label: R, unit: eur_days, dataset: payments,
  column: "amount * (date_diff('day', due_on, paid_on) - days_suspended)"}
paid: {label: F, unit: eur, dataset: payments, column: amount}
late: {label: T, unit: pieces, dataset: payments, filter: paid_on > due_on}
chapters: {label: K, unit: pieces, level: level, dataset: spending, aggregate: last, column: "1",
  filter: "used <= 1.05 * forecast"}
score_sum: {label: V, unit: score_1_5, dataset: survey_answers, column: score * weight}
"""
NAMES = tuple(line.split(":")[0] for line in MEASURES.splitlines() if line[:1].isalpha())


def facts(root: Path) -> Path:
    staff = [
        statement("staff", structure=place, month=month, profile=profile, activity="production", fte=fte)
        for place, month, profile, fte in (
            ("torino", "2024-01", "administrative", 10.25),
            ("torino", "2024-02", "administrative", 10),
            ("torino", "2024-02", "inspector", 2),
            ("novara", "2024-01", "administrative", 4),
        )
    ]
    costs = [
        statement("costs", structure="torino", month=month, item=item, kind=kind, amount=amount, closing=closing)
        for month, item, kind, amount, closing in (
            ("2024-01", "light", "direct", "0.10", False),
            ("2024-02", "light", "direct", "0.20", False),
            ("2024-02", "rent", "indirect", "1000000.33", False),
            ("2024-02", "floor_space_m2", "quantity", "500", False),
            ("2024-12", "rent", "indirect", "5", False),
            ("2024-12", "rent", "indirect", "7.5", True),
        )
    ]
    balances = [
        statement("balances", structure="piemonte", month=month, account=account, balance=balance, closing=closing)
        for month, account, balance, closing in (
            ("2023-12", "1005", "90", False),
            ("2023-12", "1005", "80", True),
            ("2024-02", "1005", "-12.34", False),
            ("2024-12", "1005", "3", False),
            ("2024-12", "1005", "0", True),
            ("2024-03", "GPA0037", "1", False),
        )
    ]
    payments = [
        statement("payments", structure="genova", invoice=n, received_on="2024-01-01", due_on=due, paid_on=paid, **more)
        for n, due, paid, more in (
            ("1", "2024-01-31", "2024-02-10", {"amount": "100.50"}),
            ("2", "2024-02-20", "2024-02-15", {"amount": "10", "days_suspended": 2}),
        )
    ]
    spending = [
        statement("spending", structure="torino", month="2024-02", chapter=chapter, forecast=100_000, used=used)
        for chapter, used in (("A", 104_900), ("B", 105_000), ("C", 106_000))
    ]
    answers = [
        statement("survey_answers", questionnaire=n, structure="genova", day="2024-02-01", score=n, weight=weight)
        for n, weight in (("4", "1.5"), ("5", "0.25"))
    ]
    taken_back = statement(
        "costs", structure="torino", month="2024-02", item="light", kind="direct", amount="0.20", entry="reversed"
    )
    for dataset, rows in {
        "staff": staff,
        "costs": [*costs, taken_back],
        "balances": balances,
        "payments": payments,
        "spending": spending,
        "survey_answers": answers,
    }.items():
        store_load(root, dataset, rows)
    return root


EXPECTED: dict[tuple[str, str], dict[str, float]] = {
    ("2024-02", "torino"): {"staff_months": 20.25, "staff": 12, "average_staff": 11.125, "chapters": 2},
    ("2024-02", "piemonte"): {"staff_months": 24.25, "staff": 16, "balance": -12.34, "balance_before": 80},
    ("2024-02", "genova"): {"delay": 100.50 * 10 - 70, "paid": 110.5, "late": 1, "score_sum": 7.25},
    ("2024-02", "nazionale"): {"cost": 1_000_000.43, "light": 0.1, "balance": -12.34},
    ("2024-12", "torino"): {"cost": 1_000_005.43},
    ("2024", "torino"): {"cost": 1_000_012.93},
    ("2024-12", "piemonte"): {"balance": 3, "balance_before": 80},
    ("2024", "piemonte"): {"balance": 0},
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", ENGINES)
def test_it_adds_up_what_offices_state(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_SPARK_MASTER", "local[2]")
    pack, store = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES)), facts(tmp_path / "store")

    found = {
        (period, place): {name: values[place, name].value for name in expected}
        for (period, place), expected in EXPECTED.items()
        for values in [measured(store, pack, period, engine=engine, as_of="2024-03-01")]
    }

    for key, expected in EXPECTED.items():
        assert found[key] == pytest.approx(expected, rel=1e-12, abs=0), key


def test_what_nobody_stated_is_missing_and_not_zero(tmp_path: Path) -> None:
    pack, store = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES)), facts(tmp_path / "store")

    values = measured(store, pack, "2024-03")

    assert values["torino", "cost"].value is None, "nobody has delivered the costs of March"
    assert values["torino", "cost"].status == "missing"
    assert values["piemonte", "balance"].value == -12.34, "the latest statement is of February"
    assert values["torino", "balance"].status == "missing", "only the region states balances"


def test_the_latest_statement_is_not_older_than_a_quarter(tmp_path: Path) -> None:
    pack, store = small_pack(tmp_path / "pack", MEASURES, indicators_of("balance")), facts(tmp_path / "store")

    april, may = (measured(store, pack, period)["piemonte", "balance"] for period in ("2024-04", "2024-05"))

    assert (april.value, may.value, may.status) == (-12.34, None, "missing")


def test_a_dataset_without_facts_leaves_its_indicators_missing(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("staff", "cost"))
    store_load(tmp_path / "store", "staff", [statement("staff", structure="torino", month="2024-01", fte=1)])

    found = answer(tmp_path / "store", pack, "2024-01")

    assert {v.indicator: v.status for v in found.values if v.structure == "torino"} == {
        "staff": "missing",
        "cost": "missing",
    }, "the row has no activity, and there are no costs"
