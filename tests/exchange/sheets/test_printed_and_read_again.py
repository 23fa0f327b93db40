"""The sheet printed from a plan, read again: the same tree, without an error and without a doubt."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from piramide.cycle.plans.objectives.content import objectives_sheet
from piramide.exchange.sheets import import_sheets, lookups_for, write_pack
from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks.report import examine
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack
from piramide.methodology.show import show
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.objectives.word import word
from piramide.reports.objectives.workbook import workbook

INVENTED: Final = load_pack(find_pack("inps-2024"), demonstration=True)
ONE_OF_EACH_KIND: Final = {
    place.kind: place.id for place in INVENTED.organisation.versions if place.id in INVENTED.sheets
}
SHIPPED: Final = ("inps-2024", "comune-esempio", "agenzia-entrate-2017", "esteri-2017", "lamezia-terme-2024")
PLANS: Final = {name: load_pack(find_pack(name)) for name in SHIPPED}
FORMS: Final[dict[str, Callable[[ObjectivesSheet], bytes]]] = {"xlsx": workbook, "docx": word}
EVERY: Final = [(name, structure) for name, plan in PLANS.items() for structure in plan.sheets]


def printed(plan: Pack, structure: str, form: str, folder: Path) -> Path:
    path = folder / f"scheda.{form}"
    path.write_bytes(FORMS[form](objectives_sheet(in_force(plan), structure)))
    return path


def told(nodes: list[dict[str, Any]], above: str = "") -> Iterator[tuple[object, ...]]:
    """The nodes that a paper prints, in order, by what the round trip must keep."""
    for node in nodes:
        if node["kind"] == "composite" and not node["weight"]:
            continue
        kept = [node.get(name) for name in ("id", "kind", "label", "unit", "target", "printed")]
        yield (above, *kept, pytest.approx(node["weight"], abs=1e-12))
        yield from told(node.get("children", []), node["id"])


def read_again(plan: Pack, structure: str, form: str, folder: Path) -> tuple[Any, Any, list[Finding]]:
    """The structure as the plan shows it, as the import gives it, and what is more than a note."""
    path = printed(plan, structure, form, folder)
    read = import_sheets([path], lookups_for([path]))
    (sheet,) = read.structures
    (shown,) = show(plan, (structure,))["structures"]
    return shown, sheet.as_json(), [finding for finding in read.findings if finding.level is not Severity.NOTE]


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("structure", sorted(ONE_OF_EACH_KIND.values()))
def test_so_does_an_invented_one_with_weights_of_its_indicators(structure: str, form: str, tmp_path: Path) -> None:
    shown, again, doubts = read_again(INVENTED, structure, form, tmp_path)

    assert again["id"] == structure
    assert list(told(again["tree"])) == list(told(shown["tree"]))
    assert [doubt.message("it") for doubt in doubts if doubt.level is Severity.ERROR] == []


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize(("name", "structure"), EVERY)
def test_it_gives_the_same_tree(name: str, structure: str, form: str, tmp_path: Path) -> None:
    shown, again, doubts = read_again(PLANS[name], structure, form, tmp_path)

    assert (again["id"], again["kind"], again["label"]) == (shown["id"], shown["kind"], shown["label"])
    assert list(told(again["tree"])) == list(told(shown["tree"]))
    assert [doubt.message("it") for doubt in doubts] == []


@pytest.mark.parametrize("form", sorted(FORMS))
def test_so_does_an_indicator_beside_the_objectives(form: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_pack("agenzia-entrate-2017"), tmp_path / "packs" / "agenzia-2018"))
    text = (folder / "pack.yaml").read_text("utf-8").replace("id: agenzia-entrate-2017", "id: agenzia-2018")
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    tree = folder / "trees" / "agenzia.csv"
    unseen, seen = (
        "altre_aree,,not_at_hand,Altre aree,65,reconstructed,,",
        "altre_aree,,indicator,Altre aree,65,stated,0.5,50%",
    )
    assert unseen in tree.read_text("utf-8")
    tree.write_text(tree.read_text("utf-8").replace(unseen, seen), encoding="utf-8")
    indicator = (
        "altre_aree: {label: Altre aree, unit: fraction, rounding: 0, direction: up, rule: gap_up, level: ratio}\n"
    )
    with (folder / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write(indicator)
    plan = load_pack(folder)
    path = printed(plan, "agenzia_entrate", form, tmp_path)

    read = import_sheets([path], lookups_for([path], [folder.parent]))

    again: Any = read.structures[0].as_json()
    (shown,) = show(plan, ("agenzia_entrate",))["structures"]
    assert list(told(again["tree"])) == list(told(shown["tree"]))
    assert [finding.message("it") for finding in read.findings if finding.level is not Severity.NOTE] == []


def test_the_annexes_come_back_whole(tmp_path: Path) -> None:
    path = printed(PLANS["inps-2024"], "dc_risorse_umane", "xlsx", tmp_path)

    (sheet,) = import_sheets([path], lookups_for([path])).structures

    assert (len(sheet.ieep), sheet.ieep[0].amount, sheet.ieep[25].sign) == (39, Fraction(12180409266), -1)
    five = Fraction(5)
    assert [(rule.moment, rule.lower, rule.upper) for rule in sheet.spending] == [
        *((moment, None, five) for moment in ("I", "II", "III")),
        ("IV", -five, five),
    ]
    assert len(sheet.projects) == 16


def test_the_pack_of_what_was_read_is_sound(tmp_path: Path) -> None:
    plan = PLANS["comune-esempio"]
    paths = []
    for structure in plan.sheets:
        folder = tmp_path / structure
        folder.mkdir()
        paths.append(printed(plan, structure, "docx", folder))
    known = lookups_for(paths)

    write_pack(import_sheets(paths, known), tmp_path / "letto", known)

    again = load_pack(tmp_path / "letto")
    assert list(again.sheets) == list(plan.sheets)
    assert [finding.code for finding in examine(again).findings if finding.level is Severity.ERROR] == []


def test_a_file_of_no_plan_is_read_with_the_shipped_sheets(tmp_path: Path) -> None:
    path = tmp_path / "scheda.txt"
    path.write_text("Obiettivi", encoding="utf-8")

    assert lookups_for([path]).pack.id == "inps-2024"
    assert not lookups_for([path]).is_own


PLAN_2021: Final = load_pack(find_pack("inps-2021"))


@pytest.mark.parametrize("form", sorted(FORMS))
def test_titles_of_projects_are_read_without_the_days_and_evidence_beside_them(form: str, tmp_path: Path) -> None:
    structure = "dc_patrimonio_investimenti"
    path = printed(PLAN_2021, structure, form, tmp_path)

    (sheet,) = import_sheets([path], lookups_for([path])).structures

    register = [entry for entry in PLAN_2021.chain.register if entry.structure == structure]
    assert [(project.id, project.title) for project in sheet.projects] == [(e.id, e.label) for e in register]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_risks_that_the_plan_holds_are_no_cells_without_a_place(form: str, tmp_path: Path) -> None:
    path = printed(PLAN_2021, "nazionale", form, tmp_path)

    read = import_sheets([path], lookups_for([path]))

    texts = {risk.text for risk in PLAN_2021.chain.risks}
    assert [finding for finding in read.findings if finding.fields.get("printed") in texts] == []


@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("in_points", [False, True])
def test_sums_of_money_and_points_of_the_plan_come_back_as_the_same_tree(
    form: str, in_points: bool, tmp_path: Path
) -> None:
    """What each objective is worth says again what the plan holds; 35 points are 35 %."""
    folder = tmp_path / "comune-esempio"
    shutil.copytree(find_pack("comune-esempio"), folder)
    sums = "premio: {label: Premio di struttura, structure: area_tecnica, total: 12345.67, act: piano, place: p. 9}\n"
    (folder / "money.yaml").write_text(sums, encoding="utf-8")
    plan = load_pack(folder)
    sheet = objectives_sheet(in_force(replace(plan, weighs_in_points=in_points)), "area_tecnica")
    assert "Premio di struttura" in {annex.title for annex in sheet.annexes}
    path = tmp_path / f"scheda.{form}"
    path.write_bytes(FORMS[form](sheet))

    known = lookups_for([path], [tmp_path])
    read = import_sheets([path], known)

    (sheet_read,) = read.structures
    again: Any = sheet_read.as_json()
    (shown,) = show(plan, ("area_tecnica",))["structures"]
    assert known.is_own
    assert list(told(again["tree"])) == list(told(shown["tree"]))
    assert [finding.message("it") for finding in read.findings if finding.level is not Severity.NOTE] == []
