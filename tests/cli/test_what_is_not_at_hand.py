"""A weight without content, and shares printed as percentages, as people read them everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import Command

PACK = """
id: agenzia-2017
label: Convenzione
administration: Agenzia
year: 2017
validity: {from: 2017-01-01, until: 2018-01-01}
cap: {value: CAP, act: piano, place: art. 4}
acts: {piano: {label: Piano, kind: Convenzione, number: "1", day: 2017-07-28}}
structure_kinds: {agency: Agenzia fiscale}
organisation: {agenzia: {label: Agenzia, kind: agency}}
indicators:
  quota: {label: Quota, unit: fraction, rounding: 0, direction: up, rule: gap_up, act: piano, place: p. 1}
  minima: {label: Minima, unit: fraction, rounding: 0, direction: up, rule: threshold, act: piano, place: p. 1,
    checkpoints: [{moment: year, least: 0.9}]}
  telefonate: {label: Telefonate, unit: squilli, direction: up, rule: report_only, act: piano, place: p. 1}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
agenzia,quota,,indicator,Quota,0.25,stated,0.75,piano,p. 1
agenzia,minima,,indicator,Minima,0.1,stated,,piano,p. 1
agenzia,altre_aree,,not_at_hand,Altre aree,0.65,stated,,piano,altre aree
"""
VALUES = "structure,indicator,period,value\nagenzia,quota,2017,0.78\nagenzia,minima,2017,0.92\n"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "agenzia-2017"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK.replace("CAP", "0.5"), encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    return folder


def scored(piramide: Command, pack: Path) -> dict[str, Any]:
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2017", "--json").json
    assert isinstance(answer, dict)
    return answer


def test_known_035_at_104_and_the_rest_unseen(piramide: Command, pack: Path) -> None:
    tree = TREE.replace("Quota,0.25", "Quota,0.35").replace(
        "agenzia,minima,,indicator,Minima,0.1,stated,,piano,p. 1\n", ""
    )
    (pack / "trees" / "a.csv").write_text(tree, encoding="utf-8")
    (pack.parent / "v.csv").write_text("structure,indicator,period,value\nagenzia,quota,2017,0.78\n", encoding="utf-8")

    whole = scored(piramide, pack)["structures"][0]

    assert (whole["index"], whole["coverage"]) == (None, 0.35)
    assert [whole[key] for key in ("index_low", "index_high")] == pytest.approx([68.9, 133.9])
    unseen = next(node for node in whole["nodes"] if node["id"] == "altre_aree")
    assert (unseen["kind"], unseen["index"], unseen["coverage"]) == ("not_at_hand", None, 0)
    assert not {"value", "target"} & unseen.keys()


def test_it_is_told_unseen_and_shares_are_percentages_everywhere(piramide: Command, pack: Path) -> None:
    checked = piramide("pack", "check", pack, "--notes")
    shown = piramide("pack", "show", pack, "--json").json
    run = scored(piramide, pack)["run"]
    terminal = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2017").out
    told = {
        node: piramide("explain", run, "--structure", "agenzia", "--node", node).out
        for node in ("quota", "minima", "altre_aree")
    }
    for name in ("s.md", "s.xlsx", "s.pdf"):
        assert piramide("report", "sheet", run, "--structure", "agenzia", "--out", pack.parent / name).code == 0
    sheet = (pack.parent / "s.md").read_text(encoding="utf-8")
    book = CalamineWorkbook.from_path(pack.parent / "s.xlsx")
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}

    assert checked.code == 0
    assert "PK003" not in checked.out
    assert "PK054" not in checked.out
    assert "PK058  pack.yaml:15" in checked.out
    assert "«squilli»" in checked.out or "senza unità" in checked.out
    leaf = shown["structures"][0]["tree"][2]
    assert (leaf["kind"], "rule" in leaf, "target" in leaf) == ("not_at_hand", False, False)
    assert "contenuto non disponibile" in terminal
    assert "contenuto non disponibile" in sheet
    assert any("ontenuto non disponibile" in cell for cell in cells)
    assert "Altre aree pesa, ma il suo contenuto non è disponibile: resta non visto" in " ".join(
        told["altre_aree"].split()
    )
    for text in (terminal, sheet):
        assert "75%" in text
        assert "78%" in text
        assert "almeno 90%" in text
    assert "\nAgenzia fiscale · anno 2017\n" in sheet
    assert "Agenzia fiscale · anno 2017" in cells
    assert "vale 78% contro un obiettivo di 75%" in " ".join(told["quota"].split())
    assert "vale 92% e rispetta la soglia (almeno 90%)" in " ".join(told["minima"].split())


def test_the_terminal_shows_it_without_a_target(piramide: Command, pack: Path) -> None:
    shown = piramide("pack", "show", pack)

    assert shown.code == 0
    line = next(line for line in shown.out.splitlines() if "Altre aree" in line)
    assert "contenuto non" in line
    assert "gap_up" not in line


def test_no_value_is_asked_or_taken(piramide: Command, pack: Path) -> None:
    asked = piramide("pack", "values", pack, "--period", "2017")
    (pack.parent / "v.csv").write_text(f"{VALUES}agenzia,altre_aree,2017,1\n", encoding="utf-8")
    refused = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2017")

    assert "altre_aree" not in asked.out
    assert refused.code == 2
    assert "SC051" in refused.err
    assert "v.csv:4" in refused.err


@pytest.mark.parametrize(
    ("row", "given"),
    [
        ("agenzia,altre_aree,,not_at_hand,Altre aree,0.65,stated,3,piano,p. 1\n", "target"),
        (("agenzia,altre_aree,,not_at_hand,Altre aree,0.65,stated,,piano,p. 1\n"
         "agenzia,sotto,altre_aree,not_at_hand,Sotto,1,stated,,piano,p. 1\n"), "children"),
    ],
)  # fmt: skip
def test_what_has_content_is_not_without(piramide: Command, pack: Path, row: str, given: str) -> None:
    tree = "".join(TREE.splitlines(keepends=True)[:-1]) + row
    (pack / "trees" / "a.csv").write_text(tree, encoding="utf-8")

    checked = piramide("pack", "check", pack)

    assert checked.code in {1, 2}
    assert "PL065" in checked.out + checked.err
    assert given in checked.out + checked.err
