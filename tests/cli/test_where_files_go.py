"""No command makes a folder that nobody named: a missing one is refused, and only a folder asked for is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.kernel.findings import Refusal

REFUSED = {
    "export": ("pack", "export", "comune-esempio", "{missing}/x.xlsx"),
    "values": ("pack", "values", "comune-esempio", "--period", "2025", "--out", "{missing}/x.csv"),
    "demo": ("demo", "--out", "{missing}/out", "--store", "{missing}/store"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_a_file_in_a_folder_that_is_not_there(tmp_path: Path, name: str) -> None:
    arguments = [text.format(missing=tmp_path / "no") for text in REFUSED[name]]

    result = CliRunner().invoke(app, arguments)

    assert isinstance(result.exception, Refusal)
    assert len(result.exception.findings) == 1
    assert "il file o la cartella non esiste" in result.exception.findings[0].message("it")
    assert not (tmp_path / "no").exists()
