"""Targets as plans print them: figure, side and unit are read, or the target stays empty with an error."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.exchange.sheets import import_sheets, write_pack
from piramide.exchange.sheets.assembling import leaves_of
from piramide.kernel.findings import Severity

PART = "Valore Sociale|100%|100%|Servizi"


@pytest.mark.parametrize(
    ("printed", "value", "unit", "direction"),
    [
        ("≥ 95%", "0.95", "ratio", "up"),
        ("<= 30 gg", 30, "days", "down"),
        ("15 giorni lavorativi", 15, "days", "down"),
        ("entro 30 giorni", 30, "days", "down"),
        (">= 3,5 su 5", "3.5", "score_1_5", "up"),
        ("3,50/5", "3.5", "score_1_5", "up"),
        ("entro il 31/12/2024", 100, "milestone", "up"),
        ("100% (entro il 30/11)", 100, "milestone", "up"),
        ("Approvazione del regolamento entro il 31 ottobre", 100, "milestone", "up"),
        ("SI", 100, "milestone", "up"),
        ("mantenimento", 100, "milestone", "up"),
        ("26'", 26, "minutes", "up"),
        ("8.855.168", 8855168, "index", "up"),
        ("1.234", 1234, "index", "up"),
        ("12.345,67 €", "12345.67", "eur", "up"),
        ("2,5 mln €", 2500000, "eur", "up"),
        ("non superiore a 3 milioni di euro", 3000000, "eur", "down"),
        ("−2,50", "-2.5", "index", "up"),
        ("n. 2 incontri", 2, "pieces", "up"),
        ("almeno 12 mesi", 12, "months", "up"),
        ("0,5‰", "0.0005", "ratio", "up"),
        ("0", 0, "index", "down"),
    ],
)
def test_it_reads_figure_unit_and_side(
    printed: str, value: int | str, unit: str, direction: str, write_sheet: Callable[..., Path]
) -> None:
    read = import_sheets([write_sheet(PART, f"|||Prova alfa|PIAO - pag. 1|{printed}")])

    (leaf,) = leaves_of(read.structures[0].tree)
    indicator = read.structures[0].indicators[leaf.indicator]
    assert (leaf.target, indicator.unit, indicator.direction) == (Fraction(value), unit, direction)
    assert not [finding for finding in read.findings if finding.level is Severity.ERROR]


@pytest.mark.parametrize(
    "printed",
    ["-5% rispetto al 2023", "+2%", "da 80 a 90", "80-90%", "(1.000)", "1/3", "10^6", "n.d.", "1.5", "in aumento",
     "vedi relazione", "31/02/2024", "circa 30 gg", "secondo il piano", "#N/A"],
)  # fmt: skip
def test_it_leaves_empty_what_it_cannot_read(printed: str, write_sheet: Callable[..., Path]) -> None:
    read = import_sheets([write_sheet(PART, f"|||Prova alfa|PIAO - pag. 1|{printed}")])

    assert [leaf.target for leaf in leaves_of(read.structures[0].tree)] == [None]
    said = [finding for finding in read.findings if finding.level is Severity.ERROR]
    assert [finding.place.line for finding in said] == [5]
    assert f"«{printed}»" in said[0].message("it")


def test_it_keeps_the_day_and_the_kind_of_days_in_the_definition(
    write_sheet: Callable[..., Path], tmp_path: Path
) -> None:
    rows = ("|||Alfa uno|PIAO - pag. 1|entro il 30/11", "|||Beta due|PIAO - pag. 1|15 giorni lavorativi")

    write_pack(import_sheets([write_sheet(PART, *rows)]), tmp_path / "pack")

    written = (tmp_path / "pack" / "indicators.yaml").read_text(encoding="utf-8")
    assert "Scadenza: 30/11/2024." in written
    assert "I giorni sono lavorativi." in written


@pytest.mark.parametrize("printed", ["<= 95%", "30 gg", "12.000 €"])
def test_it_gives_a_known_indicator_no_target_of_another_kind(printed: str, write_sheet: Callable[..., Path]) -> None:
    read = import_sheets([write_sheet(PART, f"|||Indice di Deflusso|PIAO - pag. 1|{printed}")])

    assert [leaf.target for leaf in leaves_of(read.structures[0].tree)] == [None]
    assert [finding.code for finding in read.findings if finding.level is Severity.ERROR] == ["SH031"]


def test_it_takes_a_row_of_totals_for_a_check(write_sheet: Callable[..., Path]) -> None:
    rows = (
        "Valore Sociale|40%|30%|Servizi", "|||Alfa|PIAO - pag. 1|5", "||60%|Altri servizi", "|||Beta|PIAO - pag. 1|5",
        "Totale Valore Sociale||100%", "Valore Economico|60%|100%|Conti", "|||Gamma|PIAO - pag. 1|5", "TOTALE|100%",
    )  # fmt: skip

    read = import_sheets([write_sheet(*rows)])

    assert [top.label for top in read.structures[0].tree] == ["Valore Sociale", "Valore Economico"]
    said = {finding.code: finding for finding in read.findings if finding.code in {"SH051", "SH052"}}
    assert (said["SH051"].place.line, said["SH051"].fields["printed"]) == (11, "TOTALE 100%")
    assert (said["SH052"].place.line, said["SH052"].stated, said["SH052"].recomputed) == (8, "1", "0.9")


def test_it_takes_no_indicator_for_a_row_of_totals(write_sheet: Callable[..., Path]) -> None:
    read = import_sheets([write_sheet(PART, "|||Totale incassi|PIAO - pag. 1|500")])

    assert [leaf.label for leaf in leaves_of(read.structures[0].tree)] == ["Totale incassi"]
