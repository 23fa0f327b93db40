"""R27: objectives of some structures join those of all and take their weight from them, from the file to the score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """\
id: regioni-2019
label: Piano
administration: Ente
year: 2019
validity: {from: 2019-01-01, until: 2020-01-01}
acts: {piano: {label: Piano, kind: Determinazione, number: "1", day: 2019-01-28}}
organisation: {sud: {label: Sud, kind: region}, nord: {label: Nord, kind: region}}
parameters:
  quota: {label: Peso di un progetto, unit: ratio, values: [{from: 2019-01-01, value: 0.05, act: piano, place: p. 1}]}
indicators:
  a: {label: A, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  b: {label: B, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  p1: {label: P1, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  p2: {label: P2, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  p3: {label: P3, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  p4: {label: P4, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
"""
RULE = "# I progetti regionali.\nprogetti: {each: quota, most: 0.15, act: piano, place: p. 10}\n"
HEAD = "structure,node,parent,kind,label,weight,weight_source,target,act,place\n"
HOSTS = "{0},a,,indicator,A,0.6,stated,100,piano,p. 1\n{0},b,,indicator,B,0.4,stated,100,piano,p. 2\n"
GUEST = "sud,{0},,indicator,{1},,rule:progetti,100,piano,p. 2\n"
GUESTS = (120, 90, 130, 100)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "300")
    folder = tmp_path / "regioni-2019"
    (folder / "trees").mkdir(parents=True)
    write(folder, "pack.yaml", PACK)
    write(folder, "reweighting.yaml", RULE)
    tree(folder, 2)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def tree(folder: Path, guests: int) -> None:
    """Two structures with the same hosts, and so many guests in the first."""
    rows = [GUEST.format(f"p{at}", f"P{at}") for at in range(1, guests + 1)]
    write(folder, "trees/a.csv", HEAD + HOSTS.format("sud") + "".join(rows) + HOSTS.format("nord"))


def index(piramide: Command, pack: Path, hosts: object, guests: Sequence[int]) -> float:
    """The index of the structure with guests, the hosts of both at one value."""
    rows = [f"{structure},{host},2019,{hosts}" for structure in ("sud", "nord") for host in "ab"]
    rows += [f"sud,p{at},2019,{value}" for at, value in enumerate(guests, 1)]
    write(pack.parent, "v.csv", "\n".join(["structure,indicator,period,value", *rows, ""]))
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2019", "--json").json
    south, north = answer["structures"]
    assert north["index"] == pytest.approx(float(str(hosts)), abs=1e-9)
    return float(south["index"])


@pytest.mark.parametrize(("guests", "expected"), list(enumerate([104, 104.8, 104.1, 105.4, 104.9])))
def test_w1_guests_take_their_weight_from_the_others(
    piramide: Command, pack: Path, guests: int, expected: float
) -> None:
    """Hosts at +4 %, guests at +20, -10, +30, 0: each weighs 5 %, all together 15 % at the most."""
    tree(pack, guests)
    assert piramide("pack", "check", pack).code == 0
    assert index(piramide, pack, 104, GUESTS[:guests]) == pytest.approx(expected, abs=1e-12)


def test_w2_a_figure_with_decimals(piramide: Command, pack: Path) -> None:
    assert index(piramide, pack, 119.386, GUESTS[:2]) == pytest.approx(117.9474, abs=1e-12)


def test_the_computed_weights_are_shown(piramide: Command, pack: Path) -> None:
    tree(pack, 4)
    south, north = piramide("pack", "show", pack, "--json").json["structures"]

    assert [node["weight"] for node in south["tree"]] == pytest.approx([0.51, 0.34, *[0.0375] * 4])
    assert {node["weight_source"] for node in south["tree"]} == {"rule"}
    assert [node["weight"] for node in north["tree"]] == pytest.approx([0.6, 0.4])
    assert {node["weight_source"] for node in north["tree"]} == {"stated"}


def test_it_is_explained_with_its_formula_and_verified(piramide: Command, pack: Path) -> None:
    index(piramide, pack, 104, GUESTS[:2])
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2019", "--json").json

    guest = piramide("explain", answer["run"], "--structure", "sud", "--node", "p1").out
    assert "min(2 × 5%; 15%) = 10%, ciascuno 10% ÷ 2 = 5%" in guest
    host = piramide("explain", answer["run"], "--structure", "sud", "--node", "a").out
    assert "60% × (100% − 10%) = 54%" in host
    assert piramide("verify", answer["run"]).code == 0


def test_an_amendment_changes_what_the_guests_weigh(piramide: Command, pack: Path) -> None:
    """From July one guest weighs 10 %; the printed weight of a host changes as the act prints it."""
    write(pack, "overrides.yaml", """\
- {id: quota, subject: {parameter: quota}, field: value, before: 0.05, value: 0.1, from: 2019-07-01, act: piano,
   place: p. 3, reason: Rimodulazione}
- {id: tetto, subject: {reweighting: progetti}, field: most, before: 0.15, value: 0.2, from: 2019-07-01, act: piano,
   place: p. 3, reason: Rimodulazione}
- {id: a, subject: {structure: sud, node: a}, field: weight, before: 0.6, value: 0.5, from: 2019-07-01, act: piano,
   place: p. 3, reason: Rimodulazione}
- {id: b, subject: {structure: sud, node: b}, field: weight, before: 0.4, value: 0.5, from: 2019-07-01, act: piano,
   place: p. 3, reason: Rimodulazione}
""")  # fmt: skip
    assert piramide("pack", "check", pack).code == 0

    south, _ = piramide("pack", "show", pack, "--json").json["structures"]

    assert [node["weight"] for node in south["tree"]] == pytest.approx([0.4, 0.4, 0.1, 0.1])


def test_a_difference_tells_guests_and_their_rule(piramide: Command, pack: Path, tmp_path: Path) -> None:
    other = tmp_path / "dopo"
    (other / "trees").mkdir(parents=True)
    write(other, "pack.yaml", PACK)
    write(other, "reweighting.yaml", RULE.replace("0.15", "0.08"))
    tree(other, 2)

    changes = piramide("pack", "diff", pack, other, "--json").json["changes"]

    assert [(c["group"], c["node"], c["field"], c["after"]) for c in changes] == [
        ("weights", "a", "weight", pytest.approx(0.552)),
        ("weights", "b", "weight", pytest.approx(0.368)),
        ("weights", "p1", "weight", pytest.approx(0.04)),
        ("weights", "p2", "weight", pytest.approx(0.04)),
        ("reweighting", "progetti", "most", pytest.approx(0.08)),
    ]


def test_it_goes_to_a_spreadsheet_and_comes_back(piramide: Command, pack: Path) -> None:
    book, back = pack.parent / "a.xlsx", pack.parent / "back"
    assert piramide("pack", "export", pack, book).code == 0
    assert piramide("pack", "import", book, "--out", back).code == 0
    for name in ("reweighting.yaml", "trees/a.csv"):
        assert (back / name).read_bytes() == (pack / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        (
            "trees/a.csv",
            "sud,p2,,indicator,P2,,rule:progetti",
            "sud,p2,,indicator,P2,,rule:altri",
            "PK048: trees/a.csv:5",
        ),
        ("trees/a.csv", "sud,p2,,indicator,P2,,rule:", "sud,p2,,indicator,P2,0.1,rule:", "PL092: trees/a.csv:5"),
        ("trees/a.csv", "sud,p2,,indicator,P2,,rule:progetti", "sud,p2,,indicator,P2,,rule", "PL093: trees/a.csv:5"),
        ("reweighting.yaml", "each: quota", "each: quote", "PL091: reweighting.yaml:2"),
        ("reweighting.yaml", "most: 0.15", "most: 1.5", "PL032: reweighting.yaml:2"),
        ("pack.yaml", "value: 0.05", "value: 5", "PL094: reweighting.yaml:2"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(
    piramide: Command, pack: Path, name: str, was: str, now: str, said: str
) -> None:
    text = (pack / name).read_text(encoding="utf-8")
    assert was in text
    write(pack, name, text.replace(was, now))
    write(pack.parent, "v.csv", "structure,indicator,period,value\nsud,a,2019,104\n")

    assert piramide("pack", "check", pack).code in {1, 2}
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2019")
    assert answer.code == 2
    assert said in answer.err


def test_two_rules_under_one_parent_are_refused(piramide: Command, pack: Path) -> None:
    write(pack, "reweighting.yaml", RULE + "altri: {each: 0.1, most: 0.2, act: piano, place: p. 11}\n")
    text = (pack / "trees/a.csv").read_text(encoding="utf-8")
    write(pack, "trees/a.csv", text.replace("P2,,rule:progetti", "P2,,rule:altri"))

    answer = piramide("pack", "check", pack, "--json")

    assert answer.code == 1
    assert [(one["code"], one["where"]) for one in answer.json["findings"]] == [("PK048", "trees/a.csv:5")]
