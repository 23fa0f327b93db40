"""The page that adds an indicator to the municipality does what it says."""

from __future__ import annotations

import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack, RuleKind

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-an-indicator.md"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """The municipality after somebody has followed the page."""
    text = PAGE.read_text(encoding="utf-8")
    measures, indicator, rows = re.findall(r"```(?:yaml|csv)\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "comune-esempio"
    shutil.copytree(shipped_packs() / "comune-esempio", folder)
    yaml, tree = folder / "pack.yaml", folder / "trees" / "comune.csv"
    written = yaml.read_text("utf-8").replace("measures:\n", f"measures:\n{measures}")
    yaml.write_text(written.replace("indicators:\n", f"indicators:\n{indicator}"), encoding="utf-8")
    lines = tree.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split(",")[2] != "citta_pulita_sicura"]
    tree.write_text("".join(kept) + rows, encoding="utf-8")
    return load_pack(folder)


def test_it_weighs_the_new_indicator_beside_its_siblings(pack: Pack) -> None:
    city = pack.sheets["area_tecnica"].tree[1]

    assert [child.id for child in city.children][-1] == "lampioni_spenti"
    assert sum(child.weight for child in city.children) == 1
    assert city.children[-1].target == Fraction(4)


def test_it_names_every_rule_there_is() -> None:
    listed = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8").partition("## Which rule")[2]))

    assert {rule.value for rule in RuleKind} <= listed
