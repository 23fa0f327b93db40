"""Targets of later years: read, refused with file and line, told by `pack show` and the difference of two plans."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.methodology.changes import compare
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.show import show

HEADER = "structure,node,year,target,target_rule,printed,act,place\n"
ROWS = (
    "borgoverde,ritardo_pagamenti,2027,,target_before - 1,,piano,p. 8\n"
    "borgoverde,ritardo_pagamenti,2026,25,,25 gg,piano,p. 8\n"
    "borgoverde,riscossione_entrate_proprie,2026,,1.02 * actual_before,,piano,p. 9\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The municipality with targets of two later years."""
    folder = Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "pack"))
    (folder / "years.csv").write_text(HEADER + ROWS, "utf-8")
    return folder


def test_the_nearest_year_stands_first(folder: Path) -> None:
    targets = load_pack(folder).years["borgoverde", "ritardo_pagamenti"]

    assert [(target.year, target.target, target.target_rule) for target in targets] == [
        (2026, 25, ""),
        (2027, None, "target_before - 1"),
    ]


def test_a_pack_without_the_file_has_none_and_keeps_its_hash(folder: Path) -> None:
    (folder / "years.csv").unlink()

    bare = load_pack(folder)

    assert bare.years == {}
    assert bare.hash == load_pack(find_pack("comune-esempio")).hash


def test_pack_show_tells_them_with_their_act(folder: Path) -> None:
    def nodes(tree: list[dict[str, object]]) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for node in tree:
            found[str(node["id"])] = node
            children = node.get("children", [])
            assert isinstance(children, list)
            found |= nodes(children)
        return found

    (shown,) = show(load_pack(folder), ("borgoverde",))["structures"]
    told = nodes(shown["tree"])

    assert told["ritardo_pagamenti"]["years"] == [
        {"year": 2026, "target": 25.0, "target_rule": "", "printed": "25 gg", "act": {"id": "piano", "place": "p. 8"}},
        {
            "year": 2027,
            "target": None,
            "target_rule": "target_before - 1",
            "printed": "",
            "act": {"id": "piano", "place": "p. 8"},
        },
    ]
    assert {node for node, item in told.items() if "years" in item} == {
        "riscossione_entrate_proprie",
        "ritardo_pagamenti",
    }


FAULTS = {
    "a structure of nobody": ("borgoverde,ritardo_pagamenti,2026", "borgonero,ritardo_pagamenti,2026", "PL044", 3),
    "no such leaf": ("ritardo_pagamenti,2026", "ritardi,2026", "PL084", 3),
    "the plan's own year": (",2026,25", ",2025,25", "PL096", 3),
    "a year that is none": (",2026,25", ",2026bis,25", "PL096", 3),
    "a year of the next millennium": (",2026,25", ",20260,25", "PL096", 3),
    "a figure and a rule": (",25,,", ",25,target_before,", "PL097", 3),
    "neither": (",25,,25 gg", ",,,25 gg", "PL023", 3),
    "no figure": (",25,,", ",venti,,", "KN003", 3),
    "twice": ("ritardo_pagamenti,2027", "ritardo_pagamenti,2026", "PL026", 3),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", ["it", "en"])
def test_it_refuses_with_file_line_and_remedy(folder: Path, fault: str, language: str) -> None:
    old, new, code, line = FAULTS[fault]
    path = folder / "years.csv"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(Refusal) as refusal:
        load_pack(folder)

    (finding,) = refusal.value.findings
    assert (finding.code, finding.place.file, finding.place.line) == (code, "years.csv", line)
    assert finding.message(language).count("{") == 0


CHECKS = {
    "a rule over what nobody knows": ("target_before - 1", "target_befor - 1", "KN203"),
    "a rule that is no arithmetic": ("target_before - 1", "select 1", "KN202"),
    "a print that says another figure": ("25 gg", "26 gg", "PK045"),
    "an act of nobody": ("piano,p. 9", "paino,p. 9", "PK001"),
}


@pytest.mark.parametrize("fault", CHECKS)
def test_pack_check_finds(folder: Path, fault: str) -> None:
    old, new, code = CHECKS[fault]
    path = folder / "years.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    found = [finding.code for finding in examine(load_pack(folder)).findings if finding.place.file == "years.csv"]

    assert found == [code]


def test_a_parameter_that_only_a_later_year_reads_is_read(folder: Path) -> None:
    parameters = (
        "crescita: {label: Crescita, unit: ratio, values: [{from: 2025-01-01, value: 1.02, act: piano, place: p. 9}]}\n"
    )
    (folder / "parameters.yaml").write_text(parameters, "utf-8")
    before = [finding.code for finding in examine(load_pack(folder)).findings].count("PK041")
    path = folder / "years.csv"
    path.write_text(path.read_text("utf-8").replace("1.02 * actual", "crescita * actual"), "utf-8")

    after = [finding.code for finding in examine(load_pack(folder)).findings].count("PK041")

    assert (before, after) == (1, 0)


def test_the_difference_of_two_plans_tells_what_comes_and_changes(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    text = (other / "years.csv").read_text("utf-8").replace("2026,25,,25 gg", "2026,24,,24 gg")
    (other / "years.csv").write_text(
        text.replace("riscossione_entrate_proprie,2026", "riscossione_entrate_proprie,2028"), "utf-8"
    )

    changes = compare(load_pack(folder), load_pack(other)).changes

    assert [(c.group, c.structure, c.node, c.field, c.before, c.after) for c in changes] == [
        ("years", "borgoverde", "ritardo_pagamenti, 2026", "target", 25, 24),
        ("years", "borgoverde", "ritardo_pagamenti, 2026", "printed", "25 gg", "24 gg"),
        ("years", "borgoverde", "riscossione_entrate_proprie, 2026", "years", "1.02 * actual_before", None),
        ("years", "borgoverde", "riscossione_entrate_proprie, 2028", "years", None, "1.02 * actual_before"),
    ]
