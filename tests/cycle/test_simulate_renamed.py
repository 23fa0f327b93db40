"""A node that changes its name between two methods loses nothing; a value that one method does not ask is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.methodology.changes import compare
from piramide.methodology.loading import find_pack, load_pack

VALUES = find_pack("comune-esempio") / "values" / "2025.csv"
OLD, NEW = "pratiche_avviate_rete", "pratiche_avviate_online"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "base"))


def renamed(base: Path, folder: Path, *, says_so: bool) -> Path:
    pack = Path(shutil.copytree(base, folder))
    for path in (pack / "pack.yaml", *(pack / "trees").glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        text = text.replace(OLD, NEW).replace("Pratiche avviate in rete", "Pratiche avviate online")
        if path.suffix == ".csv":
            lines = text.splitlines()
            was = [OLD if says_so and NEW in line else "" for line in lines[1:]]
            text = "\n".join([f"{lines[0]},was", *(f"{line},{old}" for line, old in zip(lines[1:], was, strict=True))])
        path.write_text(text + "\n", encoding="utf-8")
    return pack


def simulated(base: Path, other: Path, values: Path) -> dict[str, object]:
    arguments = ["simulate", str(base), str(other), "--values", str(values), "--period", "2025", "--json"]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def borgoverde(answer: dict[str, object]) -> dict[str, object]:
    structures = answer["structures"]
    assert isinstance(structures, list)
    return next(item for item in structures if item["id"] == "borgoverde")


def test_it_names_the_value_that_is_not_used_and_counts_the_structure_apart(base: Path, tmp_path: Path) -> None:
    answer = simulated(base, renamed(base, tmp_path / "other", says_so=False), VALUES)

    told = borgoverde(answer)
    assert (told["partial"], told["change"]) == (True, None)
    line = next(at for at, text in enumerate(VALUES.read_text(encoding="utf-8").splitlines(), 1) if OLD in text)
    listed = answer["unused"]
    assert isinstance(listed, list)
    (unused,) = listed
    assert {key: unused[key] for key in ("structure", "indicator", "line")} == {
        "structure": "borgoverde", "indicator": OLD, "line": line,
    }  # fmt: skip


@pytest.mark.parametrize("name", [OLD, NEW])
def test_it_matches_a_declared_change_of_name_whatever_the_file_says(name: str, base: Path, tmp_path: Path) -> None:
    values = tmp_path / "values.csv"
    values.write_text(VALUES.read_text(encoding="utf-8").replace(OLD, name), encoding="utf-8")

    answer = simulated(base, renamed(base, tmp_path / "other", says_so=True), values)

    assert (borgoverde(answer)["partial"], borgoverde(answer)["change"]) == (False, 0)
    assert answer["unused"] == []


def test_it_tells_the_change_of_name_as_one(base: Path, tmp_path: Path) -> None:
    changes = compare(load_pack(base), load_pack(renamed(base, tmp_path / "other", says_so=True))).changes

    told = [(c.field, c.before, c.after) for c in changes if c.structure == "borgoverde" and c.group == "sheets"]
    assert ("id", OLD, NEW) in told
    assert not [item for item in told if item[0] == "node"]
