"""`planning.yaml` and `ladder.csv`: read, refused with file and line, checked, compared, in a workbook and back."""

from __future__ import annotations

import csv
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.exchange.workbook.exporting import export_workbook
from piramide.exchange.workbook.importing import import_workbook
from piramide.kernel.findings import Refusal
from piramide.methodology.changes import compare
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import find_pack, load_pack

SECTION = """groups:
  servizi:
    label: Servizi
    families: [anagrafe, tributi]
    days: {number: 30}
    clearance: 1.02
    act: piano
    place: p. 3
levers:
  straordinario: {label: Straordinario, hours: 120, euro: 22, act: piano, place: p. 4}
learning: {months: [0.25, 0.5], act: piano, place: p. 4}
lot: {points: 15, act: piano, place: p. 4}
competence: {default: none, act: piano, place: p. 4}
"""
LADDER = "office,province,region,act,place\nborgoverde,p1,r1,piano,p. 3\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The municipality with a section of planning."""
    folder = Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "pack"))
    (folder / "planning.yaml").write_text(SECTION, "utf-8")
    (folder / "ladder.csv").write_text(LADDER, "utf-8")
    return folder


def test_it_is_read_with_exact_numbers(folder: Path) -> None:
    planning = load_pack(folder).planning

    group = planning.groups["servizi"]
    assert group.families == ("anagrafe", "tributi")
    assert group.target.days == 30
    assert group.clearance == Fraction(102, 100)
    assert planning.levers["straordinario"].hours == 120
    assert planning.levers["straordinario"].euro == 22
    assert planning.learning == (Fraction(1, 4), Fraction(1, 2))
    assert planning.lot.value == 15
    assert planning.change_cap.value is None
    assert not planning.is_competent
    assert (planning.ladder["borgoverde"].province, planning.ladder["borgoverde"].region) == ("p1", "r1")
    assert planning.lines_of("anagrafe") == ("anagrafe",)


@pytest.mark.parametrize(
    ("old", "new", "code", "file", "line"),
    [
        ("days: {number: 30}", "days: {number: 30, node: x}", "PL032", "planning.yaml", 5),
        ("days: {number: 30}", "days: {table: nowhere, column: x}", "PL100", "planning.yaml", 5),
        ("[anagrafe, tributi]", "[anagrafe, anagrafe]", "PL099", "planning.yaml", 4),
        ("hours: 120", "hours: -1", "PL032", "planning.yaml", 10),
        ("hours: 120", "ore: 120", "PL031", "planning.yaml", 10),
        ("default: none", "default: some", "PL032", "planning.yaml", 13),
    ],
)
def test_a_fault_is_refused_where_it_stands(folder: Path, old: str, new: str, code: str, file: str, line: int) -> None:
    text = (folder / "planning.yaml").read_text("utf-8")
    (folder / "planning.yaml").write_text(text.replace(old, new), "utf-8")

    with pytest.raises(Refusal) as refused:
        load_pack(folder)

    assert (code, file, line) in [(f.code, f.place.file, f.place.line) for f in refused.value.findings]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("nowhere,p2,r1,piano,\n", "PL044"),
        ("borgoverde,p2,r1,piano,\n", "PL026"),
        ("area_servizi,p1,r2,piano,\n", "PL098"),
        ("area_servizi,,r2,piano,\n", "PL023"),
    ],
)
def test_a_row_of_the_ladder_is_refused_with_its_line(folder: Path, row: str, code: str) -> None:
    (folder / "ladder.csv").write_text(LADDER + row, "utf-8")

    with pytest.raises(Refusal) as refused:
        load_pack(folder)

    (finding,) = refused.value.findings
    assert (finding.code, finding.place.file, finding.place.line) == (code, "ladder.csv", 3)


def test_what_is_not_declared_or_has_no_target_is_told(folder: Path) -> None:
    text = (folder / "planning.yaml").read_text("utf-8")
    more = "families:\n  sola: {label: Sola, lines: [a], act: nessuno}\n"
    (folder / "planning.yaml").write_text(more + text.replace("{number: 30}", "{node: nowhere}"), "utf-8")

    found = [finding.code for finding in examine(load_pack(folder)).findings if finding.place.file == "planning.yaml"]

    assert sorted(found) == ["PK001", "PK070", "PK071"]


def test_two_plans_differ_by_what_was_changed(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    (other / "planning.yaml").write_text(SECTION.replace("euro: 22", "euro: 25").replace("points: 15", "points: 20"))

    changes = compare(load_pack(folder), load_pack(other)).changes

    found = [(change.group, change.node, change.field) for change in changes]
    assert found == [("planning", "straordinario", "euro"), ("planning", "", "lot")]


def test_a_workbook_gives_it_back_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    export_workbook(folder, tmp_path / "plan.xlsx")

    import_workbook(tmp_path / "plan.xlsx", tmp_path / "back")

    for name in ("planning.yaml", "ladder.csv"):
        assert (tmp_path / "back" / name).read_bytes() == (folder / name).read_bytes()


def test_inps_has_116_offices_with_days_in_four_areas_and_24_lines_of_production() -> None:
    for name in ("inps-2021", "inps-2024"):
        pack = load_pack(find_pack(name))
        assert len(pack.planning.ladder) == 116
        assert len({rung.region for rung in pack.planning.ladder.values()}) == 20
        assert len(pack.planning.groups) == 4
        assert not [f for f in examine(pack).findings if f.code in {"PK070", "PK071"}]
    pack = load_pack(find_pack("inps-2021"))
    table = Path(pack.root) / "tables/piano_produzione_2021.csv"
    rows = csv.DictReader(table.read_text("utf-8").splitlines())
    printed = {row["code"]: int(row["piano_2021"]) for row in rows}
    assert len(pack.planning.production.lines) == 24
    net_of_inspection = sum(printed[code] for code in pack.planning.production.lines if code != "B2")
    assert abs(net_of_inspection - printed["T"]) <= 12  # 24 rows, each rounded by itself
