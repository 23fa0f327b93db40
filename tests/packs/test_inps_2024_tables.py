"""The published tables of 2024 prove their identities: hires, which the staff table leaves out, are no slip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from piramide.methodology.checks.identities import Proof, prove
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack, Table, with_ancestors


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


def test_it_carries_every_project_below_its_sub_dimension(pack: Pack) -> None:
    parts = {
        (structure, node.id): above[-1].label
        for structure, sheet in pack.sheets.items()
        for node, above in with_ancestors(sheet.tree)
        if above
    }
    found = [parts[entry.structure, entry.node] for entry in pack.chain.register]

    assert [entry.structure for entry in pack.chain.register].count("dc_risorse_umane") == 16
    assert len(found) == 17
    assert found.count("Efficacia delle politiche di gestione delle risorse umane") == 5


def test_it_states_its_tables_with_an_act_and_a_line(pack: Pack) -> None:
    for table in pack.tables.values():
        assert table.citation.act in pack.acts
        assert all(line.isdigit() for line in column(table, "line"))
