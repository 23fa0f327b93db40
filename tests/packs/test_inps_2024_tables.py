"""The published tables of 2024 prove their identities: hires, which the staff table leaves out, are no slip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from piramide.methodology.checks.identities import Proof, prove
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack, Table


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without its demonstration layer."""
    return load_pack(shipped_packs() / "inps-2024")


@pytest.fixture(scope="module")
def proof(pack: Pack) -> Proof:
    """What became of its identities."""
    return prove(pack)


def column(table: Table, name: str) -> list[str]:
    return [row[table.columns.index(name)] for row in table.rows]


def test_it_proves_every_identity(proof: Proof) -> None:
    assert proof.findings == ()
    assert (proof.identities, proof.proven, proof.failing) == (14, 14, 0)


def test_it_finds_staff_that_falls_by_more_than_the_leavers(pack: Pack) -> None:
    staff = pack.tables["personale_2024"]
    rows = tuple(tuple("27241" if cell == "28306" else cell for cell in row) for row in staff.rows)

    proof = prove(replace(pack, tables={**pack.tables, staff.id: replace(staff, rows=rows)}))

    assert {finding.place.line for finding in proof.findings} == {staff.lines[-1]}


def test_it_evaluates_each_of_the_three_ieep_trees(pack: Pack, proof: Proof) -> None:
    structures = column(pack.tables["ieep_2024"], "structure")

    assert {name: structures.count(name) for name in structures} == {
        "dcm_milano": 39,
        "trentino_alto_adige": 39,
        "nazionale": 39,
    }
    assert proof.relations > 3 * 11


def test_it_carries_the_23_guidelines_and_the_8_missions(pack: Pack) -> None:
    assert column(pack.tables["linee_guida_2024"], "number") == [str(number) for number in range(1, 24)]
    assert len(pack.tables["missioni_2024"].rows) == 8


def test_it_carries_every_project_with_its_sub_dimension(pack: Pack) -> None:
    table = pack.tables["progetti_2024"]
    printed = {node.label for sheet in pack.sheets.values() for top in sheet.tree for node in top.children}

    assert column(table, "structure").count("dc_risorse_umane") == 16
    assert set(column(table, "sub_dimension")) <= printed


def test_it_states_its_tables_with_an_act_and_a_line(pack: Pack) -> None:
    for table in pack.tables.values():
        assert table.citation.act in pack.acts
        assert all(line.isdigit() for line in column(table, "line"))
