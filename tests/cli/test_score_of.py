"""The entity's result in a manager's sheet: computed, explained through, never typed nor asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.methodology.changes import compare
from piramide.methodology.loading import load_pack
from tests.cli.conftest import Command

PACK = """
id: ente-2025
label: Prova
administration: Ente
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts: {piano: {label: Piano}}
organisation:
  ente: {label: Ente, kind: municipality}
  ufficio: {label: Ufficio, kind: coordination, parent: ente}
indicators:
  domande: {label: Domande, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. 1}
  risultato:
    label: Risultato dell'ente
    unit: index
    direction: up
    rule: gap_up
    score_of: {structures: ente, node: strategia}
    act: piano
    place: p. 2
"""
TREE = """structure,node,parent,kind,label,indicator,weight,weight_source,target,act,place
ente,strategia,,objective,Strategia,,1,stated,,piano,p. 1
ente,domande,strategia,indicator,Domande,,1,stated,1,piano,p. 1
ufficio,risultato,,indicator,Risultato dell'ente,,0.2,stated,,piano,p. 2
ufficio,domande,,indicator,Domande,,0.8,stated,1,piano,p. 1
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "ente-2025"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "t.csv").write_text(TREE, encoding="utf-8")
    return folder


def values_of(folder: Path, more: str = "") -> Path:
    file = folder / "v.csv"
    rows = f"ente,domande,2025,0.9793\nufficio,domande,2025,1\n{more}"
    file.write_text(f"structure,indicator,period,value\n{rows}", encoding="utf-8")
    return file


def test_it_is_computed_and_explained_through(piramide: Command, pack: Path, tmp_path: Path) -> None:
    scored = piramide("score", pack, "--values", values_of(tmp_path), "--period", "2025", "--json").json
    office = next(one for one in scored["structures"] if one["id"] == "ufficio")
    told = piramide("explain", scored["run"], "--structure", "ufficio", "--node", "risultato").out

    result = next(node for node in office["nodes"] if node["id"] == "risultato")
    assert (result["value"], result["target"]) == (pytest.approx(97.93), 100)
    assert office["index"] == pytest.approx(0.2 * 97.93 + 0.8 * 100)
    assert "97,93" in told
    assert "Strategia" in told
    assert "Domande" in told


def test_a_value_typed_for_it_is_refused_with_its_line(piramide: Command, pack: Path, tmp_path: Path) -> None:
    values = values_of(tmp_path, "ufficio,risultato,2025,104.2\n")

    outcome = piramide("score", pack, "--values", values, "--period", "2025")

    assert (outcome.code, outcome.out) == (2, "")
    assert "v.csv:4" in outcome.err
    assert "risultato" in outcome.err


def test_nobody_is_asked_for_it(piramide: Command, pack: Path, tmp_path: Path) -> None:
    file = tmp_path / "da_compilare.csv"

    piramide("pack", "values", pack, "--period", "2025", "--out", file)

    asked = file.read_text(encoding="utf-8-sig")
    assert "risultato" not in asked
    assert "domande" in asked


def test_a_round_is_found_and_not_scored(piramide: Command, pack: Path, tmp_path: Path) -> None:
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    (pack / "pack.yaml").write_text(text.replace("structures: ente, node: strategia", "structures: ufficio"))

    checked = piramide("pack", "check", pack)
    scored = piramide("score", pack, "--values", values_of(tmp_path), "--period", "2025")

    assert (checked.code, scored.code) == (1, 2)
    assert "PK046  pack.yaml:14" in checked.out
    assert "ufficio/risultato → ufficio/risultato" in scored.err


def test_the_pack_shows_it_and_a_change_of_it(piramide: Command, pack: Path, tmp_path: Path) -> None:
    shown = piramide("pack", "show", pack, "--structure", "ufficio", "--json").json
    before = load_pack(pack)
    text = (pack / "pack.yaml").read_text(encoding="utf-8")
    (pack / "pack.yaml").write_text(text.replace("structures: ente, node: strategia", "structures: [ente]"))

    changes = compare(before, load_pack(pack)).changes

    node = next(one for one in shown["structures"][0]["tree"] if one["id"] == "risultato")
    assert node["score_of"] == {"structures": ["ente"], "node": "strategia", "weights": {}}
    assert any(change.node == "risultato" or "score_of" in change.field for change in changes)


def test_a_workbook_carries_it_there_and_back(piramide: Command, pack: Path, tmp_path: Path) -> None:
    book = tmp_path / "piano.xlsx"
    weighed = (pack / "pack.yaml").read_text(encoding="utf-8")
    weighed = weighed.replace("node: strategia}", "node: strategia, weights: {ente: 1}}")
    (pack / "pack.yaml").write_text(weighed, encoding="utf-8")
    before = load_pack(pack).indicators["risultato"].score_of

    exported = piramide("pack", "export", pack, book)
    imported = piramide("pack", "import", book, "--out", tmp_path / "back")

    assert (exported.code, imported.code) == (0, 0), exported.err + imported.err
    assert load_pack(tmp_path / "back").indicators["risultato"].score_of == before
