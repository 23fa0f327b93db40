"""The chain on the site: where a line is, what carries it and how it stands, what is loose, and the ways up to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from piramide.methodology.chain import LinkKind
from piramide.web.accounts.roles import Role
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LINE = "/strategia/inps-2021/linee/2021_IS.3/"


def text(client: Client, address: str) -> str:
    """A page as people read it."""
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return unescape(response.content.decode())


@pytest.mark.parametrize("code", ["2021_IS.3", "2021_is.3", " 2021_JS.3 ", "2021_15.3"])
def test_it_finds_a_line_by_its_code_in_whatever_plan(runs: list[RunRecord], code: str) -> None:
    answer = Client().get("/strategia/", {"cerca": code})

    assert (answer.status_code, answer.headers["Location"]) == (302, LINE)


def test_it_tells_what_carries_a_line(runs: list[RunRecord]) -> None:
    page = text(Client(), LINE)

    assert "La portano avanti 13 voci di 6 strutture." in page
    assert page.count("<h3>") == 6
    assert "Valorizzazione delle strutture sociali" in page
    assert "01/01/2021 – 31/12/2022" in page
    assert "Innovative linee strategiche per il triennio 2021-2023" in page


def test_it_tells_how_what_carries_a_line_stands(runs: list[RunRecord]) -> None:
    page = text(Client(), f"/strategia/inps-2024/linee/lgg_6/?periodo={runs[0].period}")

    assert "La portano avanti 14 voci di 3 strutture: " in page
    assert "Percentuale definito/Carico di lavoro Revisioni L.114/2014" in page
    assert "sotto l'obiettivo" in page
    assert f"/strutture/dcm_milano/?run={runs[0].run[:12]}" in page


def test_it_tells_the_levels_and_what_is_loose(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strategia/inps-2021/")

    assert "Linee strategiche del CIV: su 62, obiettivi e progetti ne portano avanti 45; 17 senza seguito." in page
    assert "Linee strategiche del CIV che nulla porta avanti: 17" in page
    assert "Obiettivi e progetti senza linea: 27" in page
    assert "Indirizzi precedenti relazioni programmatiche" in page
    assert '<figure class="chart"' in page


def test_the_first_page_is_of_the_plan_that_was_scored(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strategia/")

    assert "Linee guida gestionali: su 23, obiettivi e progetti ne portano avanti 7; 16 senza seguito." in page
    assert 'href="/strategia/inps-2021/"' in page
    assert "3° trimestre 2024" in page


def test_it_searches_by_words_and_says_where_nothing_is(runs: list[RunRecord]) -> None:
    assert "lgg_6" in text(Client(), "/strategia/?cerca=invalidità+civile").partition("<h2")[2]

    nothing = text(Client(), "/strategia/?cerca=2024_XX.9")
    assert "Nessun piano ha una linea con il codice «2024_XX.9»" in nothing


def test_what_is_typed_is_text(runs: list[RunRecord]) -> None:
    page = Client().get("/strategia/", {"cerca": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_money_says_what_it_is_for(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strategia/inps-2024/capitoli/")

    assert "Capitoli di spesa di cui i documenti dicono per che cosa sono: 27 su 27." in page
    assert "305.060.700,00" in page
    assert '<a href="/strategia/inps-2024/linee/lgg_18/">lgg_18</a> Infrastruttura tecnologica e digitale' in page
    assert 'href="/strategia/inps-2024/capitoli/"' in text(Client(), "/strategia/")


@pytest.mark.parametrize(
    "address",
    [
        "/strategia/inps-1999/",
        "/strategia/inps-2021/linee/2021_IS.99/",
        "/strategia/inps-2021/capitoli/",
        "/strategia/?periodo=1999",
    ],
)
def test_what_is_not_there_is_not_found(runs: list[RunRecord], address: str) -> None:
    assert Client().get(address).status_code == 404


def test_without_results_the_chain_is_read_all_the_same(db: None) -> None:
    page = text(Client(), "/strategia/")

    assert "Di questo piano non si leggono risultati" in page
    assert "nulla la porta avanti" in page


def test_what_is_not_published_is_for_who_may_read_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    address = f"/strategia/inps-2024/linee/lgg_6/?run={runs[-1].run}"

    assert Client().get(address).status_code in {302, 403}
    assert "4° trimestre 2024" in text(sign_in(Role.OIV), address)


def test_projects_open_for_who_may_read_them(runs: list[RunRecord], sign_in: SignIn) -> None:
    address = "/strategia/inps-2024/"

    assert "/progetti/" not in text(Client(), address).partition("<main")[2]
    assert text(sign_in(Role.PLANNER), address)


def test_a_sheet_and_an_explanation_lead_up(runs: list[RunRecord]) -> None:
    pinned = f"?run={runs[0].run}"
    node = "percentuale_definito_carico_lavoro_revisioni_114_2014"
    line = f"/strategia/inps-2024/linee/lgg_6/?run={runs[0].run[:12]}"

    sheet = text(Client(), f"/strutture/dcm_milano/{pinned}")
    told = text(Client(), f"/strutture/dcm_milano/spiegazione/{node}/{pinned}")
    assert "Verso quali linee" in sheet
    assert line in sheet
    assert "Verso quali linee va" in told
    assert line in told
    assert "Verso quali linee" not in text(Client(), f"/strutture/piemonte/{pinned}")


def test_the_search_of_the_site_knows_lines(runs: list[RunRecord]) -> None:
    italian, english = text(Client(), "/cerca/?q=2021_IS.3"), text(Client(), "/en/cerca/?q=2021_IS.3")

    assert "Linee strategiche" in italian
    assert f'href="{LINE}"' in italian
    assert f'href="/en{LINE}"' in english


def test_the_sitemap_knows_lines(runs: list[RunRecord]) -> None:
    found = Client().get("/sitemap.xml").content.decode()

    assert "/strategia/</loc>" in found
    assert "/strategia/inps-2024/linee/lgg_6/</loc>" in found


def test_open_data_know_lines(runs: list[RunRecord]) -> None:
    table = Client().get("/dati-aperti/catena.csv")
    document = Client().get("/dati-aperti/catena.json")

    lines = b"".join(table).decode("utf-8-sig").splitlines()
    told = json.loads(b"".join(document))
    assert lines[0].startswith("pack,demonstration,chain_level,level_label,chain_line,line_kind,line_label,under,")
    assert sum(",lgg_6," in line for line in lines) == 14
    assert sum(",missione_1," in line for line in lines) == 1
    assert [level["id"] for level in told["levels"]] == ["missione", "programma", "indirizzo", "linea_guida"]


def test_it_speaks_english(runs: list[RunRecord]) -> None:
    page = text(Client(), "/en/strategia/inps-2021/")

    assert "objectives and projects carry 45; nothing carries 17" in page
    assert "senza seguito" not in page


def test_the_plan_of_a_structure_leads_up_before_any_result(db: None) -> None:
    page = text(Client(), "/piano/versioni/inps-2021/dc_bilanci/")

    assert "Verso quali linee, ed entro quando" in page
    assert 'href="/strategia/inps-2021/linee/2021_IS.3/"' in page
    assert "2021_AS14" in page
    assert "01/01/2021 – 31/12/2021" in page


def test_an_explanation_says_for_whom_and_what_for(runs: list[RunRecord]) -> None:
    links = (link for link in plan().chain.links if link.structure == "dcm_milano")
    node = next(link for link in links if link.kind is LinkKind.STAKEHOLDER)

    page = text(Client(), f"/strutture/dcm_milano/spiegazione/{node.node}/?run={runs[0].run}")

    assert "Per chi e per che cosa" in page
    assert "Portatori di interesse" in page
    assert node.to in page
