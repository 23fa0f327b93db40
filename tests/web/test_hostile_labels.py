"""A label that is a script stays a text: on every page in both languages, in the API, in open data, PDF and XLSX."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from tests.web.another_site import PACKS, WALK, score_and_open
from tests.web.installation import Installation

HOSTILE = '"><script>attack(1)</script><b onmouseover=attack(2)>&{{7*7}}'
WORDED = frozenset({"label", "number", "definition", "administration", "owner", "source", "title", "sentence"})


@dataclass(frozen=True, slots=True)
class Hostile(Installation):
    """An installation whose plan, run and facts speak in scripts."""

    @property
    def environment(self) -> dict[str, str]:
        """Its plan is the hostile one."""
        given = super(Hostile, self).environment
        return given | {"PIRAMIDE_PACK": "comune-ostile", "PIRAMIDE_PACKS": str(self.folder / "packs")}


def _hostile(value: object, name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hostile(inner) for inner in value]
    return f"{value} {HOSTILE}" if name in WORDED and isinstance(value, str) else value


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    """A municipality every label of which is an attack, scored, on a site of its own."""
    pack = tmp_path / "packs" / "comune-ostile"
    shutil.copytree(PACKS / "comune-esempio", pack)
    body = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8")) | {"id": "comune-ostile"}
    (pack / "pack.yaml").write_text(yaml.safe_dump(_hostile(body), allow_unicode=True), encoding="utf-8")
    for tree in (pack / "trees").glob("*.csv"):
        rows = list(csv.DictReader(tree.read_text(encoding="utf-8").splitlines()))
        with tree.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({k: f"{v} {HOSTILE}" if k == "label" and v else v for k, v in row.items()} for row in rows)
    site = Hostile(tmp_path, tmp_path / "store")
    score_and_open(site, pack)
    return site


@pytest.mark.slow
def test_a_label_that_is_a_script_stays_a_text_everywhere(hostile: Hostile) -> None:
    walked = json.loads(hostile.run(WALK).splitlines()[-1])

    assert walked["wrong"] == []
    assert walked["labels"] > 20
    assert walked["pages"] > 40


@pytest.mark.slow
def test_a_label_that_is_a_script_is_printed(hostile: Hostile, tmp_path: Path) -> None:
    run = next((hostile.store / "runs").iterdir()).name
    paper, book = tmp_path / "scheda.pdf", tmp_path / "scheda.xlsx"
    for out in (paper, book):
        said = hostile.command("report", "sheet", run, "--structure", "borgoverde", "--out", str(out))
        assert said.returncode == 0, said.stderr

    assert paper.read_bytes().startswith(b"%PDF")
    assert b"/JavaScript" not in paper.read_bytes()
    with ZipFile(book) as parts:
        texts = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert "&lt;script&gt;attack(1)" in texts
    assert "<f>" not in texts
