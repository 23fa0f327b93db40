"""Everybody reads the plan: its versions, the tree of a structure, two versions as the annex of a deliberation."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from piramide.methodology.changes import GROUPS
from piramide.web.plans.words import SECTIONS

pytestmark = pytest.mark.django_db


def text(address: str, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_every_group_of_changes_has_its_words() -> None:
    assert list(SECTIONS) == list(GROUPS)


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
    "/piano/confronto/?da=inps-2021&a=inps-2024&sezione=nessuna",
    "/piano/confronto/?da=inps-2021&a=inps-2024&pagina=999",
    "/piano/confronto/?da=inps-2021&a=inps-2024&pagina=0",
    "/piano/confronto/?da=inps-2021&a=inps-2024&pagina=x",
])  # fmt: skip
def test_it_says_when_there_is_no_such_thing(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_it_speaks_english() -> None:
    page = text("/en/piano/")

    assert "The plan in force is" in page
    assert "Draft" not in page
    assert "target" in page
    assert "Weights" in text("/en/piano/confronto/", da="inps-2021", a="inps-2024")


def rows_of_file(**query: str) -> list[list[str]]:
    answer = Client().get("/piano/confronto.csv", query)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[2:]


def test_it_opens_a_long_comparison_with_its_counts_and_a_page_of_structures() -> None:
    page = text("/piano/confronto/", da="inps-2021", a="inps-2024")
    rows = rows_of_file(da="inps-2021", a="inps-2024")
    structures = {row[8] for row in rows if row[8] and not row[8].startswith("kind:")}

    assert len(structures) > 200
    assert f"in {len(structures)} strutture" in page
    shared = {row[0] for row in rows if not row[8] or row[8].startswith("kind:")}
    assert page.count('<details class="plan-folder"') == 20 + len(shared)
    assert page.count('<details class="plan-folder" open>') == 2
    assert page.count("<tr") < 1000
    assert "da 1 a 20 di" in page
    assert "pagina=2" in page


def test_it_pages_through_every_structure_of_a_comparison_once() -> None:
    seen: list[str] = []
    for number in range(1, 100):
        answer = Client().get("/piano/confronto/", {"da": "inps-2021", "a": "inps-2024", "pagina": str(number)})
        if answer.status_code == 404:
            break
        section = answer.content.decode().partition('id="strutture"')[2].partition('id="comuni"')[0]
        seen += re.findall(r"<summary><strong>(.*?)</strong>", section)
    rows = rows_of_file(da="inps-2021", a="inps-2024")

    assert len(seen) == len({row[8] for row in rows if row[8] and not row[8].startswith("kind:")})
    assert seen[0] == "Nazionale"


def test_it_shows_one_section_of_a_comparison_line_by_line() -> None:
    page = text("/piano/confronto/", da="inps-2021", a="inps-2024", sezione="weights")
    rows = [row for row in rows_of_file(da="inps-2021", a="inps-2024") if row[0] == "Pesi"]

    assert f"da 1 a 50 di {len(rows)}" in page
    assert page.count('<td class="plan-after"') == 50


def test_it_prints_a_comparison_whole() -> None:
    page = text("/piano/confronto/", da="inps-2021", a="inps-2024", tutto="1")

    assert page.count('<td class="plan-after"') == len(rows_of_file(da="inps-2021", a="inps-2024"))
    assert page.count('<details class="plan-folder"') == page.count('<details class="plan-folder" open>')


def test_it_shows_all_that_changes_in_one_structure() -> None:
    page = text("/piano/confronto/", da="inps-2021", a="inps-2024", struttura="nazionale")
    rows = [row for row in rows_of_file(da="inps-2021", a="inps-2024") if row[8] == "nazionale"]

    assert len(rows) > 150
    assert page.count('<td class="plan-after"') == len(rows)


def test_it_names_the_place_in_the_tree_and_the_kind_of_a_sheet() -> None:
    rows = rows_of_file(da="inps-2021", a="inps-2024")

    assert not [row for row in rows if row[3] == "posto nell'albero" and "_" in row[4] + row[5]]
    assert not [row for row in rows if row[1].startswith("kind:")]
