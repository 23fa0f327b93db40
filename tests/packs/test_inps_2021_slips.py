"""The check of the plan of 2021 finds by itself the slips of its printed tables, and proves what holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks.chain_tables import chain_tables
from piramide.methodology.checks.identities import Proof, prove
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack

FOLDER = shipped_packs() / "inps-2021"


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The plan as printed."""
    return load_pack(FOLDER)


@pytest.fixture(scope="module")
def proof(pack: Pack) -> Proof:
    """What became of its identities."""
    return prove(pack)


@pytest.fixture(scope="module")
def found(pack: Pack, proof: Proof) -> Mapping[tuple[str, str, str], Finding]:
    """Findings by table, key of the row and column."""
    answer = {}
    files = {table.path: table for table in (*pack.tables.values(), *chain_tables(pack).values())}
    for finding in proof.findings:
        if table := files.get(finding.place.file):
            name = finding.place.file.removeprefix("tables/")
            name = name.removesuffix(".csv") if name != finding.place.file else name
            row = table.rows[table.lines.index(finding.place.line)]
            key = "|".join(row[table.columns.index(column)] for column in table.key)
            answer[name, key, finding.place.cell] = finding
    return answer


def test_every_identity_is_declared_well(proof: Proof) -> None:
    assert [finding.message() for finding in proof.findings if finding.code == "PK010"] == []
    assert (proof.identities, proof.proven) == (186, 141)
    assert (proof.relations, proof.failing) == (1917, 69)


SLIPS = [
    ("ieep_2020", "U", "obiettivo_2020"),
    ("ieep_2020", "E", "consuntivo_2020"),
    ("ieep_2020", "P4", "var_pct_stated"),
    ("ieep_2020", "E", "var_pct_stated"),
    ("ieep_nazionale_2021", "P2.2", "amount_eur"),
    ("ieep_nazionale_2021", "P2.3", "amount_eur"),
    ("declinazione_annuale", "F1.1", "target"),
    ("declinazione_annuale", "H4.1", "baseline"),
    ("declinazione_annuale", "F2.3", "to_year"),
    ("leve_2020", "SUSSIDIARIETÀ NAZIONALE", "raggiungimento_pct_stated"),
    ("leve_2020", "PROGETTI NAZIONALI DI MIGLIORAMENTO", "raggiungimento_pct_stated"),
    ("leve_2020", "PROGETTI NAZIONALI DI MIGLIORAMENTO", "obiettivo_pezzi"),
    ("sussidiarieta", "28", "group_total_printed"),
    ("dismissione_2021", "nazionale", "units"),
    ("dismissione_2021", "nazionale", "valore_catastale_eur"),
    ("sisco_tar", "nazionale", "obiettivo_2021_12_31"),
    ("incassi_spese_legali", "nazionale", "obiettivo_2021_eur"),
    ("centrali_obiettivi", "dc_risorse_umane|GRADO DI COPERTURA DELLE AGEVOLAZIONI DI WELFARE AZIENDALE", "target"),
    ("indicatori_impatto", "INCREASING REPUTATION", "baseline"),
    ("indicatori_impatto", "INSPECTION PAYMENT", "baseline"),
    ("costi_standard", "basilicata|materiale_consumo_procapite", "value"),
    ("pianificazione_triennale", "F1", "target_2021"),
    ("projects.csv", "PR_2021_6.6.1A.1", "linea_guida_number"),
    ("projects.csv", "2021_AS9", "id_number_printed"),
    ("projects.csv", "2021_AS52", "id_number_printed"),
    ("capitoli_spesa", "5U1104018", "chapter_number"),
    ("termini", "sisco_cv", "printed_year"),
    ("trienni_citati", "67", "first_year"),
    ("prodotti_2020", "DURC|pervenuto", "var_pct_stated"),
    ("prodotti_2020", "DURC|completato", "var_pct_stated"),
    ("prodotti_2020", "% RILASCIO MATRICOLA AZIENDALE ENTRO 3 GIORNI|% entro 3 giorni", "var_pct_stated"),
    ("sito_web", "2020", "visitatori_al_giorno"),
    ("sito_web", "2020", "pagine_al_giorno"),
    ("customer_experience_campioni", "utenti generici con PIN", "size"),
    ("lavoro_agile_2020", "2020-06", "giornate_medie"),
    ("lavoro_agile_2020", "2020-10", "giornate_medie"),
    ("lavoro_agile_2020", "2020-12", "giornate_medie"),
    ("pola_rinvii", "1", "page_in_summary"),
    ("figure_affiancate", "organico", "stated"),
    ("figure_affiancate", "smartphone", "stated"),
    ("figure_affiancate", "entrate_2020", "stated"),
    ("leve_2020", "PROGETTI NAZIONALI DI MIGLIORAMENTO", "consuntivo_pezzi"),
    ("progetti_nazionali", "A", "baseline"),
    ("progetti_nazionali", "B", "baseline"),
    ("programmazione_trimestrale", "INDICE DI DEFLUSSO", "obiettivo_2021"),
    ("pola_pre_emergenza", "n. giornate in lavoro agile svolte in media a mese per dipendente", "value"),
    ("pola_obiettivi_tecnologici", "n. abilitazioni VDI", "y2021"),
    ("pola_obiettivi_tecnologici", "n. abilitazioni VPN", "y2021"),
    ("indicatori_impatto", "INSPECTION PAYMENT", "target"),
]


