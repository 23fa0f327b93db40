"""A month against the target of a year, and weights of thirds, as people read them in the terminal and on the sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """
id: profilo-2025
label: Prova
administration: Comune di Prova
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts:
  piano: {label: Piano, kind: Delibera, number: "3", day: 2025-01-28}
organisation:
  comune: {label: Comune di Prova, kind: municipality}
profiles:
  produzione: {kind: share, quarters: [0.2, 0.5, 0.7, 1], act: piano, place: p. 2}
indicators:
  pratiche_concluse:
    {label: Pratiche concluse, unit: pieces, direction: up, rule: gap_up, profile: produzione, act: piano, place: p. 1}
  costo: {label: Costo, unit: eur, direction: down, rule: gap_down, act: piano, place: p. 1}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
comune,uno,,objective,Uno,1,stated,,piano,p. 1
comune,pratiche_concluse,uno,indicator,Pratiche concluse,0.5,stated,1000,piano,p. 1
comune,costo,uno,indicator,Costo,0.5,stated,120000,piano,p. 1
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "profilo-2025"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "c.csv").write_text(TREE, encoding="utf-8")
    return folder


def values_of(folder: Path, period: str, cost: str = "30000") -> Path:
    file = folder / f"v-{period}.csv"
    rows = f"comune,pratiche_concluse,{period},200\ncomune,costo,{period},{cost}\n"
    file.write_text(f"structure,indicator,period,value\n{rows}", encoding="utf-8")
    return file


def test_it_names_what_grows_without_a_programme_and_the_remedy(piramide: Command, pack: Path) -> None:
    checked = piramide("pack", "check", pack)

    assert checked.code == 1
    assert "PK050  pack.yaml:17 · costo" in checked.out
    assert "Indicare un `profile`" in checked.out


@pytest.mark.parametrize(
    ("period", "target", "index"),
    [("2025-01", "66,67", "150"), ("2025-02", "133,33", "150"), ("2025-03", "200", "100"), ("2025-04", "300", "66,7"),
     ("2025-Q2", "500", "50")],
)  # fmt: skip
def test_january_is_not_the_best_possible_cost(
    piramide: Command, pack: Path, tmp_path: Path, period: str, target: str, index: str
) -> None:
    outcome = piramide("score", pack, "--values", values_of(tmp_path, period), "--period", period)

    assert outcome.code == 0
    assert "◷ non ancora dovuto" in outcome.out
    cost = next(line for line in outcome.out.splitlines() if "Costo" in line)
    done = next(line for line in outcome.out.splitlines() if "Pratiche concluse" in line)
    assert "150" not in cost
    assert "30.000" in cost
    assert target in done
    assert index in done


def test_december_is_judged(piramide: Command, pack: Path, tmp_path: Path) -> None:
    values = values_of(tmp_path, "2025-12", "150000")

    outcome = piramide("score", pack, "--values", values, "--period", "2025-12", "--json")

    nodes = {node["id"]: node for node in outcome.json["structures"][0]["nodes"]}
    assert (nodes["costo"]["index"], nodes["costo"]["status"], "due" in nodes["costo"]) == (75, "measured", False)


def test_the_answer_says_on_which_share_of_weight_it_stands(piramide: Command, pack: Path, tmp_path: Path) -> None:
    outcome = piramide("score", pack, "--values", values_of(tmp_path, "2025-03"), "--period", "2025-03", "--json")

    (structure,) = outcome.json["structures"]
    nodes = {node["id"]: node for node in structure["nodes"]}
    assert (nodes["uno"]["index"], nodes["uno"]["due"], nodes["uno"]["coverage"]) == (100, 0.5, 1)
    assert (nodes["costo"]["value"], nodes["costo"]["gap"], nodes["costo"]["due"]) == (30_000, None, 0)
    assert (structure["index"], "due" in structure) == (100, False)


def test_the_sheet_and_the_explanation_say_it(piramide: Command, pack: Path, tmp_path: Path) -> None:
    scored = piramide("score", pack, "--values", values_of(tmp_path, "2025-03"), "--period", "2025-03", "--json")
    run, sheet = scored.json["run"], tmp_path / "scheda.md"

    piramide("report", "sheet", run, "--structure", "comune", "--out", sheet)
    told = piramide("explain", run, "--structure", "comune", "--node", "costo").out
    above = piramide("explain", run, "--structure", "comune", "--node", "uno").out

    printed = sheet.read_text(encoding="utf-8")
    row = next(line for line in printed.splitlines() if line.startswith("| Costo"))
    assert "◷ non ancora dovuto" in row
    assert "nessun programma" not in row
    assert "150,0" not in row
    assert "non dice quale programma" in row
    assert "Poggia su 50% del peso: il resto non è ancora dovuto." in printed.replace("\\", "")
    assert "non è ancora dovuto: non entra nell'indice" in " ".join(told.split())
    assert "Non ancora dovuti in questo momento: Costo" in " ".join(above.split())


def test_thirds_are_scored_and_the_scale_is_said(piramide: Command, pack: Path, tmp_path: Path) -> None:
    leaves = "".join(f"comune,{n},,indicator,{n},0.333,stated,10,piano,p. 1\n" for n in ("alfa", "beta", "gamma"))
    definition = "{label: NAME, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. 1}"
    (pack / "trees" / "c.csv").write_text(TREE.splitlines()[0] + "\n" + leaves, encoding="utf-8")
    text = PACK.partition("indicators:")[0] + "indicators:\n"
    text += "".join(f"  {n}: {definition.replace('NAME', n)}\n" for n in ("alfa", "beta", "gamma"))
    (pack / "pack.yaml").write_text(text, encoding="utf-8")
    file = tmp_path / "v.csv"
    rows = "".join(f"comune,{n},2025,10\n" for n in ("alfa", "beta", "gamma"))
    file.write_text(f"structure,indicator,period,value\n{rows}", encoding="utf-8")

    checked = piramide("pack", "check", pack)
    scored = piramide("score", pack, "--values", file, "--period", "2025")
    run = piramide("score", pack, "--values", file, "--period", "2025", "--json").json["run"]
    told = piramide("explain", run, "--structure", "comune").out
    piramide("report", "sheet", run, "--structure", "comune", "--out", tmp_path / "scheda.md")

    assert (checked.code, "PK052" in checked.out, "0,999" in checked.out, "1/3" in checked.out) == (0, True, True, True)
    assert "indice 100,00" in scored.out
    said = "parti di «Comune di Prova» sono stampati per 99,90% in tutto: ciascuno conta diviso per questa somma"
    assert said in " ".join(told.split())
    assert said in (tmp_path / "scheda.md").read_text(encoding="utf-8").replace("\\", "")
