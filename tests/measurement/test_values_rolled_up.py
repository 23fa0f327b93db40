"""From measures to the values of indicators: roll-up, ratios, statuses, coverage, and what score reads."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from tests.measurement.hand_ledger import (
    INDICATORS,
    MEASURES,
    answer,
    entry,
    indicators_of,
    measured,
    small_pack,
    statement,
    store_load,
    store_with,
)


def flow(office: str, received: int, resolved: int, month: str = "2024-01") -> list[dict[str, object]]:
    arrived = [entry("received", f"{month}-02", office, case=f"{office}{n}") for n in range(received)]
    return arrived + [entry("resolved", f"{month}-20", office, case=f"{office}{n}") for n in range(resolved)]


def test_a_ratio_of_a_parent_is_the_ratio_of_the_sums(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack")
    rows = flow("torino", 8, 8) + flow("novara", 2, 1) + flow("genova", 10, 3)
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, "2024-01")

    found = {place: (v.value, v.numerator, v.denominator) for (place, _), v in values.items()}
    assert [found[place] for place in ("piemonte", "nazionale")] == [(0.9, 9, 10), (0.6, 12, 20)]
    assert {v.coverage for v in values.values()} == {1.0}


def test_an_office_that_moves_counts_where_it_is_on_the_day(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("received"))
    store = store_with(tmp_path / "store", *flow("torino", 8, 8), *flow("novara", 2, 1), *flow("genova", 10, 3))

    june, july = (measured(store, pack, "2024-01", as_of=day) for day in ("2024-06-30", "2024-07-01"))

    assert [june[place, "received"].value for place in ("piemonte", "liguria")] == [10, 10]
    assert [july[place, "received"].value for place in ("piemonte", "liguria")] == [2, 18]
    assert june["nazionale", "received"].value == july["nazionale", "received"].value == 20


def test_coverage_is_the_share_of_offices_and_months_that_delivered(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack")
    rows = flow("torino", 8, 8) + flow("torino", 8, 8, "2024-02") + flow("novara", 2, 1)
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, "2024-02")

    found = {place: v.coverage for (place, _), v in values.items()}
    assert found == pytest.approx(
        {"torino": 1, "novara": 0.5, "piemonte": 0.75, "genova": 0, "liguria": 0, "nazionale": 0.5}
    )
    assert values["genova", "indice_deflusso"].status == "missing"
    assert "75" in values["piemonte", "indice_deflusso"].note


@pytest.mark.parametrize(
    ("deliver", "expected"),
    [
        # Torino delivers and Novara never did; Liguria speaks for Genova. Two of three expected.
        ("torino liguria", {"torino": 1, "novara": 0, "piemonte": 1 / 2, "liguria": 1, "nazionale": 2 / 3}),
        ("torino liguria genova piemonte", {"piemonte": 2 / 3, "liguria": 1, "nazionale": 4 / 5}),
        # The directorate of Piemonte has rows of its own beside those of its offices: covered for what it delivers.
        ("torino novara genova piemonte", {"piemonte": 1, "liguria": 1, "nazionale": 1}),
        ("torino piemonte", {"novara": 0, "piemonte": 2 / 3, "genova": 0, "nazionale": 2 / 4}),
        # Regions alone deliver, one of them nothing yet.
        ("piemonte", {"piemonte": 1, "liguria": 0, "nazionale": 1 / 2}),
        ("nazionale", {"nazionale": 1}),
        # Regions deliver for their offices; that Torino adds some rows makes nobody expect them of Novara.
        ("piemonte liguria torino", {"piemonte": 1, "liguria": 1, "nazionale": 1}),
    ],
)
def test_who_delivers_decides_who_is_expected_to(tmp_path: Path, deliver: str, expected: dict[str, float]) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("received"))
    rows = [row for office in deliver.split() for row in flow(office, 2, 1)]
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, "2024-01")

    assert {place: values[place, "received"].coverage for place in expected} == pytest.approx(expected)


LEVELS = """
transit: {label: T, unit: eur, level: level, dataset: balances, column: balance, filter: "account = '1005'"}
done: {label: D, unit: pieces, dataset: projects}
"""


def test_an_office_that_states_nothing_of_the_kind_has_none_of_it(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", LEVELS, indicators_of("transit", "done"))
    # Piemonte holds the account for its offices, which state others; Genova held it until January.
    stated = [("piemonte", "2024-06", "1005"), ("torino", "2024-06", "A"), ("novara", "2024-06", "A")]
    stated += [("genova", "2024-01", "1005"), ("genova", "2024-06", "A")]
    rows = [statement("balances", structure=s, month=m, account=a, balance="1.00") for s, m, a in stated]
    store_load(tmp_path / "store", "balances", rows)
    step = statement("projects", project="p", deliverable="d", structure="torino", day="2024-03-01", step="planned")
    store_load(tmp_path / "store", "projects", [step])

    found = {key: v.coverage for key, v in measured(tmp_path / "store", pack, "2024-06").items()}

    places = ("piemonte", "genova", "nazionale")
    assert [found[place, "transit"] for place in places] == pytest.approx([1, 0, 3 / 4])
    assert [found[place, "done"] for place in places] == [1, 0, 1], "events come when they come"


FORMULAS = (
    MEASURES
    + """
received_expected: {label: A, unit: pieces, dataset: budgets, column: value, filter: "measure = 'received'"}
index: {label: I, unit: index, level: ratio, formula: "100 * (weight * received / nullif(received_expected, 0)
  + (1 - weight) * resolved / nullif(received, 0))"}
