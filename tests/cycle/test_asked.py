"""What a plan asks, as its page and the terminal say it: the print of the act, with the condition where it has one."""

from __future__ import annotations

import pytest

from piramide.cycle.asked import target_text
from piramide.methodology.loading import find_pack, load_pack
from piramide.reports.labels import labels

PLAN = load_pack(find_pack("inps-2024"))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        ("indice_deflusso", "1,010"),
        ("p_accertamenti", "328.588.770 €"),
        ("indagine_customer_experience", "3,50"),
        (
            "indice_conto_gestione_privata_conto_assicurativo_gestioni_private_altri_prodotti",
            "Scostamento 0 su budget del Cruscotto Qualità 2024",
        ),
        ("indicatore_ritardo_annuale_pagamento_fatture", "al più 0,00 giorni"),
        ("indicatore_gestione_spesa_corretta_gestione_conto_transitorio_1005", "pari a 0,0000 (SMVP - Par. 6.2.10)"),
    ],
)
def test_it_says_the_print_and_the_condition(node: str, text: str) -> None:
    leaf = next(leaf for leaf in PLAN.sheets["dcm_milano"].leaves() if leaf.id == node)

    assert target_text(leaf, PLAN, labels("it")) == text
