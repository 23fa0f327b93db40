"""Files that cannot be used: one message, nothing written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst
from typst import compile as typeset

from piramide.exchange.sheets import import_sheets, reading
from piramide.kernel.findings import Refusal


def codes(path: Path) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        import_sheets([path])
    return [finding.code for finding in refusal.value.findings]


def kept(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def archive(*names: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as file:
        for name in names:
            file.writestr(name, "nothing")
    return raw.getvalue()


PAGE = b"#set page(width: 5cm, height: 5cm)\nScheda"


def test_it_refuses_what_is_not_there(tmp_path: Path) -> None:
    assert codes(tmp_path / "absent.txt") == ["SH001"]
    assert codes(tmp_path) == ["SH001"]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("empty.txt", b"", "SH003"),
        ("blank.txt", b" \n\t\n", "SH003"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "SH004"),
        ("archive.zip", archive("letter.txt"), "SH004"),
        ("half.xlsx", archive("xl/workbook.xml")[:60], "SH006"),
        ("broken.xlsx", archive("xl/workbook.xml"), "SH006"),
        ("broken.docx", archive("word/document.xml"), "SH006"),
        ("broken.pdf", b"%PDF-1.7\nnothing of a PDF", "SH006"),
        ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "SH005"),
        ("letter.txt", b"Gentile Direttore,\nle scrivo per la scheda.\n", "SH007"),
        ("words.pdf", typeset(PAGE), "SH007"),
        ("blank.pdf", typeset(b"#rect()"), "SH009"),
    ],
)
def test_it_refuses_with_one_message(name: str, raw: bytes, code: str, tmp_path: Path) -> None:
    assert codes(kept(tmp_path, name, raw)) == [code]


def test_it_refuses_a_pdf_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(io.BytesIO(typst.compile(PAGE))) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))

    assert codes(path) == ["SH005"]


def test_it_refuses_a_file_that_is_no_page_or_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_BYTES", 100)

    assert codes(kept(tmp_path, "long.txt", b"x" * 101)) == ["SH002"]


def test_it_says_what_was_looked_for(tmp_path: Path) -> None:
    path = kept(tmp_path, "letter.txt", b"Gentile Direttore")

    with pytest.raises(Refusal, match="valore obiettivo"):
        import_sheets([path])


def test_it_refuses_all_files_when_one_cannot_be_used(fixture_path: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="SH003"):
        import_sheets([fixture_path("dcm_milano.txt"), kept(tmp_path, "empty.txt", b"")])
