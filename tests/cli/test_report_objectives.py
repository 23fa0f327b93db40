"""`piramide report objectives`: whose sheets, where to, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import Command

OBJECTIVES = ("report", "objectives", "comune-esempio")


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx", "md"])
def test_it_prints_one_sheet_without_a_run(piramide: Command, tmp_path: Path, form: str) -> None:
    done = piramide(*OBJECTIVES, "--structure", "area_tecnica", "--out", f"scheda.{form}", "--json")

    content = (tmp_path / f"scheda.{form}").read_bytes()
    told = {"structure": "area_tecnica", "file": f"scheda.{form}", "sha256": hashlib.sha256(content).hexdigest()}
    assert (done.code, done.json) == (0, {"files": [told]})
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"scheda.{form}"]


def test_it_puts_all_sheets_in_a_zip(piramide: Command, tmp_path: Path) -> None:
    done = piramide(*OBJECTIVES, "--all", "--out", "schede.zip", "--form", "docx", "--json")

    with ZipFile(tmp_path / "schede.zip") as package:
        inside = {name: hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
    assert list(inside) == ["borgoverde.docx", "area_servizi.docx", "area_tecnica.docx"]
    assert {file["file"]: file["sha256"] for file in done.json["files"]} == inside


def test_it_puts_some_sheets_in_one_pdf(piramide: Command, tmp_path: Path) -> None:
    asked = ("--structure", "area_tecnica", "--structure", "borgoverde", "--structure", "area_tecnica")

    done = piramide(*OBJECTIVES, *asked, "--out", "schede.pdf", "--json")

    assert [file["structure"] for file in done.json["files"]] == ["area_tecnica", "borgoverde"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--out", "a.pdf"), "RP009", "--all"),
        (("--all", "--structure", "borgoverde", "--out", "a.pdf"), "RP009", "--structure"),
        (("--structure", "borgoverdi", "--out", "a.pdf"), "RP008", "«borgoverdi»"),
        (("--all", "--out", "a.docx"), "RP010", "3"),
        (("--all", "--out", "a.odt"), "RP001", ".odt"),
        (("--all", "--out", "a.zip", "--form", "odt"), "RP001", "odt"),
        (("--all", "--out", "a.pdf", "--form", "docx"), "RP011", "docx"),
        (("--all", "--out", "manca/a.pdf"), "RP002", "manca/a.pdf"),
        (("--all", "--out", "a.pdf", "--as-of", "2024-12-31"), "CY015", "2024-12-31"),
    ],
)
def test_it_refuses_and_leaves_nothing(
    piramide: Command, tmp_path: Path, arguments: tuple[str, ...], code: str, words: str
) -> None:
    done = piramide(*OBJECTIVES, *arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(code)
    assert words in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_structure_without_a_sheet_is_named(piramide: Command, tmp_path: Path) -> None:
    done = piramide("report", "objectives", "inps-2024", "--structure", "piemonte", "--out", "a.pdf")

    assert done.code == 2
    assert done.err.startswith("RP007")
    assert "«piemonte»" in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_invented_layer_says_so(piramide: Command, tmp_path: Path) -> None:
    done = piramide("report", "objectives", "inps-2024", "--structure", "piemonte", "--out", "a.md", "--demonstration")

    assert done.code == 0
    assert "Dati dimostrativi" in (tmp_path / "a.md").read_text(encoding="utf-8")
