"""Worked examples of packs: values of a structure, and the gaps and indices that they must have."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from piramide.methodology.loading import shipped_packs
from piramide.methodology.model import Pack
from piramide.scoring.reading import read_values
from piramide.scoring.result import NodeScore
from piramide.scoring.score import score_pack

Example = dict[str, Any]


def examples_of(pack: str) -> list[Example]:
    """The examples that a shipped pack carries."""
    paths = sorted((shipped_packs() / pack).glob("examples/*.yaml"))
    return [example for path in paths for example in yaml.safe_load(path.read_text("utf-8"))]


def _write_values(example: Example, path: Path) -> None:
    """The values of an example as a values file; a bare number belongs to the example's own period."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("structure", "indicator", "period", "value"))
        for node, given in example["values"].items():
            by_period = given if isinstance(given, dict) else {example["period"]: given}
            writer.writerows((example["structure"], node, period, value) for period, value in by_period.items())


def _scored(example: Example, pack: Pack, folder: Path) -> dict[str, NodeScore]:
    """Nodes of the example's structure with their results."""
    _write_values(example, folder / "values.csv")
    values = read_values(folder / "values.csv", pack)
    table = score_pack(pack, values, example["period"], [example["structure"]])
    return {node.id: node for node in table.structures[0].nodes}


def check_computes(example: Example, pack: Pack, folder: Path) -> None:
    """Every figure that the example expects comes out, within its tolerance."""
    nodes = _scored(example, pack, folder)
    for name, expected in example["expect"].items():
        for field in expected.keys() - {"tolerance"}:
            found = getattr(nodes[name], field)
            assert found == pytest.approx(expected[field], rel=0, abs=expected["tolerance"]), (name, field)
