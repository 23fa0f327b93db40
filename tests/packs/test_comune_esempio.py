"""The tutorial and the pack that it builds are one thing, and its figures are those that scoring finds."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.kernel.naming import slug
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Node, Pack
from piramide.scoring.reading import read_values
from piramide.scoring.result import StructureScore
from piramide.scoring.score import score_pack

DOCS = Path(__file__).parents[2] / "docs"
SHIPPED = shipped_packs() / "comune-esempio"
BLOCK = re.compile(r"`comune-esempio/(?P<file>[\w./-]+)`[^`]*:\n\n```(?:yaml|csv)\n(?P<text>.*?)```\n", re.DOTALL)


def files_of_the_tutorial() -> dict[str, str]:
    """Text of every file by path: the blocks that the page gives for it, one after the other."""
    files: dict[str, str] = {}
    for block in BLOCK.finditer((DOCS / "tutorial.md").read_text(encoding="utf-8")):
        files[block["file"]] = files.get(block["file"], "") + block["text"]
    return files


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder of a reader who has followed the tutorial."""
    for name, text in files_of_the_tutorial().items():
        path = tmp_path / "comune-esempio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path / "comune-esempio"


@pytest.fixture
def pack(written: Path) -> Pack:
    """The pack of the tutorial, loaded."""
    return load_pack(written)


@pytest.fixture
def scores(written: Path, pack: Pack) -> dict[str, StructureScore]:
    """The structures of the tutorial, scored on its values."""
    table = score_pack(pack, read_values(written / "values" / "2025.csv", pack), "2025")
    return {structure.id: structure for structure in table.structures}


def leaves(nodes: tuple[Node, ...]) -> list[Node]:
    return [leaf for node in nodes for leaf in (leaves(node.children) if node.children else [node])]


def test_it_is_the_pack_that_ships_byte_for_byte(written: Path) -> None:
    built = {path.relative_to(written): path.read_bytes() for path in written.rglob("*") if path.is_file()}
    shipped = {path.relative_to(SHIPPED): path.read_bytes() for path in SHIPPED.rglob("*") if path.is_file()}

    assert built == shipped


def test_it_is_a_page_of_yaml_and_one_csv(written: Path) -> None:
    lines = (written / "pack.yaml").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 120
    assert max(map(len, lines)) <= 120
    assert [path.name for path in (written / "trees").iterdir()] == ["comune.csv"]


def test_it_has_thirteen_indicators_in_three_structures(pack: Pack) -> None:
    used = [leaf.indicator for sheet in pack.sheets.values() for leaf in leaves(sheet.tree)]

    assert len(pack.sheets) == 3
    assert sorted(used) == sorted(pack.indicators)
    assert len(used) == 13


def test_it_names_nodes_after_their_labels(pack: Pack) -> None:
    nodes = [node for sheet in pack.sheets.values() for top in sheet.tree for node in (top, *top.children)]

    assert [node.id for node in nodes] == [slug(node.label) for node in nodes]


@pytest.mark.parametrize(("structure", "index"), [("borgoverde", 103.25), ("area_servizi", 96.6)])
def test_it_scores_what_the_page_says(scores: dict[str, StructureScore], structure: str, index: float) -> None:
    assert scores[structure].index == pytest.approx(index, abs=1e-9)
    assert f"{index:g}" in (DOCS / "tutorial.md").read_text(encoding="utf-8")


def test_it_has_a_partial_index_where_a_value_is_missing(scores: dict[str, StructureScore]) -> None:
    area = scores["area_tecnica"]

    assert area.index is None
    assert (area.index_measured, area.index_low, area.index_high) == pytest.approx((100.3125, 90.25, 110.25))
    assert area.coverage == pytest.approx(0.8)


def commands_of_the_tutorial() -> list[list[str]]:
    """Every command that the page gives, as arguments of `piramide`."""
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    return [line.split() for line in re.findall(r"^\.venv/bin/piramide (.*)$", text, re.MULTILINE)]


def test_it_gives_commands_that_work_one_after_the_other(written: Path) -> None:
    runner, store = CliRunner(), written.parent / "store"
    kept = ""

    with contextlib.chdir(written.parent):
        for arguments in commands_of_the_tutorial():
            filled = [kept if word == "RUN" else word for word in arguments]
            result = runner.invoke(app, filled, env={"PIRAMIDE_STORE": str(store)})
            assert result.exit_code == 0, (filled, result.output)
            kept = next((path.name for path in store.glob("runs/*")), "")

    assert len(commands_of_the_tutorial()) == 7
    assert (written.parent / "area_servizi.pdf").read_bytes().startswith(b"%PDF")
