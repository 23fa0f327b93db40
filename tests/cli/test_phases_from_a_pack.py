"""Objectives made of phases, from the file of a plan to the score, the explanation, the sheet and the spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PACK = """
id: comune-2024
label: Piano
administration: Comune
year: 2024
validity: {from: 2024-01-01, until: 2025-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts: {piano: {label: Piano, kind: Delibera, number: "1", day: 2024-01-28}}
organisation: {comune: {label: Comune, kind: municipality}}
indicators:
  mensa: {label: Mensa, unit: milestone, direction: up, rule: phases, act: piano, place: p. 1}
  pasti: {label: Pasti, unit: pieces, rounding: 0, direction: up, rule: gap_up, level: level, act: piano, place: p. 2}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
comune,mensa,,indicator,Mensa,0.6,stated,,piano,p. 1
comune,pasti,,indicator,Pasti,0.4,stated,100,piano,p. 2
"""
PHASES = """structure,node,phase,label,weight,weight_source,start,end,evidence,responsible,act,place
comune,mensa,gara,Gara pubblicata,0.3,stated,2024-01-15,2024-03-31,Bando,Ufficio gare,piano,p. 1
comune,mensa,contratto,Contratto firmato,0.3,stated,,2024-06-30,,,piano,p. 1
comune,mensa,avvio,Servizio avviato,0.4,stated,,2024-12-31,,,piano,p. 1
"""
VALUES = """structure,indicator,period,value
comune,mensa:gara,2024-06,100
comune,mensa:contratto,2024-06,50
comune,pasti,2024-06,110
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "comune-2024"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    (folder / "phases.csv").write_text(PHASES, encoding="utf-8")
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    return folder


def scored(piramide: Command, pack: Path, period: str = "2024-06") -> dict[str, Any]:
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", period, "--json").json
    assert isinstance(answer, dict)
    return answer


def test_it_is_scored_explained_and_verified(piramide: Command, pack: Path) -> None:
    """75 at 60 % beside 110 at 40 %: 89."""
    assert piramide("pack", "check", pack).code == 0
    answer = scored(piramide, pack)
    (whole,) = answer["structures"]
    assert whole["index"] == pytest.approx(89)
    assert whole["nodes"][0]["due"] == pytest.approx(0.6)
    assert whole["nodes"][0]["value"] == pytest.approx(75)
    run = answer["run"]
    told = piramide("explain", run, "--structure", "comune", "--node", "mensa").out
    assert "le fasi scadute (2 su 3) sono compiute al 75%" in told
    assert "Gara pubblicata" in told
    one = piramide("explain", run, "--structure", "comune", "--node", "mensa:contratto").out
    assert "La fase «Contratto firmato», scaduta il 30 giugno 2024, è compiuta al 50%" in one
    assert piramide("verify", run).code == 0


def test_the_plan_shows_them(piramide: Command, pack: Path) -> None:
    tree = piramide("pack", "show", pack, "--json").json["structures"][0]["tree"]
    assert [phase["end"] for phase in tree[0]["phases"]] == ["2024-03-31", "2024-06-30", "2024-12-31"]
    assert tree[0]["phases"][0]["responsible"] == "Ufficio gare"
    assert tree[0]["late"] == "counts"
    assert "phases" not in tree[1]


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        (",0.4,stated,,2024-12-31", ",0.5,stated,,2024-12-31", 2, "i loro pesi non sommano a 1"),
        ("2024-01-15,2024-03-31", "2024-04-15,2024-03-31", 2, "finisce prima di cominciare la fase «Gara pubblicata»"),
        (",2024-12-31,,", ",2025-01-31,,", 4, "esce dall'anno del piano la fase «Servizio avviato»"),
        ("comune,mensa,avvio", "comune,pasti,avvio", 4, "l'indicatore ha un'altra regola"),
    ],
)
def test_phases_that_do_not_hold_are_refused(
    piramide: Command, pack: Path, before: str, after: str, line: int, says: str
) -> None:
    assert before in PHASES
    (pack / "phases.csv").write_text(PHASES.replace(before, after, 1), encoding="utf-8")
    checked = piramide("pack", "check", pack)
    assert checked.code == 1
    assert "PK047" in checked.out
    assert f"phases.csv:{line}" in checked.out
    assert says in checked.out.replace("’", "'")
    refused = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2024-06")
    assert refused.code == 2
    assert "PK047" in refused.err


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("comune,mensa,gara", "comune,mensaa,gara", "PL084", 2),
        ("comune,mensa,gara", "comunee,mensa,gara", "PL044", 2),
        ("2024-06-30", "30/06/2024", "PL043", 3),
        ("Contratto firmato,0.3", 'Contratto firmato,"0,3"', "KN0", 3),
        ("mensa,contratto", "mensa,gara", "PL026", 3),
        ("mensa,gara", "mensa,ga:ra", "PL088", 2),
        ("Servizio avviato,0.4", "Servizio avviato,", "PL023", 4),
        ("start,end", "start,fine", "PL020", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    piramide: Command, pack: Path, before: str, after: str, code: str, line: int
) -> None:
    assert before in PHASES
    (pack / "phases.csv").write_text(PHASES.replace(before, after, 1), encoding="utf-8")
    refused = piramide("pack", "check", pack)
    assert refused.code == 2
    assert code in refused.err
    assert f"phases.csv:{line}" in refused.err


