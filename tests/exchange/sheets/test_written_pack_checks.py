"""A pack written from an official sheet carries all that its definitions name: it checks without an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.exchange.sheets import import_sheets, write_pack
from piramide.kernel.findings import Severity
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import load_pack

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("sheet", ["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"])
def test_it_checks_without_an_error(sheet: str, tmp_path: Path) -> None:
    write_pack(import_sheets([FIXTURES / f"{sheet}.txt"]), tmp_path / "pack")

    findings = examine(load_pack(tmp_path / "pack")).findings

    assert [finding.message() for finding in findings if finding.level is Severity.ERROR] == []


@pytest.mark.parametrize(
    "printed",
    [
        ("33,3%", "33,3%", "33,3%"),
        ("33,33%", "33,33%", "33,33%"),
        ("33%", "33%", "33%"),
        ("16,7%",) * 6,
        ("14,2%",) * 7,
        ("0,3%", "99,6%"),
        ("30%", "40%", "20%"),
        ("50%", "49%"),
        ("50%", "50%"),
    ],
)
def test_the_sheet_and_the_pack_written_from_it_judge_weights_alike(
    printed: tuple[str, ...], write_sheet: Callable[..., Path], tmp_path: Path
) -> None:
    """One definition of what the rounding of a print explains: a warning in both, or an error in both."""
    rows = [
        f"{'Valore Sociale|100%' if not at else '|'}|{share}|Parte {at}\n|||Alfa {at}|Obiettivi 2024 - Pag. 1|5"
        for at, share in enumerate(printed)
    ]
    read = import_sheets([write_sheet(*rows)])
    write_pack(read, tmp_path / "pack")

    of_sheet = [finding.level for finding in read.findings if finding.code == "SH021"]
    findings = examine(load_pack(tmp_path / "pack")).findings

    assert of_sheet == [finding.level for finding in findings if finding.code in {"PK002", "PK052"}]
