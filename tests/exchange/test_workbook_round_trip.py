"""A pack that nobody edits comes back byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from piramide.exchange.workbook import export_workbook, import_workbook
from piramide.methodology.loading import find_pack, load_pack, pack_folders
from tests.exchange.workbook_editing import HIDDEN, TREE, edit, files_of, opened, save, visible


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small municipality that a test may extend."""
    return Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "comune"))


@pytest.mark.parametrize("name", sorted(pack_folders()))
def test_it_gives_back_every_file_of_a_shipped_pack(name: str, tmp_path: Path) -> None:
    exported = export_workbook(find_pack(name), tmp_path / "piano.xlsx")

    imported = import_workbook(exported.file, tmp_path / "tornato")

    assert imported.changed == ()
    assert imported.hash == exported.hash == load_pack(find_pack(name)).hash
    assert files_of(imported.folder) == files_of(find_pack(name))


@pytest.mark.parametrize("name", ["comune-esempio", "inps-2024"])
def test_it_gives_back_every_file_after_another_program_saved_it(name: str, tmp_path: Path) -> None:
    exported = export_workbook(find_pack(name), tmp_path / "piano.xlsx")
    save(opened(exported.file), exported.file)

    imported = import_workbook(exported.file, tmp_path / "tornato")

    assert (imported.changed, imported.findings, imported.hash) == ((), (), exported.hash)


def test_it_writes_the_same_bytes_for_the_same_pack(tmp_path: Path) -> None:
    first = export_workbook(find_pack("comune-esempio"), tmp_path / "a.xlsx")
    second = export_workbook(find_pack("comune-esempio"), tmp_path / "b.xlsx")

    assert first.file.read_bytes() == second.file.read_bytes()


def test_it_exports_what_it_imported_as_the_same_workbook(tmp_path: Path) -> None:
    first = export_workbook(find_pack("comune-esempio"), tmp_path / "a.xlsx")
    imported = import_workbook(first.file, tmp_path / "tornato")

    second = export_workbook(imported.folder, tmp_path / "b.xlsx")

    assert first.file.read_bytes() == second.file.read_bytes()


def test_it_gives_back_what_no_table_can_show(pack: Path, tmp_path: Path) -> None:
    odd = {
        "note/con BOM.csv": b'\xef\xbb\xbfa,b\r\n 1 ,"x\ny"\r\n\r\n2,\r\n',
        "note/storta.csv": b"a,b\n1\n2,3,4\n",
        "note/vuota.csv": b"",
        "note/logo.bin": bytes(range(256)),
        "note/lunga.csv": b"a\n" + b"x" * 40_000 + b"\n",
        "note/testo.md": b"=1+1\n+39 06\n@casa\n\n_x000D_ \x01 fine",
        "note/rotta.yaml": b"a: &x [1\nb: *x\n",
        "indicators~2.yaml": b"- 1\n",
    }
    for name, raw in odd.items():
        (pack / name).parent.mkdir(exist_ok=True)
        (pack / name).write_bytes(raw)
    exported = export_workbook(pack, tmp_path / "piano.xlsx")
    save(opened(exported.file), exported.file)

    imported = import_workbook(exported.file, tmp_path / "tornato")

    assert imported.changed == ()
    assert files_of(imported.folder) == files_of(pack)
    assert {finding.subject for finding in exported.findings} == {"note/logo.bin", "note/lunga.csv"}


def test_it_gives_sheets_names_that_spreadsheets_accept(pack: Path, tmp_path: Path) -> None:
    for name in ("history", "note/" + "x" * 40, "note/" + "x" * 41, "note/it's [1]"):
        (pack / f"{name}.csv").parent.mkdir(exist_ok=True)
        (pack / f"{name}.csv").write_text("structure,node,name,value\n", encoding="utf-8")

    exported = export_workbook(pack, tmp_path / "piano.xlsx")

    names = visible(exported.file)
    assert max(map(len, names)) <= 31
    assert len({name.lower() for name in names}) == len(names) == exported.sheets + 1
    assert "history" not in names
    assert import_workbook(exported.file, tmp_path / "tornato").changed == ()


def test_it_writes_numbers_where_they_keep_their_digits_and_texts_elsewhere(pack: Path, tmp_path: Path) -> None:
    cells = ["0.4", "12", "-3.5", "1.010", "007", "1/11", "1e5", "12345678901234567890", "=1+1", "-tasso", "0,4"]
    (pack / "note.csv").write_text("a\n" + "\n".join(f'"{cell}"' for cell in cells) + "\n", encoding="utf-8")

    exported = export_workbook(pack, tmp_path / "piano.xlsx")

    written = [row[0] for row in opened(exported.file)["note"][1:]]
    assert written == [0.4, 12.0, -3.5, *cells[3:]]


def test_it_shows_what_a_planner_looks_for(tmp_path: Path) -> None:
    exported = export_workbook(find_pack("comune-esempio"), tmp_path / "piano.xlsx")

    sheets = opened(exported.file)
    cover = {str(cell) for row in sheets["Leggimi"] for cell in row}
    assert next(iter(sheets)) == "Leggimi"
    assert {exported.hash, "comune-esempio", "2025", TREE, "trees/comune.csv"} <= cover
    assert HIDDEN not in visible(exported.file)
    assert sheets.row("pack-indicators-checkpoints", "id", "ritardo_pagamenti")[1:4] == ["any", "", 0.0]
    assert sheets.row("pack", "field", "validity.from")[1] == "2025-01-01"


def test_it_overwrites_an_export_that_nobody_edited(tmp_path: Path) -> None:
    file = tmp_path / "piano.xlsx"
    export_workbook(find_pack("inps-2020"), file)

    assert export_workbook(find_pack("comune-esempio"), file).pack == "comune-esempio"


def test_it_takes_a_cover_that_the_planner_wrote_on_or_removed(tmp_path: Path) -> None:
    exported = export_workbook(find_pack("comune-esempio"), tmp_path / "piano.xlsx")
    edit(exported.file, lambda sheets: sheets["Leggimi"].append(["appunti", 1.0]))
    assert import_workbook(exported.file, tmp_path / "a").hash == exported.hash
    edit(exported.file, lambda sheets: sheets.__delitem__("Leggimi"))

    assert import_workbook(exported.file, tmp_path / "b").hash == exported.hash
