"""Every worked example of the packs of 2020 and 2021 computes: its values have the gaps and indices it expects."""

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

EXAMPLES = [
    (path.parent.parent.name, example)
    for name in ("inps-2020", "inps-2021")
    for path in sorted(shipped_packs().glob(f"{name}/examples/*.yaml"))
    for example in yaml.safe_load(path.read_text("utf-8"))
]


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    """The two packs as printed; scoring puts their overrides in force."""
    return {name: load_pack(shipped_packs() / name) for name in ("inps-2020", "inps-2021")}


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


@pytest.mark.parametrize(("pack", "example"), EXAMPLES, ids=[example["id"] for _, example in EXAMPLES])
def test_it_computes(pack: str, example: dict[str, Any], packs: dict[str, Pack], tmp_path: Path) -> None:
    nodes = scored(example, packs[pack], tmp_path)

    for name, expected in example["expect"].items():
        for field in expected.keys() - {"tolerance"}:
            found = getattr(nodes[name], field)
            assert found == pytest.approx(expected[field], rel=0, abs=expected["tolerance"]), (name, field)


def test_it_has_examples_of_every_rule_of_the_plan() -> None:
    rules = {example["rule"] for _, example in EXAMPLES}

    assert rules == {f"R{n}" for n in (2, 4, 5, 8, 9, 10, 13, 14, 15, 18, 22, 23, 24, 25, 26, 27, 29, 31, 41)}