@pytest.mark.parametrize(("table", "row", "column"), SLIPS, ids=[f"{t}-{r}-{c}" for t, r, c in SLIPS])
def test_it_finds(table: str, row: str, column: str, found: Mapping[tuple[str, str, str], Finding]) -> None:
    assert (table, row, column) in found


def test_it_finds_answers_that_exceed_the_whole(proof: Proof) -> None:
    sums = {finding.recomputed for finding in proof.findings if finding.place.file == "tables/pola_indagine_2020.csv"}
    stated = {finding.stated for finding in proof.findings if finding.place.file == "tables/pola_indagine_2020.csv"}

    assert {"100.2", "100.6"} <= sums | stated


def test_it_takes_no_year_of_a_code_for_a_slip(found: Mapping[tuple[str, str, str], Finding]) -> None:
    assert [key for key in found if key[2] == "id_year"] == []


@pytest.mark.parametrize(
    ("table", "row", "column", "severity"),
    [
        ("pianificazione_triennale", "F1", "target_2021", Severity.WARNING),
        ("costi_standard", "basilicata|materiale_consumo_procapite", "value", Severity.WARNING),
        ("customer_experience_campioni", "utenti generici con PIN", "size", Severity.WARNING),
        ("prodotti_2020", "DURC|completato", "var_pct_stated", Severity.WARNING),
        ("progetti_nazionali", "A", "baseline", Severity.WARNING),
        ("indicatori_impatto", "INCREASING REPUTATION", "baseline", Severity.NOTE),
        ("figure_affiancate", "entrate_2020", "stated", Severity.NOTE),
        ("leve_2020", "PROGETTI NAZIONALI DI MIGLIORAMENTO", "consuntivo_pezzi", Severity.ERROR),
    ],
)
def test_what_is_plausible_alone_is_no_error(
    table: str, row: str, column: str, severity: Severity, found: Mapping[tuple[str, str, str], Finding]
) -> None:
    assert found[table, row, column].level is severity


def test_it_says_which_figure_satisfies_every_identity_of_the_swapped_digits(
    found: Mapping[tuple[str, str, str], Finding],
) -> None:
    assert "1.964.562.022" in found["ieep_2020", "U", "obiettivo_2020"].message()
    assert "8.858.423.447" in found["ieep_2020", "E", "consuntivo_2020"].message()


@pytest.mark.parametrize(
    "identity",
    [
        "ieep_2021_alberi",
        "ieep_2021_regioni",
        "nazione_redditivita",
        "nazione_costi_diretti_su_totali",
        "nazione_costo_diretto_produzione_su_totali",
        "nazione_costi_totali_per_punto",
        "costi_standard_indice",
        "costi_standard_media_cluster_a",
        "progetti_regioni",
        "sussidiarieta_totale",
        "sisco_cv_riduzione",
        "giacenza_2021_medie",
        "pesi_indicatori",
        "pesi_piramide",
        "affiancate_nove_decimi",
        "pola_profilo_over_60",
        "pola_profilo_legge_104",
    ],
)
def test_it_proves(identity: str, pack: Pack) -> None:
    """The figures that must be reproduced: 4.20, 93.35 %, 87.53 %, 129.27 €, the 23 indices, the trees within 1 €."""
    alone = tuple(declared for declared in pack.identities if declared.id == identity)

    proof = prove(replace(pack, identities=alone))

    assert (proof.identities, proof.proven) == (1, 1)
    assert proof.relations > 0
