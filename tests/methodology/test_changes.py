"""What changed between two packs is listed as an amendment lists it, each change with its act."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.methodology.changes import GROUPS, Change, compare
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Citation

TREE = "trees/comune.csv"
Amend = Callable[..., tuple[Change, ...]]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The small municipality, with a table, a parameter, a scale and a profile."""
    folder = Path(shutil.copytree(find_pack("comune-esempio"), tmp_path / "base"))
    (folder / "tables").mkdir()
    more = {
        "tables.yaml": "entrate: {title: Entrate, key: [voce, anno], unit: eur, act: piano, place: p. 20}\n",
        "tables/entrate.csv": "voce,anno,importo\nimposte,2024,100\nimposte,2025,110\n",
        "parameters.yaml": "crescita: {label: Crescita, unit: ratio,"
        " values: [{from: 2025-01-01, value: 1.02, act: piano, place: p. 5}]}\n",
        "scales.yaml": "punti: {label: Punti, act: piano, place: p. 6, bands: [{from: 0, to: 1, points: 5}]}\n",
        "profiles.yaml": "anno: {kind: share, quarters: [0.25, 0.5, 0.75, 1], act: piano, place: p. 7}\n",
    }
    for name, text in more.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def amend(base: Path, tmp_path: Path) -> Amend:
    """The changes from the base to a copy where texts of files were replaced."""

    def changed(*edits: tuple[str, str, str]) -> tuple[Change, ...]:
        other = Path(shutil.copytree(base, tmp_path / "other"))
        for file, before, after in edits:
            text = (other / file).read_text("utf-8") if (other / file).exists() else ""
            assert before in text, before
            (other / file).parent.mkdir(exist_ok=True)
            (other / file).write_text(text.replace(before, after, 1), "utf-8")
        return compare(load_pack(base), load_pack(other)).changes

    return changed


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str, str, object, object]]:
    """Each change as the JSON says it, without its act."""
    answers = [change.as_json() for change in changes]
    keys = ("group", "structure", "node", "field", "before", "after")
    return [(a[keys[0]], a[keys[1]], a[keys[2]], a[keys[3]], a[keys[4]], a[keys[5]]) for a in answers]


def test_it_finds_nothing_between_a_pack_and_itself(amend: Amend) -> None:
    assert amend() == ()


def test_it_tells_weights(amend: Amend) -> None:
    changes = amend(
        (TREE, "Ritardo dei pagamenti,0.6,stated", "Ritardo dei pagamenti,0.75,decision"),
        (TREE, "entrate proprie,0.4,stated", "entrate proprie,1/4,stated"),
    )

    assert told(changes) == [
        ("weights", "borgoverde", "ritardo_pagamenti", "weight", 0.6, 0.75),
        ("weights", "borgoverde", "ritardo_pagamenti", "weight_source", "stated", "decision"),
        ("weights", "borgoverde", "riscossione_entrate_proprie", "weight", 0.4, 0.25),
    ]
    assert changes[0].citation == Citation("piano", "p. 8")


def test_it_tells_a_target_with_the_act_that_sets_it(amend: Amend) -> None:
    (change,) = amend(
        (TREE, "entrate proprie,0.4,stated,0.92,piano,p. 8", "entrate proprie,0.4,stated,0.95,piano,p. 9")
    )

    assert change.as_json() == {
        "group": "targets",
        "structure": "borgoverde",
        "node": "riscossione_entrate_proprie",
        "field": "target",
        "before": 0.92,
        "after": 0.95,
        "act": {"id": "piano", "place": "p. 9"},
    }
    assert change.sentence() == "borgoverde, riscossione_entrate_proprie: target 0,92 → 0,95 (piano, p. 9)"


def test_it_tells_a_target_that_is_taken_away(amend: Amend) -> None:
    (change,) = amend((TREE, "0.4,stated,0.92,", "0.4,stated,,"))

    assert told((change,)) == [("targets", "borgoverde", "riscossione_entrate_proprie", "target", 0.92, None)]
    assert "0,92 → –" in change.sentence()


def test_it_tells_labels_of_nodes_and_of_definitions_apart(amend: Amend) -> None:
    changes = amend(
        (TREE, ",Edilizia,", ",Edilizia privata,"),
        ("pack.yaml", "{label: Raccolta differenziata,", "{label: Raccolta separata,"),
    )

    assert told(changes) == [
        ("sheets", "area_tecnica", "edilizia", "label", "Edilizia", "Edilizia privata"),
        ("definitions", "", "raccolta_differenziata", "label", "Raccolta differenziata", "Raccolta separata"),
    ]


