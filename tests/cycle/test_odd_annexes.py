"""Annexes of tables that are not what their form expects: drawn as far as they go, never a crash."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from piramide.cycle.plans.objectives.content import objectives_sheet
from piramide.kernel.findings import Place
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Citation, Pack, Table
from piramide.methodology.sheet_words import Annex, AnnexForm, SheetWords
from piramide.reports.objectives.markdown import markdown
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.objectives.pdf import pdf
from piramide.reports.objectives.word import word
from piramide.reports.objectives.workbook import workbook

PLAN = in_force(load_pack(find_pack("comune-esempio")))


def plan_with(form: AnnexForm, columns: tuple[str, ...], *rows: tuple[str, ...]) -> Pack:
    table = Table("allegato", "Allegato", "tables/allegato.csv", columns[:1], columns, rows, (), "", Citation("piano"))
    words = SheetWords(
        "area", "Obiettivi {anno} {year}", "{structure}", {}, annexes=(Annex(form, "Allegato", "allegato"),)
    )
    return replace(PLAN, tables={"allegato": table}, sheet_words={"area": replace(words, place=Place("sheet.yaml", 1))})


def drawn(pack: Pack) -> ObjectivesSheet:
    sheet = objectives_sheet(pack, "area_tecnica")
    for form in (word, workbook, markdown, lambda one: pdf([one])):
        assert form(sheet)
    return sheet


@pytest.mark.parametrize("form", list(AnnexForm))
def test_a_table_without_the_columns_of_its_form_is_left_out(form: AnnexForm) -> None:
    sheet = drawn(plan_with(form, ("structure",), ("area_tecnica",)))

    assert sheet.annexes == ()
    assert sheet.heading == "Obiettivi {anno} 2025"


def test_a_table_of_one_column_is_drawn() -> None:
    (annex,) = drawn(plan_with(AnnexForm.TABLE, ("obiettivo",), ("Strade",), ("=1+1",))).annexes

    assert [cell.text for row in annex.table.rows for cell in row] == ["Strade", "=1+1"]


def test_figures_of_a_table_are_numbers_written_as_the_language_writes_them_and_codes_are_not() -> None:
    """The key is a code: its digits stand as they are."""
    pack = plan_with(AnnexForm.TABLE, ("capitolo", "euro"), ("5150", "1234567.80"), ("5160", "0.05"), ("5170", "n.d."))

    (annex,) = drawn(pack).annexes

    codes, amounts = zip(*annex.table.rows, strict=True)
    assert [(cell.text, cell.number) for cell in codes] == [("5150", None), ("5160", None), ("5170", None)]
    assert [cell.text for cell in amounts] == ["1.234.567,80", "0,05", "n.d."]
    assert [cell.number for cell in amounts] == [Fraction("1234567.8"), Fraction("0.05"), None]


def test_levels_and_amounts_that_are_none_stand_as_written() -> None:
    pack = plan_with(AnnexForm.TREE, ("level", "label", "amount_eur"), ("alto", "Entrate", "n.d."), ("2", "Multe", ""))

    (annex,) = drawn(pack).annexes

    assert [(row[0].indent, row[1].text) for row in annex.table.rows] == [(0, "n.d."), (2, "-")]


def test_rules_without_bounds_say_so() -> None:
    columns = ("indicator", "forecast", "lower_pct", "upper_pct")

    (annex,) = drawn(plan_with(AnnexForm.RULES, columns, ("spesa", "I", "", ""), ("spesa", "II", "tre", "5"))).annexes

    assert [row[-1].text for row in annex.table.rows] == ["Nessun limite", "Massimo 5%"]
