"""A draft of a plan that weighs in points writes points; what no act of the year changes is not edited."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.cycle.plans.drafting.edits import Edit, EditKind, Heading, edited
from piramide.cycle.plans.drafting.source import PlanSource, open_source
from piramide.cycle.plans.drafting.writing import write_plan
from piramide.kernel.findings import Refusal
from piramide.methodology.model import Act, Pack

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
tecnico,c,,indicator,C,5,stated,100,piano,p. 2
"""
HEADING = Heading("comune-variato", "Variazione", 2024, Act("variazione", "Variazione"))


@pytest.fixture
def source(tmp_path: Path) -> PlanSource:
    """An office with three indicators, one of which no act of the year changes."""
    folder = tmp_path / "comune-2024"
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    return open_source(folder, demonstration=False)


def weights(pack: Pack) -> list[Fraction]:
    return [node.weight for node in pack.sheets["tecnico"].walk()]


def test_a_share_that_is_typed_is_written_in_points(source: PlanSource, tmp_path: Path) -> None:
    edits = [Edit(EditKind.WEIGHT, "tecnico", "b", "0.525"), Edit(EditKind.WEIGHT, "tecnico", "c", "1/8")]

    written = write_plan(source, edits, HEADING, tmp_path / "bozza")

    assert weights(edited(source, edits, HEADING)) == weights(written)
    assert weights(written) == [Fraction(35, 100), Fraction(525, 1000), Fraction(1, 8)]
    (tree,) = (tmp_path / "bozza" / "trees").glob("*.csv")
    assert [row["weight"] for row in csv.DictReader(tree.read_text(encoding="utf-8").splitlines())] == [
        "35",
        "52.5",
        "12.5",
    ]


@pytest.mark.parametrize("kind", [EditKind.WEIGHT, EditKind.TARGET, EditKind.REMOVED])
def test_what_no_act_of_the_year_changes_is_not_edited(source: PlanSource, tmp_path: Path, kind: EditKind) -> None:
    edits = [Edit(kind, "tecnico", "a", "" if kind is EditKind.REMOVED else "0.3")]

    with pytest.raises(Refusal) as in_memory:
        edited(source, edits, HEADING)
    with pytest.raises(Refusal) as in_files:
        write_plan(source, edits, HEADING, tmp_path / "x")

    told = [(one.code, str(one.place)) for one in in_memory.value.findings]
    assert told == [(one.code, str(one.place)) for one in in_files.value.findings] == [("DR015", "trees/a.csv:2")]
    assert not (tmp_path / "x").exists()


def test_the_plan_of_another_year_may_change_it(source: PlanSource) -> None:
    edits = [Edit(EditKind.WEIGHT, "tecnico", "a", "0.3"), Edit(EditKind.WEIGHT, "tecnico", "b", "0.65")]

    assert weights(edited(source, edits, replace(HEADING, year=2025)))[0] == Fraction(3, 10)