def test_it_tells_nodes_that_come_go_and_move(amend: Amend) -> None:
    changes = amend(
        (
            TREE,
            "area_tecnica,buche_riparate_entro_dieci_giorni,citta_pulita_sicura",
            "area_tecnica,costo_pasto_scolastico,citta_pulita_sicura",
        ),
        (
            TREE,
            "area_tecnica,raccolta_differenziata,citta_pulita_sicura",
            "area_tecnica,raccolta_differenziata,edilizia",
        ),
    )

    found = [(c.field, c.node, c.before, c.after) for c in changes if c.group == "sheets"]
    assert ("parent", "raccolta_differenziata", "citta_pulita_sicura", "edilizia") in found
    assert ("node", "buche_riparate_entro_dieci_giorni", "Buche riparate entro dieci giorni", None) in found
    assert ("node", "costo_pasto_scolastico", None, "Buche riparate entro dieci giorni") in found


def test_it_tells_structures_that_come_go_and_change(amend: Amend, base: Path) -> None:
    text = (base / TREE).read_text("utf-8")
    tecnica = text[text.index("area_tecnica") :]

    changes = amend(
        ("pack.yaml", "area_servizi: {label: Area Servizi alla persona,", "area_servizi: {label: Area Servizi,"),
        ("pack.yaml", "area_tecnica: {label: Area Tecnica,", "area_verde: {label: Area Verde,"),
        (TREE, tecnica, ""),
    )

    assert told(changes) == [
        ("structures", "area_servizi", "", "label", "Area Servizi alla persona", "Area Servizi"),
        ("structures", "area_tecnica", "", "structure", "Area Tecnica", None),
        ("structures", "area_verde", "", "structure", None, "Area Verde"),
        ("sheets", "area_tecnica", "", "sheet", True, None),
    ]


def test_it_tells_cells_of_tables_by_their_key(amend: Amend) -> None:
    changes = amend(
        ("tables/entrate.csv", "imposte,2025,110", "imposte,2025,120\ntasse,2025,7"),
        ("tables.yaml", "unit: eur", "unit: pieces"),
    )

    assert ("tables", "", "entrate", "imposte|2025 [importo]", "110", "120") in told(changes)
    assert ("tables", "", "entrate", "tasse|2025 [importo]", None, "7") in told(changes)
    assert ("tables", "", "entrate", "unit", "eur", "pieces") in told(changes)
    assert {change.citation for change in changes} == {Citation("piano", "p. 20")}


def test_it_tells_both_of_two_rows_with_the_same_key(amend: Amend, base: Path) -> None:
    (base / "tables" / "entrate.csv").write_text("voce,anno,importo\na,2024,1\na,2024,2\n", "utf-8")

    changes = amend(("tables/entrate.csv", "a,2024,1\n", "a,2024,3\n"))

    assert [(change.before, change.after) for change in changes] == [("1", "3")]


def test_it_tells_acts_parameters_scales_and_profiles(amend: Amend) -> None:
    changes = amend(
        (
            "pack.yaml",
            "  piano: {label: Piano integrato",
            "  variante: {label: Variante}\n  piano: {label: Piano integrato",
        ),
        ("parameters.yaml", "value: 1.02", "value: 1.05"),
        ("scales.yaml", "points: 5", "points: 6"),
        ("profiles.yaml", "0.25, 0.5", "0.3, 0.5"),
    )

    assert [(c.group, c.node, c.field) for c in changes] == [
        ("parameters", "crescita", "values"),
        ("scales", "punti", "bands"),
        ("profiles", "anno", "quarters"),
        ("acts", "variante", "acts"),
    ]
    assert changes[2].as_json()["after"] == [0.3, 0.5, 0.75, 1.0]
    assert changes[1].as_json()["before"] == [{"low": 0.0, "high": 1.0, "points": 5.0}]
    assert changes[0].citation == Citation("piano", "p. 5")


def test_it_tells_kinds_rules_and_measures(amend: Amend) -> None:
    changes = amend(
        (TREE, "edilizia,,objective,", "edilizia,,line,"),
        ("pack.yaml", "{label: Posti di asilo nido, unit", "{label: Posti nei nidi, unit"),
        ("pack.yaml", "rule: milestone", "rule: report_only"),
    )

    assert told(changes) == [
        ("sheets", "area_tecnica", "edilizia", "kind", "objective", "line"),
        ("definitions", "", "archivio_edilizio_rete", "rule", "milestone", "report_only"),
        ("definitions", "", "nursery_places", "measure", "Posti di asilo nido", "Posti nei nidi"),
    ]


def test_it_tells_the_amendments_of_the_year_as_in_force(amend: Amend) -> None:
    override = (
        "- {id: deroga, subject: {structure: borgoverde, node: riscossione_entrate_proprie}, field: target,"
        ' before: "0.92", value: "0.90", from: 2025-06-01, act: sistema, place: art. 9, reason: Crisi}\n'
    )

    (change,) = amend(("overrides.yaml", "", override))

    assert told((change,)) == [("targets", "borgoverde", "riscossione_entrate_proprie", "target", 0.92, 0.9)]
    assert change.citation == Citation("sistema", "art. 9")


