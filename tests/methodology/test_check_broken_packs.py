"""Each broken pack is the sound one with one change, and says one thing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import load_pack
from piramide.methodology.loading.files import TOP_LEVEL
from piramide.methodology.loading.sections import SECTIONS

BROKEN = Path(__file__).parent / "broken"
FAULTS = sorted(path.stem for path in BROKEN.glob("*.yaml"))


def broken_pack(fault: dict[str, Any], folder: Path) -> Path:
    """The sound pack with the changes of one fault."""
    pack = folder / "borgo"
    shutil.copytree(BROKEN / "sound", pack)
    for change in fault["change"]:
        path = pack / change["file"]
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert change["old"] in text, change
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(change["old"], change["new"], 1), encoding="utf-8")
    return pack


def serious(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.level is not Severity.NOTE]


def test_it_finds_nothing_in_a_sound_pack() -> None:
    assert examine(load_pack(BROKEN / "sound")).findings == ()


@pytest.mark.parametrize("name", FAULTS)
def test_it_finds_the_one_fault(name: str, tmp_path: Path) -> None:
    fault = yaml.safe_load((BROKEN / f"{name}.yaml").read_text(encoding="utf-8"))

    found = serious(examine(load_pack(broken_pack(fault, tmp_path))).findings)

    assert [finding.code for finding in found] == [fault["code"]]
    message = found[0].message("it")
    assert [words for words in fault["says"] if words not in message] == [], message
    for field in ("cause", "stated", "recomputed", "difference", "suggestion"):
        if field in fault:
            assert getattr(found[0], field) == fault[field]
    assert found[0].level == fault.get("severity", "error")
    assert found[0].as_json()["where"].startswith(fault.get("where", ""))  # type: ignore[attr-defined] # it is a text


def test_it_notes_a_pack_without_sheets(tmp_path: Path) -> None:
    pack = tmp_path / "borgo"
    shutil.copytree(BROKEN / "sound", pack)
    shutil.rmtree(pack / "trees")

    (finding,) = examine(load_pack(pack)).findings

    assert (finding.code, finding.level, finding.place.file) == ("PK030", Severity.NOTE, "pack.yaml")


def test_it_finds_a_tree_without_a_row(tmp_path: Path) -> None:
    pack = tmp_path / "borgo"
    shutil.copytree(BROKEN / "sound", pack)
    tree = pack / "trees" / "borgo.csv"
    tree.write_text(tree.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    (finding, *others) = serious(examine(load_pack(pack)).findings)

    assert others == []
    assert (finding.code, finding.level, str(finding.place)) == ("PK056", Severity.ERROR, "trees/borgo.csv:1")


def test_it_lets_texts_for_people_lie_beside_a_pack(tmp_path: Path) -> None:
    pack = tmp_path / "borgo"
    shutil.copytree(BROKEN / "sound", pack)
    for name in ("README.md", "note.txt", "LICENSE", ".gitignore"):
        (pack / name).write_text("x\n", encoding="utf-8")

    assert examine(load_pack(pack)).findings == ()


def test_every_section_may_have_a_file_of_its_own() -> None:
    assert {f"{name}.yaml" for name in SECTIONS} <= set(TOP_LEVEL)
