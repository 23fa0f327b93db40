"""What stands at one place of the terminal stands in the sheet as well: a verdict's decimals, the scale of a group."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """
id: soglie-2025
label: Piano
administration: Comune
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: p. 1}
acts: {piano: {label: Piano, kind: Delibera, number: "1", day: 2025-01-28}}
organisation: {comune: {label: Comune, kind: municipality}}
indicators:
  minimo: {label: Minimo, unit: index, direction: up, rule: threshold, act: piano, place: p. 1,
    checkpoints: [{moment: year, least: 1}]}
  massimo: {label: Massimo, unit: fraction, rounding: 0, direction: down, rule: threshold, act: piano, place: p. 1,
    checkpoints: [{moment: year, most: 0.05}]}
  fascia: {label: Fascia, unit: days, direction: both, rule: threshold, act: piano, place: p. 1,
    checkpoints: [{moment: year, least: 10, most: 20}]}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
comune,esterno,,objective,Esterno,1,stated,,piano,p. 1
comune,interno,esterno,objective,Interno,1,stated,,piano,p. 1
comune,minimo,interno,indicator,Minimo,0.333,stated,,piano,p. 1
comune,massimo,interno,indicator,Massimo,0.333,stated,,piano,p. 1
comune,fascia,interno,indicator,Fascia,0.333,stated,,piano,p. 1
"""
VALUES = """structure,indicator,period,value
comune,minimo,2025,0.9996
comune,massimo,2025,0.05001
comune,fascia,2025,20.004
"""
SAID = {
    "minimo": ("0,9996", "almeno 1,0000", "almeno 1,0000"),
    "massimo": ("5,001%", "al più 5,000%", "al più 5,000%"),
    "fascia": ("20,004", "da 10,000 a 20,000", "fra 10,000 giorni e 20,000 giorni"),
}


@pytest.fixture
def run(piramide: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "soglie-2025"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    answer = piramide("score", folder, "--values", tmp_path / "v.csv", "--period", "2025", "--json").json
    assert isinstance(answer, dict)
    return str(answer["run"])


@pytest.mark.parametrize("node", list(SAID))
def test_value_and_bound_have_the_same_decimals_in_sentence_and_sheet(
    piramide: Command, run: str, tmp_path: Path, node: str
) -> None:
    value, bound, asked = SAID[node]

    told = " ".join(piramide("explain", run, "--structure", "comune", "--node", node).out.split())
    piramide("report", "sheet", run, "--structure", "comune", "--out", tmp_path / "s.md")
    row = next(
        line
        for line in (tmp_path / "s.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| {node.title()} | Piano, p. 1")
    )

    assert f"vale {value}" in told
    assert f"({bound}" in told
    assert f"{value}" in row
    assert f"| {asked} |" in row


def test_the_scale_of_a_group_far_below_is_said_of_the_structure(piramide: Command, run: str, tmp_path: Path) -> None:
    said = "I pesi delle parti di «Interno» sono stampati per 99,90% in tutto: ciascuno conta diviso per questa somma."

    told = {
        node: " ".join(piramide("explain", run, "--structure", "comune", *node).out.split())
        for node in ((), ("--node", "interno"), ("--node", "minimo"))
    }
    piramide("report", "sheet", run, "--structure", "comune", "--out", tmp_path / "s.md")

    assert [said in text for text in told.values()] == [True, True, False]
    assert said in (tmp_path / "s.md").read_text(encoding="utf-8").replace("\\", "")
