"""Annexes of the chain on paper: the register with what is not scored, the lines that each leads to, the risks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from piramide.cycle.plans.objectives.annexes import annexes
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from piramide.methodology.sheet_words import Annex, AnnexForm
from piramide.reports.labels import labels
from piramide.reports.printed_tables import Table

SAY = labels("it")


@pytest.fixture(scope="module")
def plan() -> Pack:
    """The plan of 2021."""
    return load_pack(shipped_packs() / "inps-2021")


def drawn(plan: Pack, form: AnnexForm, structure: str) -> Table | None:
    """The one annex of a form, as drawn for a structure."""
    papers = list(annexes((Annex(form, "Titolo", ""),), structure, plan, SAY))
    return papers[0].table if papers else None


def texts(table: Table | None) -> list[list[str]]:
    """Cells of each row."""
    assert table is not None
    return [[cell.text for cell in row] for row in table.rows]


def test_the_register_says_days_evidence_and_what_the_document_does_not_say_is_scored(plan: Pack) -> None:
    table = drawn(plan, AnnexForm.PROJECTS, "dc_patrimonio_investimenti")

    assert table is not None
    assert table.titles == ("Id progetto", "Titolo progetto", "Dal - al", "Che cosa lo prova", "Valutato")
    assert [row[0] for row in texts(table)][:3] == ["PR_2021_6.6.1A.1", "2021_AS33", "2021_AS34"]
    assert [row[2] for row in texts(table)][:1] == ["01/01/2021 - 31/12/2023"]
    assert [row[4] for row in texts(table)].count("sì") == 4
    assert {row[4] for row in texts(table)} == {"sì", "non indicato"}


def test_what_nothing_scores_says_no(plan: Pack) -> None:
    register = tuple(
        replace(entry, scored=type(entry.scored).NO) if entry.id == "2021_AS34" else entry
        for entry in plan.chain.register
    )
    changed = replace(plan, chain=replace(plan.chain, register=register))

    rows = texts(drawn(changed, AnnexForm.PROJECTS, "dc_patrimonio_investimenti"))

    assert [row[4] for row in rows if row[0] == "2021_AS34"] == ["no"]


def test_a_register_of_which_all_is_scored_stands_below_the_parts_of_the_sheet() -> None:
    plan = load_pack(shipped_packs() / "inps-2024")
    table = drawn(plan, AnnexForm.PROJECTS, "dc_risorse_umane")

    assert table is not None
    assert table.titles == ("Ambito valoriale", "Sottoambito", "Id progetto", "Titolo progetto")
    assert texts(table)[0] == [
        "Valore Sociale",
        "Impatto Ambientale",
        "NOPE24_DCBOL_16.1",
        "Rendiconto di Sostenibilità 2023",
    ]
    assert [row[0] for row in texts(table) if len(row) == 4] == [
        "Valore Sociale",
        "Valore di Ecosistema",
        "Valore organizzativo",
    ]


def test_the_lines_stand_from_above_down_beside_what_leads_to_them(plan: Pack) -> None:
    rows = texts(drawn(plan, AnnexForm.LINES, "dc_patrimonio_investimenti"))

    at = next(number for number, row in enumerate(rows) if row[0].startswith("2021_AS33"))
    assert rows[at] == [
        "2021_AS33 Valorizzazione del patrimonio strumentale",
        "2021_IS.3",
        "",
        "Linee strategiche del CIV",
    ]
    assert [row[0] for row in rows[at + 1 : at + 3]] == ["lgg_3", "oge_E"]


def test_two_projects_of_one_title_are_told_apart(plan: Pack) -> None:
    rows = texts(drawn(plan, AnnexForm.LINES, "dc_patrimonio_investimenti"))

    assert {row[0] for row in rows if "reddito" in row[0]} == {
        "2021_AS35 Governo del patrimonio immobiliare a reddito",
        "2021_AS36 Governo del patrimonio immobiliare a reddito",
    }


def test_two_risks_of_one_objective_stand_under_its_name_once(plan: Pack) -> None:
    rows = texts(drawn(plan, AnnexForm.RISKS, "nazionale"))

    at = next(number for number, row in enumerate(rows) if row[0] == "Valore della Produzione Contributi")
    assert rows[at][1] == "Crediti meno tutelati e concorrenza falsata"
    assert rows[at + 1] == ["Più evasione contributiva e concorrenza falsata"]
    assert len(rows) == len(plan.chain.risks) == 45


@pytest.mark.parametrize("form", [AnnexForm.PROJECTS, AnnexForm.LINES, AnnexForm.RISKS])
def test_without_rows_there_is_no_annex(form: AnnexForm, plan: Pack) -> None:
    assert drawn(plan, form, "lazio") is None
