"""Long lists of findings on the terminal and in JSON: cut, counted, with the totals and the exit code of all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from piramide.cli import main
from piramide.kernel.findings import MOST_OF_A_CODE

LINES = 300
HEADER = "AMBITO DI PERFORMANCE\tCONTRIBUTO AL VALORE PUBBLICO\tSOTTO AMBITI\tKPI\tRIFERIMENTI\tVALORE OBIETTIVO"
ACT = "Obiettivi 2024: Determinazione del Direttore Generale N. 28 del 28 febbraio 2024"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet of indicators that nobody knows; the last has a target that cannot be read."""
    rows = [f"\t\t\tVoce numero {at}\tObiettivi 2024 - Pag. 1\t5" for at in range(LINES)]
    rows[-1] = rows[-1].removesuffix("5") + "da definire"
    text = [
        "Obiettivi di performance organizzativa per l'anno 2024",
        "DR Puglia",
        HEADER,
        "Valore Sociale\t100%\t100%\tServizi",
        *rows,
        "",
        ACT,
    ]
    path = tmp_path / "scheda.txt"
    path.write_text("\n".join(text), encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["piramide", "--lang", "en", *arguments])
    try:
        main.run()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_the_terminal_lists_some_and_counts_the_rest(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "sheet", "import", str(sheet))

    told = capsys.readouterr().out
    assert told.count("SH017") == MOST_OF_A_CODE + 1
    assert f"Findings SH017 that are not listed besides: {LINES - MOST_OF_A_CODE}" in " ".join(told.split())
    assert "SH018" in told, "the one error is there, far down as it is"
    assert f"1 error, {LINES} warnings" in told
    assert code == 1


def test_json_lists_as_many_and_keeps_the_rest_of_the_answer_whole(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "sheet", "import", str(sheet), "--json")

    answer = json.loads(capsys.readouterr().out)
    codes = [finding["code"] for finding in answer["findings"]]
    assert (codes.count("SH017"), codes.count("SH018")) == (MOST_OF_A_CODE, 1)
    assert [f["subject"] for f in answer["findings"] if f["code"] == "KN022"] >= ["SH017"]
    assert len(answer["structures"][0]["tree"][0]["children"][0]["children"]) == LINES
    assert code == 1
