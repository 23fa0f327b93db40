"""Values of structures that have no work of their own: an office above the sites, a coordination beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.methodology.checks.report import examine
from tests.measurement.hand_ledger import entry, measured, small_pack, store_with

MEASURES = "resolved: {label: Definito, unit: pieces, dataset: work, entry: resolved}\n"
INDICATOR = """
definito: {{label: Definito, unit: pieces, direction: up, rule: gap_up, act: piano, place: p. 1,
  formula: resolved, measured_on: "{0}"}}
"""
ROWS = (
    *(entry("received", "2024-01-10", "torino", case=case) for case in "AB"),
    *(entry("resolved", "2024-02-10", "torino", case=case, received="2024-01-10") for case in "AB"),
    entry("received", "2024-01-10", "genova", case="C"),
    entry("resolved", "2024-02-10", "genova", case="C", received="2024-01-10"),
)


@pytest.mark.parametrize(
    ("measured_on", "expected"),
    [
        ("region=nazionale", {"nazionale": 3, "piemonte": 3, "liguria": 3, "torino": 2, "genova": 1}),
        ("liguria=torino", {"nazionale": 3, "piemonte": 2, "liguria": 2, "torino": 2, "genova": 1}),
        ("provincial_office=parent;genova=nazionale", {"piemonte": 2, "torino": 2, "novara": 2, "genova": 3}),
    ],
)
def test_it_takes_the_figures_of_the_structure_that_the_pack_names(
    tmp_path: Path, measured_on: str, expected: dict[str, float]
) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATOR.format(measured_on))

    values = measured(store_with(tmp_path / "store", *ROWS), pack, "2024-02")

    assert {name: values[name, "definito"].value for name in expected} == expected


def test_it_finds_a_structure_that_nothing_declares(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATOR.format("region=nazione"))

    assert [(f.code, f.subject) for f in examine(pack).findings if f.code == "PK001"] == [("PK001", "definito")]


def test_it_refuses_pairs_that_are_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        small_pack(tmp_path / "pack", MEASURES, INDICATOR.format("region"))
