"""References and targets printed once for several rows."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from piramide.exchange.sheets import ImportedSheet, import_sheets
from piramide.exchange.sheets.assembling import leaves_of

Sheet = Callable[..., ImportedSheet]
PART = "Valore Sociale|100%|100%|Servizi"


def targets(sheet: ImportedSheet) -> list[Fraction | None]:
    return [leaf.target for leaf in leaves_of(sheet.tree)]


def places(sheet: ImportedSheet) -> list[str]:
    return [leaf.citation.place for leaf in leaves_of(sheet.tree)]


def test_it_takes_a_figure_of_the_first_row_downwards(sheet_of: Sheet) -> None:
    sheet = sheet_of(PART, "|||Alfa|Obiettivi 2024 - Pag. 1|5", "|||Beta||6", "|||Gamma|Obiettivi 2024 - Pag. 2|7")

    assert places(sheet) == ["p. 1", "p. 1", "p. 2"]
    assert targets(sheet) == [5, 6, 7]


def test_it_takes_a_figure_in_the_middle_both_ways(sheet_of: Sheet) -> None:
    sheet = sheet_of(PART, "|||Alfa", "|||Beta|Obiettivi 2024 - Pag. 1|5", "|||Gamma")

    assert targets(sheet) == [5, 5, 5]
    assert places(sheet) == ["p. 1"] * 3


def test_it_takes_a_figure_at_the_bottom_upwards(sheet_of: Sheet) -> None:
    sheet = sheet_of(PART, "|||Alfa", "|||Beta", "|||Gamma|Obiettivi 2024 - Pag. 1|5")

    assert targets(sheet) == [5, 5, 5]


def test_it_takes_a_figure_of_the_sub_dimension_until_the_next(sheet_of: Sheet) -> None:
    sheet = sheet_of(
        f"{PART}|Obiettivi 2024 - Pag. 1|5", "|||Alfa", "|||Beta", "|||Progetti|Obiettivi 2024 - Allegato 2|100"
    )

    assert targets(sheet) == [5, 5, 100]


def test_it_says_where_it_split_rows_between_two_centred_cells(write_sheet: Callable[..., Path]) -> None:
    rows = ("|||Alfa", "|||Beta|Obiettivi 2024 - Pag. 1|5", "|||Gamma", "|||Delta", "|||Epsilon|PIAO - Pag. 2|6")

    read = import_sheets([write_sheet(PART, *rows)])

    assert targets(read.structures[0]) == [5, 5, 5, 6, 6]
    assert "SH047" in {finding.code for finding in read.findings}


def test_it_says_when_a_row_with_its_own_reference_takes_a_target(write_sheet: Callable[..., Path]) -> None:
    rows = ("|||Alfa|Obiettivi 2024 - Pag. 1|5", "|||Beta|Obiettivi 2024 - Pag. 2")

    read = import_sheets([write_sheet(PART, *rows)])

    assert targets(read.structures[0]) == [5, 5]
    assert [finding.place.line for finding in read.findings if finding.code == "SH013"] == [6]


def test_it_reads_a_figure_on_a_row_of_its_own(sheet_of: Sheet) -> None:
    sheet = sheet_of(PART, "|||Alfa", "||||Obiettivi 2024 - Pag. 1|5", "|||Beta")

    assert targets(sheet) == [5, 5]


def test_it_understands_projects_where_a_target_has_no_indicator(write_sheet: Callable[..., Path]) -> None:
    row = "Valore Sociale|100%|100%|Ambiente|Obiettivi 2024 - Allegato 2 Anagrafica Progetti 2024|100"

    read = import_sheets([write_sheet(row)])

    assert [leaf.id for leaf in leaves_of(read.structures[0].tree)] == ["progetti"]
    assert "SH024" in {finding.code for finding in read.findings}
