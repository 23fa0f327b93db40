"""The chain in the workbook: its files come back byte for byte, and edits of its levels touch their lines alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.exchange.workbook import export_workbook, import_workbook
from piramide.methodology.loading import load_pack
from tests.exchange.workbook_editing import edit, files_of, opened, save, visible
from tests.methodology.chained import FILES, chained


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The municipality with its chain."""
    return chained(tmp_path / "comune")


def test_every_file_of_the_chain_is_a_table_and_comes_back(folder: Path, tmp_path: Path) -> None:
    exported = export_workbook(folder, tmp_path / "piano.xlsx")
    sheets = visible(exported.file)
    save(opened(exported.file), exported.file)

    imported = import_workbook(exported.file, tmp_path / "tornato")

    wanted = {"chain", "chain-levels", "chain-missioni", "chain-programmi", "links", "projects", "objective_risks"}
    assert wanted <= set(sheets)
    assert (imported.changed, imported.hash) == ((), exported.hash)
    assert files_of(imported.folder) == files_of(folder)


def test_an_edited_level_keeps_the_rest_of_its_file(folder: Path, tmp_path: Path) -> None:
    exported = export_workbook(folder, tmp_path / "piano.xlsx")
    edit(exported.file, lambda book: book.put("chain-levels", {"id": "missione"}, "declared", 5))

    imported = import_workbook(exported.file, tmp_path / "tornato")

    assert imported.changed == ("chain.yaml",)
    assert (imported.folder / "chain.yaml").read_text("utf-8") == FILES["chain.yaml"].replace("3", "5", 1)
    assert load_pack(imported.folder).chain.levels["missione"].declared == 5


def test_a_chain_without_chapters_comes_back(folder: Path, tmp_path: Path) -> None:
    text = FILES["chain.yaml"].replace("chapters: capitoli\n", "")
    (folder / "chain.yaml").write_text(text, encoding="utf-8")
    links = FILES["links.csv"].replace("area_tecnica,lavori_scuola,chapter,4012,piano,p. 20\n", "")
    (folder / "links.csv").write_text(links, encoding="utf-8")

    exported = export_workbook(folder, tmp_path / "piano.xlsx")

    assert import_workbook(exported.file, tmp_path / "tornato").hash == exported.hash
