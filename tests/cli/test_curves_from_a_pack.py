"""An index drawn by the act, from the file of a plan to the score, the explanation, the sheet and the spreadsheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """
id: agenzia-2017
label: Convenzione
administration: Agenzia
year: 2017
validity: {from: 2017-01-01, until: 2018-01-01}
cap: {value: 1, act: piano, place: art. 4}
acts: {piano: {label: Piano, kind: Convenzione, number: "1", day: 2017-07-28}}
structure_kinds: {agency: Agenzia fiscale}
organisation: {agenzia: {label: Agenzia, kind: agency}}
indicators:
  rimborsi: {label: Rimborsi, unit: days, rounding: 0, direction: down, rule: curve, act: piano, place: p. 1,
    curve: {of: value, below: 100, points: [{at: 26, gives: 100}, {at: 30, gives: 80}, {at: 40, gives: 0}]}}
  controlli: {label: Controlli, unit: pieces, rounding: 0, direction: up, rule: curve, act: piano, place: p. 2,
    curve: {of: attainment, below: 0, points: [{at: 0.6, gives: 60}, {at: 1, gives: 100}]}}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
agenzia,rimborsi,,indicator,Rimborsi,0.4,stated,,piano,p. 1
agenzia,controlli,,indicator,Controlli,0.6,stated,200,piano,p. 2
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "agenzia-2017"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    values = "structure,indicator,period,value\nagenzia,rimborsi,2017,28\nagenzia,controlli,2017,150\n"
    (tmp_path / "v.csv").write_text(values, encoding="utf-8")
    return folder


def test_it_is_scored_explained_and_verified(piramide: Command, pack: Path) -> None:
    """0.4 x 90 + 0.6 x 75 = 81."""
    assert piramide("pack", "check", pack).code == 0
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2017", "--json").json
    (whole,) = answer["structures"]
    assert whole["index"] == pytest.approx(81)
    assert [node["index"] for node in whole["nodes"]] == pytest.approx([90, 75])
    told = piramide("explain", answer["run"], "--structure", "agenzia", "--node", "rimborsi").out
    assert "tra 26 (che dà 100) e 30 (che dà 80): 100 + (80 − 100) × (28 − 26) ÷ (30 − 26) = 90" in told
    told = piramide("explain", answer["run"], "--structure", "agenzia", "--node", "controlli").out
    assert "il 75% dell'obiettivo di 200" in told
    assert piramide("verify", answer["run"]).code == 0


def test_it_goes_to_a_spreadsheet_and_comes_back(piramide: Command, pack: Path) -> None:
    book, back = pack.parent / "a.xlsx", pack.parent / "back"
    assert piramide("pack", "export", pack, book).code == 0
    assert piramide("pack", "import", book, "--out", back).code == 0
    assert (back / "pack.yaml").read_text(encoding="utf-8") == PACK
