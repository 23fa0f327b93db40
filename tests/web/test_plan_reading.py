"""Everybody reads the plan: its versions, the tree of a structure, two versions as the annex of a deliberation."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def text(address: str, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_it_tells_which_plan_is_in_force_and_the_acts_of_every_version() -> None:
    page = text("/piano/")

    assert "Il piano in vigore è <strong>Obiettivi di performance organizzativa 2024</strong>" in page
    assert "3 schede sono stampate in un atto" in page
    assert page.index("Obiettivi specifici di ente 2020") > page.index(
        "Piano della Performance 2021-2023, obiettivi 2021"
    )
    assert "Deliberazione del Consiglio di Amministrazione n. 31" in page
    assert "5 deroghe" in page
    assert "Bozze in corso" not in page


def test_it_shows_the_tree_of_a_structure_with_acts_and_pages() -> None:
    page = text("/piano/versioni/inps-2024/dcm_milano/")

    assert "Valore Istituzionale 40%" in page
    assert "Obiettivi 2024, p. 27" in page
    assert "1,010" in page


def test_it_marks_the_invented_sheets() -> None:
    assert "Scheda inventata per la dimostrazione" in text("/piano/versioni/inps-2024/lombardia/")
    assert "Scheda inventata per la dimostrazione" not in text("/piano/versioni/inps-2024/dcm_milano/")


def test_it_lists_the_exceptions_of_a_version_with_their_reasons() -> None:
    page = text("/piano/versioni/inps-2021/")

    assert "Competenze collegate al bilinguismo in provincia di Bolzano" in page
    assert "233 strutture" in page


def test_it_compares_two_versions_by_section() -> None:
    page = text("/piano/confronto/", da="inps-2020", a="inps-2021")

    assert "Da Obiettivi specifici di ente 2020, risultati a Piano della Performance 2021-2023, obiettivi 2021" in page
    assert '<td class="plan-before" data-label="Prima">01/01/2020</td>' in page
    assert "Definizioni di indicatori" in page


def test_it_compares_one_structure_alone() -> None:
    page = text("/piano/confronto/", da="inps-2021", a="inps-2024", struttura="dcm_milano")

    assert "Solo la scheda di DCM Milano" in page
    assert "DR Piemonte" not in page


def test_it_gives_the_comparison_as_a_file_that_says_what_is_invented() -> None:
    answer = Client().get("/piano/confronto.csv", {"da": "inps-2020", "a": "inps-2021"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert rows[0][0].startswith("DATI DIMOSTRATIVI")
    assert rows[1][:2] == ["Sezione", "Struttura"]
    assert ["Il piano", "", "", "anno", "2020", "2021"] in [row[:6] for row in rows]
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]


@pytest.mark.parametrize("address", [
    "/piano/versioni/nessuno/",
    "/piano/versioni/inps-2024/nessuna/",
    "/piano/confronto/?da=inps-2024&a=nessuno",
    "/piano/confronto/?da=inps-2021&a=inps-2024&struttura=nessuna",
])  # fmt: skip
def test_it_says_when_there_is_no_such_thing(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_it_speaks_english() -> None:
    page = text("/en/piano/")

    assert "The plan in force is" in page
    assert "Draft" not in page
    assert "target" in page
    assert "Weights" in text("/en/piano/confronto/", da="inps-2021", a="inps-2024")