def test_it_goes_to_a_spreadsheet_and_comes_back(piramide: Command, pack: Path) -> None:
    book, back = pack.parent / "a.xlsx", pack.parent / "back"
    assert piramide("pack", "export", pack, book).code == 0
    assert piramide("pack", "import", book, "--out", back).code == 0
    for file in ("pack.yaml", "phases.csv"):
        assert (back / file).read_bytes() == (pack / file).read_bytes()


def test_a_later_day_is_a_change_of_the_plan(piramide: Command, pack: Path) -> None:
    other = pack.parent / "dopo"
    (other / "trees").mkdir(parents=True)
    (other / "pack.yaml").write_text(PACK, encoding="utf-8")
    (other / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    (other / "phases.csv").write_text(PHASES.replace("2024-06-30", "2024-09-30"), encoding="utf-8")
    told = piramide("pack", "diff", pack, other, "--json").json
    changes = [change for change in told["changes"] if change["group"] == "phases"]
    assert [(one["field"], one["before"], one["after"]) for one in changes] == [("end", "2024-06-30", "2024-09-30")]


def test_a_file_to_fill_in_asks_for_those_that_are_due(piramide: Command, pack: Path) -> None:
    assert piramide("pack", "values", pack, "--period", "2024-06", "--out", pack.parent / "asked.csv").code == 0
    asked = (pack.parent / "asked.csv").read_text(encoding="utf-8")
    assert "comune,mensa:gara,2024-06" in asked
    assert "mensa:avvio" not in asked
    assert "comune,mensa,2024-06" not in asked


STEPS = """project,deliverable,structure,day,step,progress
mensa,gara,comune,2024-03-31,planned,100
mensa,gara,comune,2024-03-20,delivered,100
mensa,gara,comune,2024-03-25,validated,100
mensa,contratto,comune,2024-05-10,validated,30
mensa,contratto,comune,2024-06-20,validated,50
mensa,contratto,comune,2024-07-05,validated,90
mensa,avvio,comune,2024-06-01,delivered,40
"""


def test_facts_of_projects_give_the_progress_of_phases(piramide: Command, pack: Path) -> None:
    """On the last day of June: the tender whole, half of the contract, of the start nothing validated."""
    (pack.parent / "projects.csv").write_text(STEPS, encoding="utf-8")
    loaded = piramide("facts", "load", f"projects={pack.parent / 'projects.csv'}", "--pack", pack)
    assert loaded.code == 0, loaded.err
    out = pack.parent / "misurati.csv"
    measured = piramide("measure", pack, "--period", "2024-06", "--out", out)
    assert measured.code == 0, measured.err
    rows = [line.split(",")[:4] for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    now = {row[1]: row[3] for row in rows if row[2] == "2024-Q2"}
    assert now == {"mensa:gara": "100", "mensa:contratto": "50"}
    assert ["comune", "mensa:gara", "2024-Q1", "100"] in rows
    with out.open("a", encoding="utf-8") as file:
        file.write("comune,pasti,2024-06,110,,,measured,no,\n")
    answer = piramide("score", pack, "--values", out, "--period", "2024-06", "--json").json
    assert answer["structures"][0]["index"] == pytest.approx(89)


@pytest.mark.parametrize(("day", "code"), [("31/12/2024", 0), ("15/12/2024", 1)])
def test_the_day_that_the_act_prints_ends_a_phase(piramide: Command, pack: Path, day: str, code: int) -> None:
    lines = TREE.splitlines()
    printed = ("printed", f"entro il {day}", "")
    tree = "\n".join(f"{line},{cell}" for line, cell in zip(lines, printed, strict=True))
    (pack / "trees" / "a.csv").write_text(f"{tree}\n", encoding="utf-8")
    checked = piramide("pack", "check", pack)
    assert checked.code == code
    assert ("PK045" in checked.out) == bool(code)
