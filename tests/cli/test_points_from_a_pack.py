"""A plan that weighs in points of 100, and what no act of the year changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PACK = """\
id: comune-2024
label: Piano
administration: Comune
year: 2024
validity: {from: 2024-01-01, until: 2025-01-01}
weights: points
acts: {piano: {label: Piano, kind: Deliberazione, number: "1", day: 2024-01-28}}
structure_kinds: {office: Settore}
organisation: {tecnico: {label: Tecnico, kind: office}}
indicators:
  a: {label: A, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1, amendable: no}
  b: {label: B, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
  c: {label: C, unit: number, direction: up, rule: gap_up, act: piano, place: p. 1}
"""
TREE = """\
structure,node,parent,kind,label,weight,weight_source,target,act,place
tecnico,a,,indicator,A,35,stated,100,piano,p. 1
tecnico,b,,indicator,B,60,stated,100,piano,p. 1
tecnico,c,,indicator,C,,equal_split,100,piano,p. 2
"""
OVERRIDE = """\
- {{id: o, subject: {{{subject}}}, field: {field}, before: {before}, value: {value}, from: 2024-07-01, act: piano,
   place: p. 3, reason: Rimodulazione}}
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "300")
    folder = tmp_path / "comune-2024"
    (folder / "trees").mkdir(parents=True)
    write(folder, "pack.yaml", PACK)
    write(folder, "trees/a.csv", TREE)
    values = "structure,indicator,period,value\ntecnico,a,2024,90\ntecnico,b,2024,110\ntecnico,c,2024,120\n"
    write(tmp_path, "v.csv", values)
    return folder


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_points_are_scored_as_shares(piramide: Command, pack: Path) -> None:
    """0.35 x 90 + 0.6 x 110 + 0.05 x 120 = 103.5."""
    assert piramide("pack", "check", pack).code == 0
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2024", "--json").json
    assert answer["structures"][0]["index"] == pytest.approx(103.5)
    (office,) = piramide("pack", "show", pack, "--json").json["structures"]
    assert [node["weight"] for node in office["tree"]] == pytest.approx([0.35, 0.6, 0.05])
    assert [node["points"] for node in office["tree"]] == pytest.approx([35, 60, 5])
    assert piramide("verify", answer["run"]).code == 0


@pytest.mark.parametrize("printed", ["36", "35.1", "34", "-35"])
def test_points_that_are_not_100_are_refused_with_their_line(piramide: Command, pack: Path, printed: str) -> None:
    write(pack, "trees/a.csv", TREE.replace("A,35,", f"A,{printed},").replace("C,,equal_split", "C,5,stated"))

    answer = piramide("pack", "check", pack)

    assert answer.code == 1
    assert "trees/a.csv:2" in answer.out
    assert piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2024").code == 2


def test_thirds_printed_in_points_are_a_slip_of_the_print(piramide: Command, pack: Path) -> None:
    rows = [f"tecnico,{name},,indicator,{name.upper()},33.3,stated,100,piano,p. 1" for name in "abc"]
    write(pack, "trees/a.csv", "\n".join([TREE.splitlines()[0], *rows, ""]))

    answer = piramide("pack", "check", pack, "--json")

    assert [one["code"] for one in answer.json["findings"]] == ["PK052"]


def test_an_amendment_writes_weights_in_points(piramide: Command, pack: Path) -> None:
    changes = [("b", 60, 50), ("c", 5, 15)]
    texts = [OVERRIDE.format(subject=f"structure: tecnico, node: {name}", field="weight", before=before, value=value)
             .replace("id: o", f"id: {name}") for name, before, value in changes]  # fmt: skip
    write(pack, "overrides.yaml", "".join(texts))

    assert piramide("pack", "check", pack).code == 0
    (office,) = piramide("pack", "show", pack, "--json").json["structures"]
    assert [node["weight"] for node in office["tree"]] == pytest.approx([0.35, 0.5, 0.15])


@pytest.mark.parametrize(
    ("subject", "field", "before", "value"),
    [
        ("structure: tecnico, node: a", "target", 100, 90),
        ("structure: tecnico, node: a", "weight", 35, 30),
        ("'structure': 'kind:office', node: a", "target", 100, 90),
        ("indicator: a", "cap", 0.5, 0.3),
    ],
)
def test_what_no_act_changes_is_not_amended(
    piramide: Command, pack: Path, subject: str, field: str, before: float, value: float
) -> None:
    write(pack, "overrides.yaml", OVERRIDE.format(subject=subject, field=field, before=before, value=value))

    assert "PL066" in piramide("pack", "check", pack).out
    answer = piramide("score", pack, "--values", pack.parent / "v.csv", "--period", "2024")
    assert answer.code == 2
    assert "PL066: overrides.yaml:1" in answer.err
    assert "amendable: no" in answer.err


def test_it_goes_to_a_spreadsheet_and_comes_back(piramide: Command, pack: Path) -> None:
    book, back = pack.parent / "a.xlsx", pack.parent / "back"
    assert piramide("pack", "export", pack, book).code == 0
    assert piramide("pack", "import", book, "--out", back).code == 0
    assert (back / "pack.yaml").read_text(encoding="utf-8") == PACK
