"""A parameter and an override that begin in July, as people read them: before, and after (R13, PK051, PK057)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """
id: mensa-2025
label: Prova
administration: Comune di Prova
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts:
  piano: {label: Piano, kind: Delibera, number: "3", day: 2025-01-28}
  variazione: {label: Variazione, kind: Delibera, number: "40", day: 2025-06-30}
organisation:
  comune: {label: Comune di Prova, kind: municipality}
parameters:
  crescita: {label: Crescita, unit: ratio, values: [{from: 2025-07-01, value: 1.10, act: variazione, place: p. 1}]}
indicators:
  incassi: {label: Incassi mensa, unit: eur, direction: up, rule: gap_up, act: piano, place: p. 1}
  pasti: {label: Pasti serviti, unit: pieces, direction: up, rule: gap_up, act: piano, place: p. 1}
"""
FILES = {
    "pack.yaml": PACK,
    "trees/c.csv": """structure,node,parent,kind,label,weight,weight_source,target,target_rule,act,place
comune,scuola,,objective,Scuola,1,stated,,,piano,p. 1
comune,incassi,scuola,indicator,Incassi mensa,0.5,stated,,crescita * actual_before,piano,p. 1
comune,pasti,scuola,indicator,Pasti serviti,0.5,stated,1000,,piano,p. 1
""",
    "history.csv": "structure,node,name,value,act,place\ncomune,incassi,actual_before,500,piano,p. 1\n",
    "overrides.yaml": """
- {id: variazione_pasti, subject: {structure: comune, node: pasti}, field: target, before: 1000, value: 800,
   from: 2025-07-01, act: variazione, place: p. 2, reason: meno iscritti}
""",
}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "mensa-2025"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def values_of(folder: Path, period: str) -> Path:
    file = folder / f"v-{period}.csv"
    text = f"structure,indicator,period,value\ncomune,incassi,{period},550\ncomune,pasti,{period},800\n"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_hole_is_found_and_of_growth_it_is_asked(piramide: Command, pack: Path) -> None:
    checked = piramide("pack", "check", pack, "--notes")

    told = " ".join(checked.out.split())
    assert checked.code == 1
    assert "non ha un valore dal 1 gennaio 2025 al 30 giugno 2025, e ne ha bisogno «Incassi mensa»" in told
    assert ("PK050" in told, told.count("PK057")) == (False, 2)


def test_before_july_the_target_is_missing_and_the_other_one_is_the_old(
    piramide: Command, pack: Path, tmp_path: Path
) -> None:
    outcome = piramide("score", pack, "--values", values_of(tmp_path, "2025-Q1"), "--period", "2025-Q1", "--json")

    nodes = {node["id"]: node for node in outcome.json["structures"][0]["nodes"]}
    assert (nodes["incassi"]["target"], nodes["incassi"]["index"]) == (None, None)
    assert (nodes["pasti"]["target"], nodes["pasti"]["index"]) == (1000, 80)


def test_from_july_both_hold(piramide: Command, pack: Path, tmp_path: Path) -> None:
    values = values_of(tmp_path, "2025-Q3")

    outcome = piramide("score", pack, "--values", values, "--period", "2025-Q3")
    nodes = piramide("score", pack, "--values", values, "--period", "2025-Q3", "--json").json["structures"][0]["nodes"]

    assert "indice 100,00" in outcome.out
    assert [(node["id"], node["target"], node["index"]) for node in nodes if node["kind"] == "indicator"] == [
        ("incassi", 550, 100),
        ("pasti", 800, 100),
    ]


def test_what_is_said_to_grow_waits_for_the_year(piramide: Command, pack: Path, tmp_path: Path) -> None:
    text = PACK.replace("unit: pieces,", "unit: pieces, level: flow,")
    (pack / "pack.yaml").write_text(text, encoding="utf-8")

    outcome = piramide("score", pack, "--values", values_of(tmp_path, "2025-Q3"), "--period", "2025-Q3")

    assert "◷ non ancora dovuto" in next(line for line in outcome.out.splitlines() if "Pasti" in line)
