"""A document is there whole or not at all, in the format that its name asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.reports import sheet_pdf
from piramide.reports.sheet import SheetReport
from piramide.reports.writing import write_sheet


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.findings[0].code


@pytest.mark.parametrize(
    ("name", "start"),
    [("sheet.pdf", b"%PDF-1.7"), ("sheet.xlsx", b"PK"), ("sheet.md", b"# DCM Milano"), ("S.PDF", b"%PDF")],
)
def test_the_extension_chooses_the_format(milano: SheetReport, tmp_path: Path, name: str, start: bytes) -> None:
    out = tmp_path / name

    write_sheet(milano, out)

    assert out.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["sheet.docx", "sheet", ".pdf"])
def test_it_refuses_another_extension_and_names_the_known(milano: SheetReport, tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        write_sheet(milano, tmp_path / name)

    assert code_of(refused) == "RP001"
    assert ".pdf, .xlsx, .md" in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_it_refuses_a_folder_that_does_not_exist(milano: SheetReport, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        write_sheet(milano, tmp_path / "nowhere" / "sheet.md")

    assert code_of(refused) == "RP002"
    assert "nowhere" in str(refused.value)


def test_it_refuses_a_name_that_is_a_folder_and_leaves_no_half_file(milano: SheetReport, tmp_path: Path) -> None:
    (tmp_path / "sheet.md").mkdir()

    with pytest.raises(Refusal) as refused:
        write_sheet(milano, tmp_path / "sheet.md")

    assert code_of(refused) == "RP002"
    assert [item.name for item in tmp_path.iterdir()] == ["sheet.md"]


def test_it_keeps_the_old_file_when_the_new_one_cannot_be_made(
    milano: SheetReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "sheet.pdf"
    out.write_bytes(b"old")
    monkeypatch.setattr(sheet_pdf, "drawn", lambda _data: {"paper": {}})  # what the template cannot set

    with pytest.raises(Refusal):
        write_sheet(milano, out)

    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


def test_it_refuses_a_language_without_labels(milano: SheetReport, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        write_sheet(milano, tmp_path / "sheet.md", language="fr")

    assert code_of(refused) == "RP005"
    assert not list(tmp_path.iterdir())