def test_it_groups_in_the_order_of_an_amendment_and_answers_in_json(base: Path) -> None:
    changes = compare(load_pack(find_pack("inps-2020")), load_pack(find_pack("inps-2021")))

    groups = [group for group, _ in changes.groups()]
    assert groups == [group for group in GROUPS if group in groups]
    assert sum(len(items) for _, items in changes.groups()) == len(changes.changes)
    answer = json.loads(json.dumps(changes.as_json(), allow_nan=False))
    assert (answer["a"], answer["b"]) == ("inps-2020", "inps-2021")
    keys = {"group", "structure", "node", "field", "before", "after", "act"}
    assert {frozenset(change) for change in answer["changes"]} == {frozenset(keys)}


def test_it_says_every_change_in_one_line(base: Path) -> None:
    changes = compare(load_pack(find_pack("inps-2021")), load_pack(find_pack("inps-2024")))

    sentences = [change.sentence() for change in changes.changes]
    assert [sentence for sentence in sentences if "\n" in sentence or "Fraction(" in sentence] == []


def test_it_tells_an_act_or_a_place_that_changes_alone(amend: Amend) -> None:
    changes = amend((TREE, "0.92,piano,p. 8", "0.92,piano,p. 18"))

    (change,) = changes
    assert told((change,)) == [
        ("citations", "borgoverde", "riscossione_entrate_proprie", "act", "piano, p. 8", "piano, p. 18")
    ]
    assert change.citation == Citation("piano", "p. 18")


def test_it_tells_the_act_of_a_definition_that_changes_alone(amend: Amend) -> None:
    changes = amend(("pack.yaml", "act: piano, place: p. 8,\n", "act: sistema, place: art. 9,\n"))

    assert told(changes) == [("citations", "", "ritardo_pagamenti", "definitions", "piano, p. 8", "sistema, art. 9")]


def test_it_tells_what_the_head_of_the_pack_says(amend: Amend) -> None:
    changes = amend(
        ("pack.yaml", "performance 2025", "performance 2025, aggiornato"),
        ("pack.yaml", "until: 2026-01-01", "until: 2025-07-01"),
        ("pack.yaml", "cap: {value: 0.5", "missing: worst\ncap: {value: 0.4"),
    )

    heads = [change for change in told(changes) if change[0] == "pack"]
    assert heads == [
        ("pack", "", "", "label", "Piano della performance 2025", "Piano della performance 2025, aggiornato"),
        ("pack", "", "", "until", "2026-01-01", "2025-07-01"),
        ("pack", "", "", "cap", 0.5, 0.4),
        ("pack", "", "", "missing", "leave", "worst"),
    ]


def test_it_tells_templates_identities_past_values_and_variants(amend: Amend) -> None:
    identity = (
        "- {id: somma, kind: floor, sentence: Nessuna voce è negativa, table: entrate, column: importo, least: 0}\n"
    )
    changes = amend(
        ("templates/area.csv", "", "structure,node,parent,kind,label\nkind:area,costi,,indicator,Costi\n"),
        ("identities.yaml", "", identity),
        ("history.csv", "", "structure,node,name,value\nborgoverde,ritardo_pagamenti,before,3\n"),
        ("aliases.csv", "", "printed,canonical,kind\nRitardi,Ritardo dei pagamenti,node\n"),
    )

    assert told(changes) == [
        ("history", "borgoverde", "ritardo_pagamenti", "before", None, 3.0),
        ("templates", "kind:area", "costi", "node", None, "Costi"),
        ("identities", "", "somma", "identities", None, "somma"),
        ("aliases", "", "Ritardi", "node", None, "Ritardo dei pagamenti"),
    ]


def test_it_tells_the_citation_of_a_target_apart_from_that_of_its_node(base: Path, tmp_path: Path) -> None:
    tree = base / TREE
    tree.write_text(tree.read_text("utf-8").replace("0.4,stated,0.92,", "0.4,stated,,"), "utf-8")
    (base / "targets").mkdir()
    row = "structure,node,target,act,place\nborgoverde,riscossione_entrate_proprie,0.92,piano,"
    (base / "targets" / "t.csv").write_text(f"{row}p. 8\n", "utf-8")
    other = Path(shutil.copytree(base, tmp_path / "other"))
    (other / "targets" / "t.csv").write_text(f"{row}p. 18\n", "utf-8")

    changes = compare(load_pack(base), load_pack(other)).changes

    assert [(change.group, change.field) for change in changes] == [("citations", "target_act")]
