"""The invented layer of 2024 shows every structure, says that it is invented, and leaves the stated sheets alone."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Node, Pack, RuleKind, WeightSource
from piramide.scoring.reading import read_values
from piramide.scoring.result import ScoreTable
from piramide.scoring.score import score_pack

FOLDER = shipped_packs() / "inps-2024"
VALUES = FOLDER / "demonstration" / "values" / "2024.csv"
STATED = {"dcm_milano", "trentino_alto_adige", "dc_risorse_umane"}
WITHOUT_TARGET = {RuleKind.THRESHOLD, RuleKind.COMPOSITE}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack with its demonstration layer."""
    return load_pack(FOLDER, demonstration=True)


@pytest.fixture(scope="module")
def year(pack: Pack) -> ScoreTable:
    """Every structure, scored on the invented values of the whole year."""
    return score_pack(pack, read_values(VALUES, pack), "2024")


def leaves(nodes: tuple[Node, ...]) -> list[Node]:
    return [leaf for node in nodes for leaf in (leaves(node.children) if node.children else [node])]


def nodes_of(nodes: tuple[Node, ...]) -> list[Node]:
    return [below for node in nodes for below in (node, *nodes_of(node.children))]


def rows() -> list[dict[str, str]]:
    with VALUES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_gives_a_sheet_to_every_structure_that_is_not_a_combination(pack: Pack) -> None:
    additive = {structure.id for structure in pack.organisation.versions if structure.additive}

    assert set(pack.sheets) == additive


def test_it_marks_what_is_invented_and_keeps_what_is_stated(pack: Pack) -> None:
    plain = load_pack(FOLDER)

    for name, sheet in pack.sheets.items():
        if name in STATED:
            assert sheet == plain.sheets[name]
        else:
            assert sheet.source == "demonstration"
            assert {node.weight_source for node in nodes_of(sheet.tree)} == {WeightSource.DEMONSTRATION}


def test_it_weighs_every_group_to_one(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        groups = [sheet.tree, *(node.children for node in nodes_of(sheet.tree) if node.children)]
        assert {sum(node.weight for node in group) for group in groups} == {1}


def test_it_asks_every_indicator_for_a_target(pack: Pack) -> None:
    for name, sheet in pack.sheets.items():
        for leaf in leaves(sheet.tree):
            needs = pack.indicators[leaf.indicator].rule not in WITHOUT_TARGET
            assert (name, leaf.id, leaf.target is not None or not needs) == (name, leaf.id, True)


@pytest.mark.parametrize(("node", "nation"), [("p_accertamenti", 4249834748), ("p_incassi_pagamenti", 7930574518)])
def test_it_shares_the_ieep_of_the_nation_among_the_directorates(pack: Pack, node: str, nation: int) -> None:
    tree = pack.organisation.on(pack.since)
    shares = [
        leaf.target
        for directorate in (*tree.of_kind("region"), *tree.of_kind("dcm"))
        for leaf in leaves(pack.sheets[directorate.id].tree)
        if leaf.id == node
    ]

    assert len(shares) == 23
    assert sum((share for share in shares if share is not None), Fraction(0)) == nation


def test_it_says_on_every_row_that_values_are_invented() -> None:
    assert {row["note"] for row in rows()} == {"inventato"}


def test_it_gives_values_for_four_quarters_and_the_year_of_every_leaf_that_takes_its_own(pack: Pack) -> None:
    given = {(row["structure"], row["indicator"], row["period"]) for row in rows()}
    asked = {
        (name, leaf.id, period)
        for name, sheet in pack.sheets.items()
        for leaf in leaves(sheet.tree)
        for period in ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024")
        if pack.indicators[leaf.indicator].composite is None
        and pack.indicators[leaf.indicator].value_from in {"", name}
    }

    assert given == asked


def test_it_shows_every_status_that_a_reader_will_meet() -> None:
    assert {row["status"] for row in rows()} == {"measured", "estimated", "missing", "not_started"}
    assert sum(row["contested"] == "yes" for row in rows()) == 2


def test_it_scores_nearly_every_structure_near_its_targets(year: ScoreTable) -> None:
    indices = [structure.index for structure in year.structures if structure.index is not None]

    assert len(indices) >= len(year.structures) - 4
    assert all(85 < index < 115 for index in indices)
    assert min(indices) < 97
    assert max(indices) > 102
