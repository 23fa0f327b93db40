"""What grows through the year, by the dimension of its formula; a flow is 1, a state 0 (R13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.profiles import grows, is_untold, lacking_profile

PACK = """
id: crescita
label: Crescita
administration: Ente
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: p. 1}
acts: {piano: {label: Piano}}
organisation: {ente: {label: Ente, kind: municipality}}
measures:
  hours: {label: Ore, unit: hours, dataset: headcounts, column: value, filter: "item = 'training_hours'"}
  cost: {label: Costo, unit: eur, dataset: costs, column: amount}
  cost_before: {label: Costo a fine anno prima, unit: eur, dataset: costs, column: amount, before: year_end}
  cost_a_year_ago: {label: Costo un anno prima, unit: eur, dataset: costs, column: amount, before: same_moment}
  staff: {label: Personale, unit: headcount, level: level, dataset: headcounts, column: value, filter: "item = 'staff'"}
  mean_staff: {label: M, unit: headcount, dataset: headcounts, column: value, filter: "item = 'staff'", aggregate: mean}
  year_round: {label: Dodici mesi, unit: pieces, dataset: work, entry: received, window: trailing_12}
  pending: {label: Giacenza, unit: pieces, level: level, dataset: work, entry: pending}
  resolved: {label: Definito, unit: pieces, dataset: work, entry: resolved}
  by_hand: {label: A mano, unit: eur}
  per_head: {label: Ore a testa, unit: hours, level: ratio, formula: "hours / nullif(mean_staff, 0)"}
  workload: {label: Carico, unit: pieces, formula: "pending + resolved"}
parameters:
  price: {label: Prezzo, unit: eur, values: [{from: 2025-01-01, value: 3, act: piano, place: p. 1}]}
indicators:
  one: {label: One, unit: UNIT, direction: up, rule: RULE, level: LEVEL, formula: "FORMULA", act: piano, place: p. 1}
"""


def pack_with(folder: Path, formula: str, level: str = "ratio", unit: str = "ratio", rule: str = "gap_up") -> Path:
    text = PACK.replace("FORMULA", formula).replace("LEVEL", level).replace("UNIT", unit).replace("RULE", rule)
    (folder / "crescita").mkdir()
    (folder / "crescita" / "pack.yaml").write_text(text, encoding="utf-8")
    return folder / "crescita"


@pytest.mark.parametrize(
    ("formula", "is_growing"),
    [
        ("cost", True),
        ("by_hand", True),
        ("hours / nullif(mean_staff, 0)", True),
        ("hours / nullif(staff, 0)", True),
        ("per_head", True),
        ("100 * (2 - cost / nullif(staff, 0))", True),
        ("cost / nullif(cost_before, 0)", True),
        ("price * cost", True),
        ("resolved / nullif(workload, 0)", True),
        ("cost / nullif(cost_a_year_ago, 0)", False),
        ("cost / nullif(resolved, 0)", False),
        ("100 * (2 - cost / nullif(resolved, 0))", False),
        ("360 * pending / nullif(year_round, 0)", False),
        ("staff / nullif(pending, 0)", False),
        ("case when staff > hours then 0.5 else staff / nullif(pending, 0) end", False),
        ("case when staff > 10 then cost else staff end", True),
        ("least(cost / nullif(resolved, 0), 1)", False),
    ],
)
def test_it_reads_growth_from_the_formula(tmp_path: Path, formula: str, is_growing: bool) -> None:
    pack = load_pack(pack_with(tmp_path, formula))

    assert grows(pack, pack.indicators["one"]) is is_growing


@pytest.mark.parametrize(
    ("level", "unit", "direction", "is_growing"),
    [("level: flow,", "index", "up", True), ("level: flow,", "eur", "up", True),
     ("level: level,", "eur", "down", False), ("level: ratio,", "eur", "down", False), ("", "eur", "down", True),
     ("", "pieces", "both", True), ("", "eur", "up", False), ("", "pieces", "up", False),
     ("", "ratio", "down", False), ("", "days", "down", False)],
)  # fmt: skip
def test_of_what_is_collected_by_hand_the_level_decides_and_else_what_could_flatter(
    tmp_path: Path, level: str, unit: str, direction: str, is_growing: bool
) -> None:
    folder = pack_with(tmp_path, "", "LEVEL", unit)
    text = (folder / "pack.yaml").read_text(encoding="utf-8").replace("level: LEVEL,", level)
    (folder / "pack.yaml").write_text(text.replace("direction: up", f"direction: {direction}"), encoding="utf-8")
    pack = load_pack(folder)
    one = pack.indicators["one"]

    assert grows(pack, one) is is_growing
    assert is_untold(pack, one) is (direction == "up" and not level and unit in {"eur", "pieces"})


@pytest.mark.parametrize(("rule", "lacks"), [("gap_down", True), ("zero_gap", True), ("report_only", False)])
def test_a_rule_that_compares_nothing_needs_no_programme(tmp_path: Path, rule: str, lacks: bool) -> None:
    pack = load_pack(pack_with(tmp_path, "cost", rule=rule))

    assert ("one" in lacking_profile(pack)) is lacks


def test_the_indicators_of_2021_name_the_programme_that_was_decided() -> None:
    pack = load_pack(find_pack("inps-2021"))
    named = {name: item.profile for name, item in pack.indicators.items()}

    of_final = {name for name, profile in named.items() if profile == "periodo_finale"}
    of_linear = {name for name, profile in named.items() if profile == "lineare"}

    assert of_final == {"incassi_spese_legali", "incassi_recupero_crediti_rispetto_2020",
                        "decreasing_litigation_costs", "inspection_payment"}  # fmt: skip
    assert all(name.startswith(("progetto_", "lavorazioni_effettive_")) for name in of_linear)
    assert len(of_linear) == 9
    flows = [name for name, item in pack.indicators.items() if item.level == "flow" and item.rule == "gap_up"]
    assert [name for name in flows if not named[name]] == []
