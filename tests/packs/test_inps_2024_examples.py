"""Every worked example of the pack computes: the values it gives have the gaps and indices it expects."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from piramide.scoring.reading import read_values
from piramide.scoring.result import NodeScore
from piramide.scoring.score import score_pack

FOLDER = shipped_packs() / "inps-2024"
EXAMPLES = [
    example for path in sorted(FOLDER.glob("examples/*.yaml")) for example in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without its demonstration layer."""
    return load_pack(FOLDER)


def write_values(example: dict[str, Any], path: Path) -> None:
    """The values of an example as a values file; a bare number belongs to the example's own period."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("structure", "indicator", "period", "value"))
        for node, given in example["values"].items():
            by_period = given if isinstance(given, dict) else {example["period"]: given}
            writer.writerows((example["structure"], node, period, value) for period, value in by_period.items())


def scored(example: dict[str, Any], pack: Pack, folder: Path) -> dict[str, NodeScore]:
    """Nodes of the example's structure with their results."""
    write_values(example, folder / "values.csv")
    values = read_values(folder / "values.csv", pack)
    table = score_pack(pack, values, example["period"], [example["structure"]])
    return {node.id: node for node in table.structures[0].nodes}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_it_computes(example: dict[str, Any], pack: Pack, tmp_path: Path) -> None:
    nodes = scored(example, pack, tmp_path)

    for name, expected in example["expect"].items():
        for field in expected.keys() - {"tolerance"}:
            found = getattr(nodes[name], field)
            assert found == pytest.approx(expected[field], rel=0, abs=expected["tolerance"]), (name, field)


def test_it_has_examples_of_every_rule_that_the_sheets_use() -> None:
    assert {example["rule"] for example in EXAMPLES} == {"R1", "R2", "R3", "R9", "R19", "R20", "R22", "R23", "R36"}