by_hand: {label: M, unit: pieces}
mixed: {label: X, unit: pieces, formula: by_hand + received}
"""
)
WEIGHT = """{weight: {label: W, unit: ratio, values: [
  {from: 2023-01-01, value: 0.5, act: piano, place: a}, {from: 2024-02-01, value: 0.25, act: piano, place: b}]}}"""


def test_a_measure_may_be_computed_from_others_and_from_parameters(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", FORMULAS, indicators_of("index", "mixed"), WEIGHT)
    store = store_with(tmp_path / "store", *flow("torino", 8, 4), *flow("novara", 2, 2))
    expected = [("torino", "10"), ("novara", "10")]
    store_load(
        store,
        "budgets",
        [statement("budgets", structure=s, measure="received", month="2024-01", value=v) for s, v in expected],
    )

    found = answer(store, pack, "2024-01")

    values = {v.structure: v.value for v in found.values}
    assert values["torino"] == pytest.approx(50 * 0.8 + 50 * 0.5)
    assert values["piemonte"] == pytest.approx(50 * 0.5 + 50 * 0.6), "aggregated first, then divided"
    assert found.by_hand == ("mixed",)


THRESHOLD = """
conto: {label: C, unit: ratio, direction: down, rule: threshold, act: piano, place: p. 1, formula: received,
  checkpoints: [{moment: Q1, most: 5}, {moment: Q4, most: 0}]}
nazionale_per_tutti: {label: N, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. 1,
  formula: "resolved / nullif(received, 0)", value_from: nazionale}
fasce: {label: F, unit: ratio, direction: up, rule: bands, scale: s, act: piano, place: p. 1,
  formula: "resolved / nullif(received, 0)"}
"""


def test_earlier_checkpoints_come_along_and_shared_values_once(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, THRESHOLD)
    store = store_with(tmp_path / "store", *flow("torino", 3, 2), *flow("torino", 1, 1, "2024-06"))

    rows = [(v.structure, v.indicator, str(v.moment), v.value) for v in answer(store, pack, "2024-06").values]

    assert [row for row in rows if row[:2] == ("torino", "conto")] == [
        ("torino", "conto", "2024-Q1", None),
        ("torino", "conto", "2024-Q2", 4),
    ], "nobody delivered March"
    assert [row for row in rows if row[1] == "nazionale_per_tutti"] == [
        ("nazionale", "nazionale_per_tutti", "2024-Q2", 0.75)
    ]


def test_bands_without_anything_to_judge_do_not_apply(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, THRESHOLD)
    store = store_with(tmp_path / "store", entry("transferred", "2024-01-02", "torino"))

    value = measured(store, pack, "2024-01")["torino", "fasce"]

    assert (value.value, value.status) == (None, "not_applicable")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_command_writes_what_score_reads(tmp_path: Path, suffix: str) -> None:
    small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    store = store_with(tmp_path / "store", *flow("torino", 8, 8), *flow("novara", 3, 1))
    out, common = tmp_path / f"values.{suffix}", ["--period", "2024-01", "--store", str(store)]

    told = CliRunner().invoke(app, ["measure", str(tmp_path / "pack"), *common, "--out", str(out), "--json"])
    scored = CliRunner().invoke(app, ["score", str(tmp_path / "pack"), *common, "--values", str(out), "--json"])

    assert (told.exit_code, scored.exit_code) == (0, 0), told.output + scored.output
    rows = {row["structure"]: row for row in json.loads(told.stdout)["values"]}
    nodes = {s["id"]: s["nodes"][0] for s in json.loads(scored.stdout)["structures"]}
    assert nodes["novara"]["value"] == rows["novara"]["value"] == 1 / 3
    assert nodes["genova"]["status"] == "missing"


def test_the_file_holds_the_columns_of_the_contract_and_exact_numbers(tmp_path: Path) -> None:
    small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    store = store_with(tmp_path / "store", *flow("torino", 8, 8), *flow("novara", 3, 1))
    out = tmp_path / "values.csv"

    CliRunner().invoke(
        app,
        ["measure", str(tmp_path / "pack"), "--period", "2024-01", "--store", str(store), "--out", str(out)],
    )

    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == "structure,indicator,period,value,numerator,denominator,status,contested,note"
    novara = next(row for row in rows if row["structure"] == "novara")
    assert (novara["value"], novara["numerator"], novara["denominator"]) == (repr(1 / 3), "1", "3")


def test_a_structure_that_is_not_in_the_tree_of_the_day_is_missing(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack")
    store = store_with(tmp_path / "store", *flow("novara", 8, 8))
    versions = tuple(replace(v, since=None) for v in pack.organisation.versions if v.id != "genova")
    smaller = replace(pack, organisation=replace(pack.organisation, versions=versions[:5] + versions[6:]))

    values = measured(store, smaller, "2024-01")

    assert values["genova", "indice_deflusso"].status == "missing"


def test_a_structure_without_a_sheet_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    store = store_with(tmp_path / "store", *flow("torino", 1, 1))
    asked = ["measure", str(tmp_path / "pack"), "--period", "2024-01", "--store", str(store)]

    told = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "v.csv"), "--structure", "turino"])

    assert "ME020" in str(told.exception)
    assert "torino" in str(told.exception)
    assert not (tmp_path / "v.csv").exists()
