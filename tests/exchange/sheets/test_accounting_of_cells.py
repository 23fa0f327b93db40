"""Every cell that is not empty is read or reported, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.exchange.sheets import SheetImport, import_sheets
from piramide.exchange.sheets.lookups import known_lookups
from piramide.exchange.sheets.pack_files import pack_files
from piramide.exchange.sheets.reading import read_grid

STRANGER = "Zibaldone quarantadue"


def everything_said(read: SheetImport) -> str:
    written = "\n".join(pack_files(read, known_lookups()).values())
    return written + "\n".join(finding.message("it") for finding in read.findings)


@pytest.mark.parametrize("name", ["dcm_milano.txt", "dc_risorse_umane.txt"])
def test_it_never_drops_a_cell_that_does_not_belong(
    name: str, fixture_path: Callable[[str], Path], tmp_path: Path
) -> None:
    rows = fixture_path(name).read_text(encoding="utf-8").split("\n")

    lost = []
    for at in range(0, len(rows), 5):
        path = tmp_path / f"{at}.txt"
        path.write_text("\n".join([*rows[:at], f"{rows[at]}\t{STRANGER}", *rows[at + 1 :]]), encoding="utf-8")
        if STRANGER not in everything_said(import_sheets([path])):
            lost.append(at + 1)

    assert not lost


@pytest.mark.parametrize("name", ["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"])
def test_it_reads_every_cell_of_the_official_sheets(name: str, fixture_path: Callable[[str], Path]) -> None:
    path = fixture_path(f"{name}.txt")

    findings = import_sheets([path]).findings

    assert sum(1 for _ in read_grid(path).cells()) > 150
    assert not [finding for finding in findings if finding.code == "SH011"]


def test_it_names_the_line_of_what_it_cannot_place(write_sheet: Callable[..., Path]) -> None:
    path = write_sheet(
        "Valore Sociale|100%|100%|Impatto Ambientale",
        "|||Indice di Audit|Obiettivi 2024 - Pag. 45|100|altro|e altro",
    )

    unplaced = [finding for finding in import_sheets([path]).findings if finding.code == "SH011"]

    assert [(finding.place.line, finding.stated) for finding in unplaced] == [(5, "altro"), (5, "e altro")]
