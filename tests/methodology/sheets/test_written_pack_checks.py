"""A pack written from an official sheet carries all that its definitions name: it checks without an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Severity
from piramide.methodology.checks import check_pack
from piramide.methodology.loading import load_pack
from piramide.methodology.sheets import import_sheets, write_pack

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("sheet", ["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"])
def test_it_checks_without_an_error(sheet: str, tmp_path: Path) -> None:
    write_pack(import_sheets([FIXTURES / f"{sheet}.txt"]), tmp_path / "pack")

    findings = check_pack(load_pack(tmp_path / "pack"))

    assert [finding.message() for finding in findings if finding.level is Severity.ERROR] == []
