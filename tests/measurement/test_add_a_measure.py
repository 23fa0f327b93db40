"""What docs/how-to/add-a-measure.md shows works, and `pack check` tells the faults of measures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.cycle.plans.checked import check_report
from piramide.cycle.plans.packs import open_pack
from piramide.measurement.measures.check import check_measures
from tests.measurement.hand_ledger import entry, indicators_of, measured, small_pack, store_with

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-measure.md").read_text(encoding="utf-8")
MEASURES, INDICATORS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_measures_of_the_page_give_the_indicator_of_the_page(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATORS + indicators_of("late_days"))
    days = (("torino", "2024-01-31"), ("torino", "2024-02-10"), ("novara", "2024-01-05"))
    rows = [entry("resolved", day, place, case=day, received="2024-01-01") for place, day in days]
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, "2024-02")

    found = {place: values[place, "definito_nei_tempi"].value for place in ("torino", "novara", "piemonte")}
    assert found == {"torino": 0.5, "novara": 1, "piemonte": 2 / 3}
    assert values["piemonte", "late_days"].value == 10


FAULTS = """
a: {label: A, dataset: work, entry: resolved, filter: days_wated > 3}
b: {label: B, formula: c + 1}
c: {label: C, formula: 2 * b}
d: {label: D, formula: unheard_of / 2}
e: {label: E, dataset: work, entry: resolved, filter: "product = 'any'"}
"""


def test_pack_check_tells_every_fault_of_the_measures(tmp_path: Path) -> None:
    small_pack(tmp_path, FAULTS, indicators_of("a"))

    told = CliRunner().invoke(app, ["pack", "check", str(tmp_path), "--json"])

    findings = [f for f in json.loads(told.stdout)["findings"] if f["where"].startswith("measures.yaml")]
    assert told.exit_code == 1
    assert sorted((f["code"], f["where"]) for f in findings) == [
        ("KN203", "measures.yaml:5"),
        ("ME003", "measures.yaml:2"),
        ("ME009", "measures.yaml:3"),
    ]


@pytest.mark.parametrize("name", ["comune-esempio", "inps-2020", "inps-2021", "inps-2024"])
def test_the_packs_that_ship_declare_measures_that_can_be_used(name: str) -> None:
    assert check_measures(open_pack(name)) == ()


def test_a_sound_pack_gains_no_findings(tmp_path: Path) -> None:
    small_pack(tmp_path, MEASURES, INDICATORS)

    assert not [f for f in check_report(str(tmp_path)).findings if f.code.startswith("ME")]
