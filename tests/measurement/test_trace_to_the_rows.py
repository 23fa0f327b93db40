"""A value goes on to its measures, to the cells of the cube and to the rows, and everything adds up."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period
from piramide.measurement.measure import Scope
from piramide.measurement.trace import MeasureTrace, trace
from tests.measurement.hand_ledger import entry, indicators_of, product, small_pack, statement, store_load, store_with

MEASURES = """
received: {label: Pervenuto, unit: pieces, dataset: work, entry: received}
resolved: {label: Definito, unit: pieces, dataset: work, entry: resolved}
clearance: {label: Deflusso, unit: ratio, level: ratio, formula: "resolved / nullif(received, 0)"}
star_points: {label: STAR, unit: points, dataset: work, entry: received, column: points, filter: star, credit: own}
in_time: {label: T, unit: pieces, dataset: work, entry: resolved, filter: days_waited <= standard_days, credit: work}
pending: {label: Giacenza, unit: pieces, level: level, dataset: work, entry: pending}
balance: {label: B, unit: eur, level: level, dataset: balances, column: balance}
by_hand: {label: M, unit: pieces}
"""
NAMES = ("clearance", "star_points", "in_time", "pending", "balance", "by_hand")
ROWS = (
    entry("received", "2023-12-30", "torino", case="O"),
    entry("received", "2024-01-10", "torino", case="A"),
    entry("received", "2024-01-11", "torino", case="B", product="account"),
    entry("received", "2024-02-01", "novara", work="genova", case="C"),
    entry("resolved", "2024-02-20", "torino", work="novara", case="A", received="2024-01-10"),
    entry("resolved", "2024-02-21", "novara", work="novara", case="C", received="2024-02-01"),
    entry("resolved", "2024-05-21", "torino", case="B", received="2024-01-11", product="account"),
)


def traced(tmp_path: Path, indicator: str, structure: str, period: str = "2024-02") -> tuple[MeasureTrace, ...]:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))
    store = tmp_path / "store"
    if not store.exists():
        store_with(store, *ROWS)
        stated = [("torino", "2024-01", "5.00"), ("torino", "2024-02", "7.25"), ("novara", "2024-01", "1.00")]
        rows = [statement("balances", structure=s, month=m, account="1005", balance=v) for s, m, v in stated]
        store_load(store, "balances", rows)
    scope = Scope(pack, parse_period(period), date(2024, 3, 1))
    return trace(store, scope, pack.indicators[indicator], structure).measures


def test_a_computed_measure_leads_to_those_it_is_computed_from(tmp_path: Path) -> None:
    found = traced(tmp_path, "clearance", "piemonte")

    assert [(m.name, m.value) for m in found] == [("clearance", 2 / 3), ("resolved", 2), ("received", 3)]
    assert found[0].formula == "resolved / nullif(received, 0)"


@pytest.mark.parametrize(
    ("indicator", "structure", "period", "value", "cases"),
    [
        ("star_points", "piemonte", "2024-02", 2, ["A"]),
        ("in_time", "piemonte", "2024-02", 1, ["C"]),
        ("in_time", "torino", "2024-05", 0, []),
        ("pending", "torino", "2024-02", 2, ["O", "A", "B", "A"]),
        ("pending", "nazionale", "2024-05", 1, ["O", "A", "B", "C", "A", "C", "B"]),
    ],
)
def test_cells_add_up_to_the_figure_and_the_query_finds_the_rows(
    tmp_path: Path, indicator: str, structure: str, period: str, value: float, cases: list[str]
) -> None:
    (found,) = traced(tmp_path, indicator, structure, period)

    with duckdb.connect() as connection:
        rows = connection.sql(found.query).to_arrow_table().to_pylist()

    assert (found.value, sum(cell.amount for cell in found.cells)) == (value, value)
    assert [row["case"] for row in rows] == [row["case"] for row in found.rows] == cases
    assert found.count == len(cases)


def test_rows_are_told_in_words(tmp_path: Path) -> None:
    (found,) = traced(tmp_path, "in_time", "piemonte")

    row = found.rows[0]
    assert [row[name] for name in ("kind", "product", "competence", "work", "status")] == [
        "resolved",
        "pension",
        "novara",
        "novara",
        "measured",
    ]
    assert [(cell.office, cell.month) for cell in found.cells] == [("novara", "2024-02")]


def test_the_latest_statement_of_each_office_is_the_one_shown(tmp_path: Path) -> None:
    (found,) = traced(tmp_path, "balance", "piemonte")

    assert found.value == 8.25
    assert {(cell.office, cell.month, cell.amount) for cell in found.cells} == {
        ("torino", "2024-02", 7.25),
        ("novara", "2024-01", 1.0),
    }


def test_a_value_collected_by_hand_has_nothing_behind_it(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="ME019"):
        traced(tmp_path, "by_hand", "torino")


def test_explain_goes_on_to_the_rows(tmp_path: Path) -> None:
    traced(tmp_path, "clearance", "torino")
    pack, store, out = str(tmp_path / "pack"), str(tmp_path / "store"), str(tmp_path / "values.csv")
    period = ["--period", "2024-02", "--store", store]
    runner = CliRunner()
    runner.invoke(app, ["measure", pack, *period, "--out", out])
    run = json.loads(runner.invoke(app, ["score", pack, *period, "--values", out, "--json"]).stdout)["run"]
    asked = ["explain", run, "--structure", "torino", "--node", "clearance", "--rows", "--store", store]

    told, printed = runner.invoke(app, [*asked, "--json"]), runner.invoke(app, asked)

    assert told.exit_code == 0, told.output + repr(told.exception)
    answer = json.loads(told.stdout)
    assert (answer["measured"]["value"], answer["measured"]["measures"][1]["count"]) == (answer["value"], 1)
    assert printed.exit_code == 0
    assert "read_parquet" in printed.stdout


def scored(tmp_path: Path, *, edited: bool = False) -> tuple[list[str], CliRunner]:
    """The command that explains a value of a run, scored from measured values; `edited`: not as they were written."""
    traced(tmp_path, "clearance", "torino")
    pack, store, out = str(tmp_path / "pack"), str(tmp_path / "store"), tmp_path / "values.csv"
    period, runner = ["--period", "2024-02", "--store", store], CliRunner()
    runner.invoke(app, ["measure", pack, *period, "--out", str(out)])
    if edited:
        text = out.read_text(encoding="utf-8")
        out.write_text(text.replace("\n", "\ntorino,by_hand,2024-02,7,,,measured,no,\n", 1), encoding="utf-8")
    run = json.loads(runner.invoke(app, ["score", pack, *period, "--values", str(out), "--json"]).stdout)["run"]
    node = ["--structure", "torino", "--node", "clearance", "--rows", "--store", store, "--json"]
    return ["explain", run, *node], runner


@pytest.mark.parametrize("edited", [False, True])
def test_facts_loaded_later_do_not_change_what_a_run_rests_on(tmp_path: Path, edited: bool) -> None:
    asked, runner = scored(tmp_path, edited=edited)
    before = json.loads(runner.invoke(app, asked).stdout)
    late = entry("resolved", "2024-02-25", "torino", case="B", received="2024-01-11", product="account")
    store_load(tmp_path / "store", "work", [late])
    star = product("pension", "2020-01-01", area="accounts", standard_days=1, correction=1)
    store_load(tmp_path / "store", "products", [star])

    after = json.loads(runner.invoke(app, asked).stdout)

    assert after == before
    assert after["measured"]["value"] == after["value"] == 0.5


def test_loads_between_measuring_and_scoring_stay_out_too(tmp_path: Path) -> None:
    asked, runner = scored(tmp_path)
    expected = json.loads(runner.invoke(app, asked).stdout)["measured"]["value"]
    late = entry("resolved", "2024-02-25", "torino", case="B", received="2024-01-11", product="account")
    store_load(tmp_path / "store", "work", [late])
    shutil.rmtree(tmp_path / "store" / "runs")
    pack, store, values = (str(tmp_path / name) for name in ("pack", "store", "values.csv"))
    again = ["score", pack, "--period", "2024-02", "--store", store, "--values", values, "--json"]
    run = json.loads(runner.invoke(app, again).stdout)["run"]

    measured = json.loads(runner.invoke(app, ["explain", run, *asked[2:]]).stdout)["measured"]

    assert measured["value"] == expected == 0.5


def test_what_a_run_rests_on_is_verified(tmp_path: Path) -> None:
    asked, runner = scored(tmp_path)
    (facts,) = (tmp_path / "store" / "runs").glob("*/facts.json")
    verify = ["verify", asked[1], "--store", str(tmp_path / "store"), "--json"]
    assert runner.invoke(app, verify).exit_code == 0

    facts.write_text(facts.read_text(encoding="utf-8").replace("000001", "000002"), encoding="utf-8")

    assert json.loads(runner.invoke(app, verify).stdout)["difference"]["file"] == "facts.json"
