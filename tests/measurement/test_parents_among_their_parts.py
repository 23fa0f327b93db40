"""A parent's mean or plain ratio of sums lies among its parts, and `measure` refuses any other (R43)."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.kernel.findings import Refusal
from piramide.methodology.formula_shape import shape_of
from piramide.methodology.loading import load_pack, shipped_packs
from tests.measurement.hand_ledger import measured, small_pack, statement, store_load

INDICATOR = """
indice: {{label: Indice dei costi, unit: index, direction: down, rule: gap_down, act: piano, place: p. 1,
  formula: "{formula}"{parent}}}
"""
MEASURES = """
cost: {label: C, unit: eur, dataset: costs, column: amount, filter: "kind = 'direct'"}
space: {label: S, unit: m2, dataset: costs, column: amount, filter: "kind = 'quantity'", aggregate: mean}
per_m2: {label: P, unit: eur, level: ratio, formula: "cost / nullif(space, 0)"}
mean: {label: M, unit: eur, level: level, dataset: budgets, column: value, filter: "measure = 'per_m2'", adds: sum}
"""


def facts(store: Path) -> Path:
    """Two regions that spend 90 and 110 per cent of the mean of their cluster, 10 euro a square metre."""
    stated = [("piemonte", "direct", 900), ("piemonte", "quantity", 100)]
    stated += [("liguria", "direct", 220), ("liguria", "quantity", 20)]
    rows = [
        statement("costs", structure=s, month="2024-01", item="x", kind=kind, amount=amount)
        for s, kind, amount in stated
    ]
    store_load(store, "costs", rows)
    means = [
        statement("budgets", structure=s, measure="per_m2", month="2024-01", value=10) for s in ("piemonte", "liguria")
    ]
    store_load(store, "budgets", means)
    return store


def test_it_refuses_a_nation_whose_means_were_added_up(tmp_path: Path) -> None:
    pack = small_pack(
        tmp_path / "pack", MEASURES, INDICATOR.format(formula="100 * per_m2 / nullif(mean, 0)", parent="")
    )

    with pytest.raises(Refusal) as refused:
        measured(facts(tmp_path / "store"), pack, "2024-01")

    (finding,) = refused.value.findings
    told = finding.message("it")
    assert finding.code == "ME042"
    assert all(word in told for word in ("indicators.yaml:2", "Indice dei costi", "Nazionale", "46,6667", "90", "110"))


def test_it_lets_pass_the_ratio_of_sums_beside_parts_that_have_no_value(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATOR.format(formula="cost / nullif(space, 0)", parent=""))
    store = facts(tmp_path / "store")
    alone = statement("costs", structure="torino", month="2024-01", item="x", kind="direct", amount=5000)
    store_load(store, "costs", [alone])

    found = measured(store, pack, "2024-01")

    assert found["piemonte", "indice"].value == 59, "Torino spends without any space: no bound holds"
    assert found["nazionale", "indice"].value == pytest.approx(6120 / 120)


def test_the_command_refuses_a_parent_of_what_does_not_add_up_and_writes_nothing(tmp_path: Path) -> None:
    measures = MEASURES.replace("adds: sum", "adds: none")
    parent = ", parent: {own: formula, else: weighted_mean_of_children}"
    small_pack(tmp_path / "pack", measures, INDICATOR.format(formula="100 * per_m2 / nullif(mean, 0)", parent=parent))
    facts(tmp_path / "store")
    asked = ["measure", str(tmp_path / "pack"), "--period", "2024-01", "--store", str(tmp_path / "store")]

    told = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "v.csv")])

    assert "PK053: indicators.yaml:2" in str(told.exception)
    assert not (tmp_path / "v.csv").exists()


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        ("resolved / nullif(received, 0)", "RATIO"),
        ("100 * (2 - resolved / nullif(received, 0))", "RATIO"),
        ("resolved + received", "SUM"),
        ("cost_per_point_total", "RATIO"),
        ("cost_per_point_total / nullif(total_cost, 0)", "UNSOUND"),
        ("(resolved / nullif(received, 0)) * (checked / nullif(to_check, 0))", "FREE"),
        ("process_control_points", "FREE"),
        ("pensions_quality", "MEAN"),
    ],
)
def test_it_knows_what_a_formula_makes_of_sums(formula: str, shape: str) -> None:
    assert shape_of(formula, load_pack(shipped_packs() / "inps-2024")).name == shape
