"""Ids come from the labels of acts, and a misspelt name finds its nearest ones."""

from __future__ import annotations

import pytest

from piramide.kernel.findings import Refusal
from piramide.kernel.naming import nearest, slug, unique_slug


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Indice di Deflusso", "indice_deflusso"),
        ("Valore Istituzionale", "valore_istituzionale"),
        ("  Costi totali / punto omogeneizzato ", "costi_totali_punto_omogeneizzato"),
        ("Qualità dell'Ente", "qualita_dell_ente"),
        ("Qualità dell’Ente", "qualita_dell_ente"),
        ("Perché È già così", "perche_gia_cosi"),
        ("Tempi per la definizione sui ricorsi", "tempi_definizione_ricorsi"),
        ("Verifica ordinaria (ASL) <= 120 gg", "verifica_ordinaria_asl_120_gg"),
        ("L. 114/2014", "114_2014"),
        ("Valle d'Aosta", "valle_d_aosta"),
        ("Dalle", "dalle"),
        ("I e Il", "i_e_il"),
    ],
)
def test_it_makes_an_id_from_a_label(label: str, expected: str) -> None:
    assert slug(label) == expected


def test_it_drops_every_stop_word_and_only_those() -> None:
    stop_words = (
        "di del dello della dei degli delle da dal al allo alla ai agli alle "  # codespell:ignore
        "e ed il lo la i gli le l in nel nella su sul sulla sui per con a"
    )

    assert slug(f"{stop_words} uno dell nei dalla") == "uno_dell_nei_dalla"


def test_it_refuses_a_label_without_letters() -> None:
    with pytest.raises(Refusal, match="KN021"):
        slug(" - ")


def test_it_appends_the_sub_dimension_on_a_collision() -> None:
    assert unique_slug("Progetti", {"progetti"}, "Impatto ambientale") == "progetti_impatto_ambientale"
    assert unique_slug("Progetti", {"indice_audit"}, "Impatto ambientale") == "progetti"


def test_it_numbers_what_still_collides() -> None:
    taken = {"progetti", "progetti_reti", "progetti_reti_2"}

    assert unique_slug("Progetti", taken, "Reti") == "progetti_reti_3"


def test_it_finds_the_names_that_a_slip_was_meant_for() -> None:
    known = ["clearance_rate", "received", "resolved", "pending"]

    assert nearest("clearence_rate", known) == ("clearance_rate",)
    assert nearest("Rceived", known, 1) == ("received",)
    assert nearest("zzz", known) == ()
