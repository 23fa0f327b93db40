"""The official sheets, in every format, give what the shipped pack holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.exchange.sheets import SheetImport, import_sheets
from piramide.kernel.findings import Severity
from piramide.methodology.model import Node, NodeKind, Pack, with_ancestors

Flat = Callable[[tuple[Node, ...]], list[Node]]


def told(node: Node) -> tuple[object, ...]:
    leaf = (node.indicator, node.target) if node.is_leaf else ()
    return (node.id, node.kind, node.label, node.weight, node.weight_source, node.citation, *leaf)


def test_it_equals_the_shipped_tree(official: str, official_read: SheetImport, shipped: Pack, flat: Flat) -> None:
    sheet = official_read.structures[0]

    printed = [node for node in flat(shipped.sheets[official].tree) if node.kind is not NodeKind.COMPOSITE]
    assert sheet.structure.id == official
    assert [told(node) for node in flat(sheet.tree)] == [told(node) for node in printed]


def test_it_takes_known_definitions_whole(official_read: SheetImport, shipped: Pack) -> None:
    sheet = official_read.structures[0]

    assert dict(sheet.indicators) == {key: shipped.indicators[key] for key in sheet.indicators}
    assert not sheet.inferred


def test_it_equals_the_shipped_ieep_tree(official: str, official_read: SheetImport, shipped: Pack) -> None:
    table = shipped.tables["ieep_2024"]
    owner = "nazionale" if official == "dc_risorse_umane" else official
    columns = [table.columns.index(c) for c in ("line_code", "parent_code", "level", "sign_in_parent", "amount_eur")]

    sheet = official_read.structures[0]

    found = [(x.code, x.parent, str(x.level), str(x.sign), str(x.amount)) for x in sheet.ieep]
    assert found == [tuple(row[c] for c in columns) for row in table.rows if row[0] == owner]


def test_it_equals_the_shipped_spending_rules(official: str, official_read: SheetImport, shipped: Pack) -> None:
    table = shipped.tables["gestione_spesa_2024"]
    columns = [table.columns.index(c) for c in ("indicator", "forecast", "lower_pct", "upper_pct")]

    sheet = official_read.structures[0]

    def text(bound: object) -> str:
        return "" if bound is None else str(bound)

    found = [(x.indicator, x.moment, text(x.lower), text(x.upper)) for x in sheet.spending]
    assert found == [tuple(row[c] for c in columns) for row in table.rows if row[0] == official]


def test_it_equals_the_shipped_projects(official: str, official_read: SheetImport, shipped: Pack) -> None:
    sheet = official_read.structures[0]
    labels = {alias.printed: alias.canonical for alias in sheet.aliases}
    above = {node.id: (above[0].label, above[1].label) for node, above in with_ancestors(sheet.tree) if above[1:]}

    found = [(x.id, x.title, labels.get(x.dimension, x.dimension), x.sub_dimension) for x in sheet.projects]

    assert found == [
        (entry.id, entry.label, *above[entry.node]) for entry in shipped.chain.register if entry.structure == official
    ]


def test_it_reads_the_acts_from_the_notes(official_read: SheetImport, shipped: Pack) -> None:
    sheet = official_read.structures[0]

    for key in ("smvp_2024", "piao_2024", "obiettivi_2024"):
        stated, known = sheet.acts[key], shipped.acts[key]
        assert (stated.label, stated.kind, stated.number, stated.day) == (
            known.label,
            known.kind,
            known.number,
            known.day,
        )


def test_it_finds_nothing_wrong_in_them(official: str, official_read: SheetImport) -> None:
    findings = official_read.findings

    # The only thing to look at: a sub-dimension of the third sheet prints a target and no indicator.
    loud = [finding.code for finding in findings if finding.level is not Severity.NOTE]
    assert loud == (["SH024"] if official == "dc_risorse_umane" else [])


def test_it_says_each_use_of_a_variant(fixture_path: Callable[[str], Path]) -> None:
    findings = import_sheets([fixture_path("dcm_milano.txt"), fixture_path("trentino_alto_adige.txt")]).findings

    variants = {finding.subject: finding.place.line for finding in findings if finding.code == "SH015"}
    assert variants["Percentuale domande INVIV in prima istanza/totale accolte"] == 33
    assert variants["REG. TRENINO"] == 4
    assert variants["Direttore Coordinamento Metropolitanano"] == 4


def test_it_gives_the_answer_of_the_contract(fixture_path: Callable[[str], Path]) -> None:
    answer = import_sheets([fixture_path("dcm_milano.txt")]).as_json()

    assert set(answer) == {"structures", "findings"}
    structure = answer["structures"][0]  # type: ignore[index]
    assert {key: structure[key] for key in ("id", "label", "kind", "parent", "source")} == {
        "id": "dcm_milano",
        "label": "DCM Milano",
        "kind": "dcm",
        "parent": "nazionale",
        "source": "stated",
    }
    leaf = structure["tree"][0]["children"][0]["children"][0]
    assert leaf == {
        "id": "indice_deflusso",
        "kind": "indicator",
        "label": "Indice di Deflusso",
        "weight": 0.2,
        "weight_source": "equal_split",
        "indicator": "indice_deflusso",
        "rule": "gap_up",
        "unit": "ratio",
        "target": 1.01,
        "printed": "1,010",
        "cap": 0.5,
        "act": {"id": "obiettivi_2024", "place": "p. 27"},
    }


@pytest.mark.parametrize("name", ["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"])
def test_it_gives_groups_the_act_of_the_sheet(fixture_path: Callable[[str], Path], name: str) -> None:
    structure = import_sheets([fixture_path(f"{name}.txt")]).as_json()["structures"][0]  # type: ignore[index]

    groups = [group for top in structure["tree"] for group in (top, *top["children"])]
    assert {(group["act"]["id"], group["act"]["place"]) for group in groups} == {
        ("obiettivi_2024", "scheda della struttura")
    }
