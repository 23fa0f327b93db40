"""Sheets that nobody has shown, laid out like the official ones with slips of their own."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.exchange.sheets import ImportedSheet, SheetImport, import_sheets
from piramide.exchange.sheets.assembling import leaves_of
from piramide.kernel.findings import Finding, Severity
from piramide.methodology.model import RuleKind

At = Callable[[str], Path]
ODD = [
    "odd_dc_entrate.txt",
    "odd_dc_innovazione.csv",
    "odd_legale.txt",
    "odd_napoli_1252.txt",
    "odd_sardegna.txt",
    "odd_two_sheets.txt",
]


def said(read: SheetImport, code: str) -> list[Finding]:
    return [finding for finding in read.findings if finding.code == code]


def leaf_targets(sheet: ImportedSheet) -> dict[str, Fraction | None]:
    return {leaf.id: leaf.target for leaf in leaves_of(sheet.tree)}


@pytest.mark.parametrize("name", ODD)
def test_it_writes_a_pack_that_loads(
    name: str, fixture_path: At, tmp_path: Path, round_trip: Callable[..., int]
) -> None:
    read = import_sheets([fixture_path(name)])

    assert round_trip(read, tmp_path / "pack") == len(read.structures)


def test_it_reads_weights_on_rows_of_their_own(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_sardegna.txt")])

    parts = [(part.label, part.weight) for top in read.structures[0].tree for part in top.children]
    assert parts == [
        ("Accoglienza degli utenti", Fraction(3, 5)),
        ("Presidio dei punti utente", Fraction(2, 5)),
        ("Uso delle risorse", 1),
    ]
    assert [finding.place.line for finding in said(read, "SH023")] == [9, 13]


def test_it_reads_a_table_that_starts_further_right(fixture_path: At) -> None:
    sheet = import_sheets([fixture_path("odd_sardegna.txt")]).structures[0]

    assert sheet.structure.id == "sardegna"
    assert leaf_targets(sheet) == {
        "appuntamenti_onorati": Fraction("12.345"),
        "tempo_medio_risposta": 12,
        "aperture_straordinarie": 48,
        "costi_funzionamento": Fraction("1200500.75"),
        "indice_deflusso": Fraction("0.985"),
    }


def test_it_puts_together_an_act_over_two_lines(fixture_path: At) -> None:
    act = import_sheets([fixture_path("odd_sardegna.txt")]).structures[0].acts["obiettivi_2024"]

    assert (act.number, str(act.day)) == ("28", "2024-02-28")


def test_it_infers_the_rules_of_unknown_indicators(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_sardegna.txt")])

    rules = {key: (item.rule, item.unit) for key, item in read.structures[0].indicators.items()}
    assert rules == {
        "appuntamenti_onorati": (RuleKind.GAP_UP, "ratio"),
        "tempo_medio_risposta": (RuleKind.GAP_DOWN, "days"),
        "aperture_straordinarie": (RuleKind.GAP_UP, "index"),
        "costi_funzionamento": (RuleKind.GAP_DOWN, "eur"),
        "indice_deflusso": (RuleKind.GAP_UP, "ratio"),
    }
    assert {finding.subject for finding in said(read, "SH017")} == {
        "Appuntamenti onorati",
        "Tempo medio di risposta",
        "Aperture straordinarie",
        "Costi di funzionamento",
    }


def test_it_tells_apart_a_label_printed_twice(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_dc_entrate.txt")])

    targets = leaf_targets(read.structures[0])
    assert targets["riduzione_consumi_impatto_ambientale"] == 100
    assert targets["riduzione_consumi_impatto_ambientale_2"] == 90
    assert [finding.place.line for finding in said(read, "SH025")] == [6]


def test_it_joins_a_reference_over_two_rows_and_drops_footnote_marks(fixture_path: At) -> None:
    sheet = import_sheets([fixture_path("odd_dc_entrate.txt")]).structures[0]

    leaves = {leaf.id: leaf for leaf in leaves_of(sheet.tree)}
    assert leaves["crediti_riscossi"].citation.place == "Allegato 1 Tabelle integrative, p. 12"
    assert leaves["ore_formazione_pro_capite"].label == "Ore di formazione pro capite"
    assert leaves["ore_formazione_pro_capite"].target == 24


def test_it_says_which_annexes_are_missing(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_dc_entrate.txt"), fixture_path("odd_napoli_1252.txt")])

    assert [finding.subject for finding in said(read, "SH035")] == ["progetti", "I.E.E.P."]


def test_it_reads_windows_1252_and_says_so(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_napoli_1252.txt")])

    assert said(read, "SH010")[0].fields["encoding"] == "windows-1252"
    assert read.structures[0].tree[0].children[0].label == "Produttività ed efficacia"


def test_it_says_that_weights_make_99(fixture_path: At) -> None:
    finding = said(import_sheets([fixture_path("odd_napoli_1252.txt")]), "SH021")[0]

    assert (finding.stated, finding.recomputed, finding.difference) == ("0.99", "1", "-0.01")


def test_it_never_guesses_a_figure_with_two_readings(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_napoli_1252.txt")])

    assert said(read, "SH018")[0].place.line == 10
    assert leaf_targets(read.structures[0])["p_accertamenti"] is None


def test_it_makes_an_id_for_a_structure_nobody_knows(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_dc_innovazione.csv")])

    structure = read.structures[0].structure
    assert (structure.id, structure.kind, structure.parent) == (
        "dc_innovazione_digitale",
        "central_directorate",
        "direzione_generale",
    )
    assert said(read, "SH026")
    assert read.structures[0].year == 2025


def test_it_finds_the_tree_of_unknown_ieep_lines_from_their_sums(fixture_path: At) -> None:
    sheet = import_sheets([fixture_path("odd_dc_innovazione.csv")]).structures[0]

    assert [(line.code, line.parent, line.sign) for line in sheet.ieep] == [
        ("T", "", 1),
        ("1", "T", 1),
        ("1.1", "1", 1),
        ("1.2", "1", 1),
        ("2", "T", 1),
        ("2.1", "2", 1),
        ("2.2", "2", -1),
        ("2.2.1", "2.2", 1),
    ]


def test_it_keeps_titles_of_projects_whole(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_dc_innovazione.csv")])

    assert read.structures[0].projects[0].title == "Nuovo portale dei fornitori"
    assert {finding.subject for finding in said(read, "SH036")} == {"Valore Futuro", "Visione"}


def test_it_reads_rows_without_their_leading_cells(fixture_path: At) -> None:
    sheet = import_sheets([fixture_path("odd_legale.txt")]).structures[0]

    assert sheet.structure.id == "cg_legale"
    assert leaf_targets(sheet) == {
        "cause_definite": 1050,
        "percentuale_costituzioni_giudizio_prime_udienze_udienze_rinvio": Fraction("0.97"),
        "cause_trattate_altre_sedi": 100,
        "pareri_resi_altre_sedi": 100,
        "atti_predisposti": 100,
    }


def test_it_reads_two_sheets_of_one_file(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_two_sheets.txt")])

    assert [sheet.structure.id for sheet in read.structures] == ["sardegna", "cg_legale"]


def test_it_says_when_a_structure_is_given_twice(fixture_path: At) -> None:
    read = import_sheets([fixture_path("odd_legale.txt"), fixture_path("odd_two_sheets.txt")])

    assert len(read.structures) == 2
    assert said(read, "SH040")[0].subject == "cg_legale"


@pytest.mark.parametrize(
    ("printed", "structure"),
    [
        ("DR Emilia Romagna - Direttore Regionale", "emilia_romagna"),
        ("DIREZIONE REGIONALE FRIULI", "friuli_venezia_giulia"),
        ("DCM ROMA", "dcm_roma"),
        ("Direzione Centrale Pensioni - Direttore Centrale", "dc_pensioni"),
        ("DC Bilanci", "dc_bilanci"),
        ("DR Trentino - Alto Adige", "trentino_alto_adige"),
        ("REG. LOMBARIDA", "lombardia"),
    ],
)
def test_it_recognises_structures(printed: str, structure: str, sheet_of: Callable[..., ImportedSheet]) -> None:
    row = "Valore Sociale|100%|100%|Servizi|Obiettivi 2024 - Pag. 1|5"

    assert sheet_of(row, structure=printed).structure.id == structure


def test_it_takes_a_misspelt_label_for_the_known_one(write_sheet: Callable[..., Path]) -> None:
    rows = ("Valore Sociale|100%|100%|Servizi", "|||Indice di Defluso|Obiettivi 2024 - Pag. 27|1,010")

    read = import_sheets([write_sheet(*rows)])

    assert leaf_targets(read.structures[0]) == {"indice_deflusso": Fraction("1.01")}
    assert said(read, "SH016")[0].place.line == 5


def test_it_takes_thirds_for_rounding(write_sheet: Callable[..., Path]) -> None:
    part = "|||Alfa {0}|Obiettivi 2024 - Pag. 1|5"
    rows = [f"{'Valore Sociale|100%' if not at else '|'}|33,33%|Parte {at}\n{part.format(at)}" for at in range(3)]

    findings = said(import_sheets([write_sheet(*rows)]), "SH021")

    assert [(finding.stated, finding.level) for finding in findings] == [("0.9999", Severity.WARNING)]


def test_it_reads_a_sheet_over_pages_that_repeat_title_and_header(
    sheet_of: Callable[..., ImportedSheet],
) -> None:
    sheet = sheet_of(
        "Valore Sociale|40%|100%|Servizi",
        "|||Alfa|Obiettivi 2024 - Pag. 1|5",
        "Obiettivi di performance organizzativa per l'anno 2024",
        "DR Puglia",
        "AMBITO DI PERFORMANCE|CONTRIBUTO AL VALORE PUBBLICO|SOTTO AMBITI|KPI|RIFERIMENTI|VALORE OBIETTIVO",
        "|||Beta|Obiettivi 2024 - Pag. 2|6",
        "Valore Economico|60%|100%|Risorse",
        "|||Gamma|Obiettivi 2024 - Pag. 3|7",
    )

    assert leaf_targets(sheet) == {"alfa": 5, "beta": 6, "gamma": 7}


def test_it_reads_a_header_over_two_rows(tmp_path: Path) -> None:
    rows = (
        "Obiettivi di performance organizzativa per l'anno 2024",
        "DR Puglia",
        "AMBITO DI|CONTRIBUTO AL|SOTTO|KPI|RIFERIMENTI|VALORE",
        "PERFORMANCE|VALORE PUBBLICO|AMBITI|||OBIETTIVO",
        "Valore Sociale|100%|100%|Servizi",
        "|||Alfa|Obiettivi 2024 - Pag. 1|5",
    )
    path = tmp_path / "scheda.txt"
    path.write_text("\n".join(rows).replace("|", "\t"), encoding="utf-8")

    read = import_sheets([path])

    assert [top.label for top in read.structures[0].tree] == ["Valore Sociale"]
    assert not said(read, "SH011")


def test_it_reads_a_sheet_whose_merged_cells_were_filled_down(sheet_of: Callable[..., ImportedSheet]) -> None:
    sheet = sheet_of(
        "Valore Sociale|40%|100%|Servizi",
        "Valore Sociale|40%|100%|Alfa|Obiettivi 2024 - Pag. 1|5",
        "Valore Sociale|40%|100%|Beta|Obiettivi 2024 - Pag. 2|6",
        "Valore Economico|60%|30%|Risorse",
        "Valore Economico|60%|30%|Gamma|Obiettivi 2024 - Pag. 3|7",
        "Valore Economico|60%|70%|Entrate",
        "Valore Economico|60%|70%|Delta|Obiettivi 2024 - Pag. 4|8",
    )

    assert [(top.label, [part.label for part in top.children]) for top in sheet.tree] == [
        ("Valore Sociale", ["Servizi"]),
        ("Valore Economico", ["Risorse", "Entrate"]),
    ]
    assert leaf_targets(sheet) == {"alfa": 5, "beta": 6, "gamma": 7, "delta": 8}


def test_it_drops_bullets_of_a_word_processor_and_keeps_its_arrows(sheet_of: Callable[..., ImportedSheet]) -> None:
    sheet = sheet_of(
        "Valore Sociale|100%|100%|\uf0b7 Servizi",
        "|||\uf0a7 Alfa|Obiettivi 2024 - Pag. 1|5",
        "|||Beta \uf0d8 vedi nota|Obiettivi 2024 - Pag. 1|6",
    )

    assert [part.label for part in sheet.tree[0].children] == ["Servizi"]
    assert [leaf.label for leaf in leaves_of(sheet.tree)] == ["Alfa", "Beta ➢ vedi nota"]
