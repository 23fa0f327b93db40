"""What a planner edits in the spreadsheet comes back in the pack, and nothing else changes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.exchange.workbook import Imported, export_workbook, import_workbook
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Node, Pack
from tests.exchange.workbook_editing import INDICATORS, TREE, Formula, Saved, edit, files_of

COMUNE = "comune-esempio"
Trip = Callable[..., Imported]


@pytest.fixture
def trip(tmp_path: Path) -> Trip:
    """Export a pack, edit the workbook, import it."""

    def travel(change: Callable[[Saved], None], name: str | Path = COMUNE) -> Imported:
        file = tmp_path / "piano.xlsx"
        file.unlink(missing_ok=True)
        export_workbook(find_pack(name) if isinstance(name, str) else name, file)
        edit(file, change)
        return import_workbook(file, tmp_path / f"tornato-{len(list(tmp_path.iterdir()))}")

    return travel


def nodes(pack: Pack) -> dict[str, Node]:
    """Every node of every sheet by id."""

    def below(tree: tuple[Node, ...]) -> Iterator[Node]:
        for node in tree:
            yield node
            yield from below(node.children)

    return {node.id: node for sheet in pack.sheets.values() for node in below(sheet.tree)}


def difference(imported: Imported, file: str, name: str = COMUNE) -> tuple[list[str], list[str]]:
    """Lines of a file that went, and lines that came."""
    before, after = ((folder / file).read_text("utf-8") for folder in (find_pack(name), imported.folder))
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_it_takes_a_weight_and_a_target(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put(TREE, {"node": "ritardo_pagamenti"}, "weight", 0.7)
        sheets.put(TREE, {"node": "riscossione_entrate_proprie"}, "weight", 0.3)
        sheets.put(TREE, {"node": "riscossione_entrate_proprie"}, "target", 0.95)

    imported = trip(change)

    found = nodes(load_pack(imported.folder))
    assert imported.changed == ("trees/comune.csv",)
    assert [found[n].weight for n in ("ritardo_pagamenti", "riscossione_entrate_proprie")] == [
        Fraction(7, 10),
        Fraction(3, 10),
    ]
    assert found["riscossione_entrate_proprie"].target == Fraction(95, 100)
    assert [len(lines) for lines in difference(imported, "trees/comune.csv")] == [2, 2]


def test_it_changes_no_other_file(trip: Trip) -> None:
    imported = trip(lambda sheets: sheets.put(TREE, {"node": "edilizia"}, "label", "Edilizia privata"))

    before, after = files_of(find_pack(COMUNE)), files_of(imported.folder)
    assert {name for name in before if before[name] != after[name]} == {"trees/comune.csv"}
    assert before.keys() == after.keys()


def test_it_adds_and_deletes_rows_of_a_table(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets[TREE] = [row for row in sheets[TREE] if row[1] != "buche_riparate_entro_dieci_giorni"]
        sheets.put(TREE, {"node": "raccolta_differenziata"}, "weight", 0.5)
        sheets.add(
            TREE,
            structure="area_tecnica",
            node="ritardo_pagamenti",
            parent="citta_pulita_sicura",
            kind="indicator",
            label="Ritardo, «netto», dei pagamenti",
            weight="1/2",
            weight_source="decision",
            target=0.0,
        )

    imported = trip(change)

    gone, came = difference(imported, "trees/comune.csv")
    assert any("buche_riparate" in line for line in gone)
    assert came[-1] == (
        "area_tecnica,ritardo_pagamenti,citta_pulita_sicura,indicator,"
        '"Ritardo, «netto», dei pagamenti",1/2,decision,0,,'
    )


def test_it_adds_an_indicator_with_its_checkpoints(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.add(
            INDICATORS,
            id="lampioni_spenti",
            label="Lampioni: spenti",
            unit="days",
            direction="down",
            rule="threshold",
            quality_limits="Conta i guasti segnalati",
            rounding=1.0,
            act="piano",
            place="p. 16",
        )
        sheets.add("pack-indicators-checkpoints", id="lampioni_spenti", moment="Q4", most=0.5, mandatory=True)

    imported = trip(change)

    indicator = load_pack(imported.folder).indicators["lampioni_spenti"]
    assert (indicator.label, indicator.rounding, indicator.quality.limits) == (
        "Lampioni: spenti",
        1,
        "Conta i guasti segnalati",
    )
    assert [(c.moment, c.most, c.mandatory) for c in indicator.checkpoints] == [("Q4", Fraction(1, 2), True)]
    gone, came = difference(imported, "pack.yaml")
    assert gone == []
    assert "lampioni_spenti" in came[0]


def test_it_edits_one_entry_and_leaves_the_lines_of_the_others(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put("indicators", {"id": "indice_deflusso"}, "rounding", 2.0)
        sheets.put("indicators", {"id": "indice_deflusso"}, "quality.limits", "")

    imported = trip(change, "inps-2024")

    gone, came = difference(imported, "indicators.yaml", "inps-2024")
    assert imported.findings == ()
    assert "  rounding: 2" in came
    assert len(gone) == 2
    assert len(came) == 1
    assert load_pack(imported.folder).indicators["indice_deflusso"].quality.limits == ""


def test_it_deletes_an_indicator_with_its_checkpoints(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets[INDICATORS] = [row for row in sheets[INDICATORS] if row[0] != "ritardo_pagamenti"]
        sheets[TREE] = [row for row in sheets[TREE] if row[1] != "ritardo_pagamenti"]
        sheets["values-2025"] = [row for row in sheets["values-2025"] if row[1] != "ritardo_pagamenti"]
        sheets.put(TREE, {"node": "riscossione_entrate_proprie"}, "weight", 1.0)

    imported = trip(change)

    assert "ritardo_pagamenti" not in load_pack(imported.folder).indicators
    assert [finding.code for finding in imported.findings] == ["WB026"]


def test_it_edits_bands_quarters_parameters_and_overrides(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        header = sheets["scales-bands"][0]
        band = next(row for row in sheets["scales-bands"] if row[0] == "errore_pratiche" and row[1] == 0.02)
        band[header.index("points")] = 3.5
        quarter = next(row for row in sheets["profiles-quarters"] if row[0] == "sussidiarieta" and row[1] == 0.7)
        quarter[1] = 0.75
        sheets.add("parameters-values", id="revenue_growth", **{"from": date(2021, 7, 1)}, value=1.03)
        sheets.put("overrides", {"id": "deroga_personale_campania"}, "value", 0.065)

    imported = trip(change, "inps-2021")

    pack = load_pack(imported.folder)
    assert [str(band.points) for band in pack.scales["errore_pratiche"].bands] == ["6", "7/2", "2", "0"]
    assert [str(share) for share in pack.profiles["sussidiarieta"].quarters] == ["1/5", "1/2", "3/4", "1"]
    assert [(day, value) for day, value, _ in pack.parameters["revenue_growth"].values] == [
        (date(2021, 1, 1), Fraction("1.02")),
        (date(2021, 7, 1), Fraction("1.03")),
    ]
    assert next(o for o in pack.overrides if o.id == "deroga_personale_campania").value == "0.065"
    for file in ("overrides.yaml", "scales.yaml", "profiles.yaml"):
        gone, came = difference(imported, file, "inps-2021")
        assert len(gone) == len(came) == 1, file


def test_it_edits_a_relation_between_tables(trip: Trip) -> None:
    imported = trip(
        lambda sheets: sheets.put("identities", {"id": "ieep_2024_albero"}, "within", "[structure, level]"), "inps-2024"
    )

    identity = next(i for i in load_pack(imported.folder).identities if i.id == "ieep_2024_albero")
    assert identity.arguments["within"] == ["structure", "level"]
    assert difference(imported, "identities.yaml", "inps-2024") == (
        ["  within: [structure]"],
        ["  within: [structure, level]"],
    )


def test_it_edits_the_head_of_the_pack(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put("pack", {"field": "id"}, "value", "comune-2026")
        sheets.put("pack", {"field": "year"}, "value", 2026.0)
        sheets.put("pack", {"field": "validity.from"}, "value", datetime(2026, 1, 1))  # noqa: DTZ001 - a cell
        sheets.put("pack", {"field": "validity.until"}, "value", "2027-01-01")
        sheets["pack"].append(["structure_kinds.ufficio", "Ufficio"])

    imported = trip(change)

    pack = load_pack(imported.folder)
    assert (imported.pack, imported.year, pack.since, pack.until) == (
        "comune-2026",
        2026,
        date(2026, 1, 1),
        date(2027, 1, 1),
    )
    text = (imported.folder / "pack.yaml").read_text("utf-8")
    assert "structure_kinds: {area: Area, ufficio: Ufficio}" in text
    assert text.startswith("# Un comune inventato")


def test_it_takes_percentages_and_the_results_of_formulas(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put(TREE, {"node": "ritardo_pagamenti"}, "weight", Formula("=1-0.7", 1 - 0.7))
        sheets.put(TREE, {"node": "riscossione_entrate_proprie"}, "weight", 0.7)

    imported = trip(change)

    assert nodes(load_pack(imported.folder))["ritardo_pagamenti"].weight == Fraction(3, 10)
    (note,) = imported.findings
    assert (note.code, note.level, note.place.cell, note.subject) == ("WB021", "note", TREE, "F3")


def test_it_takes_a_boolean_as_each_file_writes_it(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put("organisation", {"id": "nazionale"}, "additive", False)
        sheets.put("indicators", {"id": "indice_deflusso"}, "clip_positive", True)

    imported = trip(change, "inps-2024")

    assert load_pack(imported.folder).indicators["indice_deflusso"].clip_positive is True
    assert ",no," in (imported.folder / "organisation.csv").read_text("utf-8").splitlines()[1]


def test_it_leaves_out_empty_rows_and_accepts_moved_ones(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        width = len(sheets[TREE][0])
        sheets[TREE] += [[" "] + [""] * (width - 1), [""] * width]
        sheets["pack-acts"][1:] = [sheets["pack-acts"][2], [""] * 6, sheets["pack-acts"][1]]

    imported = trip(change)

    assert imported.changed == ("pack.yaml",)
    assert list(load_pack(imported.folder).acts) == ["piano", "sistema"]


def test_it_keeps_a_text_that_looks_like_a_number_a_text(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put("pack-acts", {"id": "piano"}, "number", 4.5)
        sheets.put("pack-acts", {"id": "piano"}, "label", "true")
        sheets.put("pack-acts", {"id": "sistema"}, "label", "=SOMMA(A1:A2)")

    imported = trip(change)

    acts = load_pack(imported.folder).acts
    assert (acts["piano"].number, acts["piano"].label, acts["sistema"].label) == ("4.5", "true", "=SOMMA(A1:A2)")


def test_it_edits_the_lines_of_a_text(trip: Trip) -> None:
    imported = trip(lambda sheets: sheets["interpretations"].append(["Una riga in più."]), "inps-2024")

    assert difference(imported, "interpretations.md", "inps-2024") == ([], ["Una riga in più."])


def test_it_says_when_comments_are_lost(trip: Trip, tmp_path: Path) -> None:
    folder = trip(lambda _: None).folder
    text = (folder / "pack.yaml").read_text("utf-8")
    inside = text.replace("act: piano, place: p. 8,\n", "act: piano, place: p. 8,\n    # dal 2023\n", 1)
    (folder / "pack.yaml").write_text(inside, "utf-8")

    imported = trip(lambda sheets: sheets.put(INDICATORS, {"id": "ritardo_pagamenti"}, "unit", "hours"), folder)

    assert inside != text
    assert [(note.code, note.place.file) for note in imported.findings] == [("WB022", "pack.yaml")]


def test_it_writes_the_whole_file_anew_when_its_layout_cannot_be_kept(trip: Trip) -> None:
    folder = trip(lambda _: None).folder
    (folder / "scales.yaml").write_text("{a: {label: A, bands: [{from: 0, to: 1.50, points: 1}]}}\n", "utf-8")

    imported = trip(lambda sheets: sheets.put("scales", {"id": "a"}, "label", "B"), folder)

    scale = load_pack(imported.folder).scales["a"]
    assert (scale.label, scale.bands[0].high) == ("B", Fraction(3, 2))
    assert "1.50" in (imported.folder / "scales.yaml").read_text("utf-8")


def test_it_imports_the_same_edits_to_the_same_hash(trip: Trip) -> None:
    def change(sheets: Saved) -> None:
        sheets.put(TREE, {"node": "tempo_permessi_costruire"}, "target", 55.0)
        sheets.put(INDICATORS, {"id": "tempo_permessi_costruire"}, "label", "Tempo dei permessi")

    assert trip(change).hash == trip(change).hash
