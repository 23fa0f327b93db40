"""Sums of money tied to objectives, from the file of a plan to the score, the explanation and the spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PACK = """\
id: agenzia-2017
label: Convenzione
administration: Agenzia
year: 2017
validity: {from: 2017-01-01, until: 2018-01-01}
acts: {piano: {label: Piano, kind: Convenzione, number: "1", day: 2017-07-28}}
structure_kinds: {agency: Agenzia fiscale}
organisation: {agenzia: {label: Agenzia, kind: agency}, altra: {label: Altra, kind: agency}}
indicators:
  a: {label: A, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  b: {label: B, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  c: {label: C, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
"""
MONEY = """\
# La quota che la convenzione lega ai risultati.
quota: {label: Quota incentivante, structure: agenzia, total: 10000000, unit: eur, act: piano, place: art. 5}
"""
TREE = """\
structure,node,parent,kind,label,weight,weight_source,target,act,place
agenzia,servizi,,objective,Servizi,0.3,stated,,piano,p. 1
agenzia,a,servizi,indicator,A,0.19,stated,100,piano,p. 1
agenzia,b,servizi,indicator,B,0.81,stated,100,piano,p. 1
agenzia,c,,indicator,C,0.7,stated,100,piano,p. 2
"""
VALUES = "structure,indicator,period,value\nagenzia,a,2017,92\nagenzia,b,2017,120\nagenzia,c,2017,50\n"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "300")
    folder = tmp_path / "agenzia-2017"
    (folder / "trees").mkdir(parents=True)
    write(folder, "pack.yaml", PACK)
    write(folder, "money.yaml", MONEY)
    write(folder, "trees/a.csv", TREE)
    write(tmp_path, "v.csv", VALUES)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def score(piramide: Command, pack: Path, *more: str) -> dict[str, Any]:
    answer: dict[str, Any] = piramide(
        "score", pack, "--values", pack.parent / "v.csv", "--period", "2017", *more, "--json"
    ).json
    return answer


def test_m1_each_objective_has_its_quota_and_what_it_earns(piramide: Command, pack: Path) -> None:
    """10,000,000 over 5.7/24.3/70 with 92, 120, 50; a gain earns no more than the quota."""
    assert piramide("pack", "check", pack).code == 0
    assert score(piramide, pack)["money"] == [
        {
            "id": "quota",
            "structure": "agenzia",
            "total": "10000000.00",
            "earned": "6454400.00",
            "nodes": [
                {"id": "a", "quota": "570000.00", "earned": "524400.00"},
                {"id": "b", "quota": "2430000.00", "earned": "2430000.00"},
                {"id": "c", "quota": "7000000.00", "earned": "3500000.00"},
            ],
        }
    ]


def test_m2_cents_left_over_go_to_the_largest_remainders_ties_in_the_order_of_the_sheet(
    piramide: Command, pack: Path
) -> None:
    """100.00 in three thirds at 100, 75, 0."""
    write(pack, "money.yaml", MONEY.replace("10000000", "100.00"))
    thirds = [f"agenzia,{name},,indicator,{name.upper()},1/3,stated,100,piano,p. 1" for name in "abc"]
    write(pack, "trees/a.csv", "\n".join([TREE.splitlines()[0], *thirds, ""]))
    write(pack, "pack.yaml", PACK.replace("place: p. 1}", "place: p. 1, cap: 1}"))
    write(pack.parent, "v.csv", VALUES.replace("92", "100").replace("120", "75").replace("2017,50", "2017,0"))

    (money,) = score(piramide, pack)["money"]

    assert [(one["quota"], one["earned"]) for one in money["nodes"]] == [
        ("33.34", "33.34"),
        ("33.33", "25.00"),
        ("33.33", "0.00"),
    ]
    assert money["earned"] == "58.34"


def test_what_is_not_known_earns_nothing_that_can_be_told(piramide: Command, pack: Path) -> None:
    """One value lacks; a node of weight 0 is worth nothing; what is not at hand has a quota."""
    write(pack, "trees/a.csv", TREE.replace("agenzia,c,,indicator,C,0.7,stated,100", "agenzia,c,,not_at_hand,C,0.7,,")
          + "agenzia,d,,indicator,D,0,stated,100,piano,p. 3\n")  # fmt: skip
    write(
        pack,
        "pack.yaml",
        PACK + "  d: {label: D, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}\n",
    )
    write(pack.parent, "v.csv", VALUES.replace("agenzia,b,2017,120\n", "").replace("agenzia,c,2017,50\n", ""))

    (money,) = score(piramide, pack)["money"]

    assert money["earned"] is None
    assert [tuple(one.values()) for one in money["nodes"]] == [
        ("a", "570000.00", "524400.00"),
        ("b", "2430000.00", None),
        ("c", "7000000.00", None),
        ("d", "0.00", "0.00"),
    ]


def test_only_the_sums_of_structures_that_are_scored_are_told(piramide: Command, pack: Path) -> None:
    tree = TREE + "altra,c,,indicator,C,1,stated,100,piano,p. 2\n"
    write(pack, "trees/a.csv", tree)

    assert score(piramide, pack, "--structure", "altra")["money"] == []
    (pack / "money.yaml").unlink()
    assert "money" not in score(piramide, pack)


def test_it_is_explained_with_its_formula_and_verified(piramide: Command, pack: Path) -> None:
    run = score(piramide, pack)["run"]

    leaf = piramide("explain", run, "--structure", "agenzia", "--node", "a")
    assert "«Quota incentivante»: vale 10.000.000,00 € × 5,70% = 570.000,00 €" in leaf.out
    assert "570.000,00 € × min(1; max(0; 92,00 ÷ 100)) = 524.400,00 €" in leaf.out
    group = piramide("explain", run, "--structure", "agenzia", "--node", "servizi", "--json").json
    assert group["money"] == [{"id": "quota", "quota": "3000000.00", "earned": "2954400.00"}]
    whole = piramide("explain", run, "--structure", "agenzia").out
    assert "«Quota incentivante»: 10.000.000,00 €; spettano 6.454.400,00 €." in whole
    assert piramide("verify", run).code == 0


def test_it_goes_to_a_spreadsheet_and_comes_back(piramide: Command, pack: Path) -> None:
    book, back = pack.parent / "a.xlsx", pack.parent / "back"
    assert piramide("pack", "export", pack, book).code == 0
    assert piramide("pack", "import", book, "--out", back).code == 0
    assert (back / "money.yaml").read_text(encoding="utf-8") == MONEY


def test_a_difference_and_an_amendment_tell_the_total(piramide: Command, pack: Path, tmp_path: Path) -> None:
    other = tmp_path / "dopo"
    (other / "trees").mkdir(parents=True)
    for name, text in (("pack.yaml", PACK), ("money.yaml", MONEY), ("trees/a.csv", TREE)):
        write(other, name, text)
    write(other, "overrides.yaml", """\
- {id: taglio, subject: {money: quota}, field: value, before: 10000000, value: 8000000, from: 2017-07-01,
   reason: Taglio di bilancio, act: piano, place: art. 6}
""")  # fmt: skip

    (change,) = piramide("pack", "diff", pack, other, "--json").json["changes"]
    assert (change["group"], change["structure"], change["node"], change["field"]) == (
        "money", "agenzia", "quota", "total",
    )  # fmt: skip
    assert (change["before"], change["after"]) == (10_000_000, 8_000_000)
    (money,) = score(piramide, other)["money"]
    assert money["total"] == "8000000.00"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("total: 10000000", "total: 0.005", "PL090"),
        ("total: 10000000", "total: -1", "PL032"),
        ("total: 10000000", "total: molto", "PL032"),
        ("structure: agenzia", "structure: agenzie", "PL044"),
        ("label: Quota incentivante", "lable: Quota incentivante", "PL031"),
    ],
)
def test_a_sum_that_cannot_be_is_refused_with_its_line(
    piramide: Command, pack: Path, was: str, now: str, said: str
) -> None:
    write(pack, "money.yaml", MONEY.replace(was, now))

    answer = piramide("pack", "check", pack)

    assert answer.code == 2
    assert f"{said}: money.yaml:2" in answer.err


def test_a_sum_without_a_sheet_is_told(piramide: Command, pack: Path) -> None:
    write(
        pack, "money.yaml", MONEY.replace("structure: agenzia", "structure: altra").replace("act: piano", "act: atto")
    )

    answer = piramide("pack", "check", pack, "--json")

    assert {one["code"] for one in answer.json["findings"]} == {"PK067", "PK001"}


def test_two_methods_are_compared_in_money_too(piramide: Command, pack: Path, tmp_path: Path) -> None:
    """With the weights of a and b swapped a gains what b earns less."""
    other = tmp_path / "dopo"
    (other / "trees").mkdir(parents=True)
    write(other, "pack.yaml", PACK.replace("id: agenzia-2017", "id: agenzia-2018"))
    write(other, "money.yaml", MONEY)
    write(other, "trees/a.csv", TREE.replace("A,0.19", "A,0.81").replace("B,0.81", "B,0.19"))
    asked = ("simulate", pack, other, "--values", tmp_path / "v.csv", "--period", "2017")

    answer = piramide(*asked, "--json").json

    assert answer["money"] == [
        {
            "id": "quota",
            "structure": "agenzia",
            "base": {"total": "10000000.00", "earned": "6454400.00"},
            "other": {"total": "10000000.00", "earned": "6305600.00"},
        }
    ]
    assert "6.305.600,00 €" in piramide(*asked).out
