"""Search finds structures, indicators, acts and projects by the beginning of their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from piramide.web.search.finding import find

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
MOST_QUERIES = 4


def searched(client: Client, text: str, address: str = "/cerca/") -> str:
    answer = client.get(address, {"q": text})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def first(text: str, kind: str) -> str:
    found = re.search(rf'id="gruppo-{kind}".*?<li><a href="([^"]+)"', text, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("words", "kind", "address"),
    [
        ("trentino", "structures", "/strutture/trentino_alto_adige/"),
        ("TRENT alto", "structures", "/strutture/trentino_alto_adige/"),
        ("forlì", "structures", "/strutture/prov_forli/"),
        ("deflusso", "indicators", "/indicatori/indice_deflusso/"),
        ("produttivita", "indicators", "/indicatori/indicatore_produttivita/"),
        ("110 determinazione", "acts", "/piano/versioni/inps-2024/"),
    ],
)
def test_it_finds_by_the_beginning_of_words_without_accents_and_capitals(
    runs: list[RunRecord], words: str, kind: str, address: str
) -> None:
    assert first(searched(Client(), words), kind) == address


def test_what_it_finds_is_there(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)
    for words, kind in (("trentino", "structures"), ("deflusso", "indicators"), ("sostenib", "projects")):
        assert client.get(first(searched(client, words), kind)).status_code == 200


def test_projects_are_found_by_who_may_read_their_structure(runs: list[RunRecord], sign_in: SignIn) -> None:
    words = "Pergine"

    assert 'id="gruppo-projects"' in searched(sign_in(Role.DIRECTOR, "trentino_alto_adige"), words)
    assert 'id="gruppo-projects"' not in searched(sign_in(Role.DIRECTOR, "dcm_milano"), words)
    assert 'id="gruppo-projects"' not in searched(Client(), words)


def test_every_word_must_be_there(runs: list[RunRecord]) -> None:
    text = searched(Client(), "deflusso inesistente")

    assert "Nessun risultato per «deflusso inesistente»" in text
    assert "prova con una in meno" in text


@pytest.mark.parametrize("words", ["", "   ", "!!!", "<script>alert(1)</script>", "'; drop table", "x" * 5000])
def test_it_bears_whatever_is_typed(runs: list[RunRecord], words: str) -> None:
    answer = Client().get("/cerca/", {"q": words})

    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_nothing_is_found_without_words() -> None:
    assert find("…", ()) == ()


def test_every_page_has_the_search_box(runs: list[RunRecord]) -> None:
    text = Client().get("/strutture/").content.decode()

    assert 'role="search" method="get" action="/cerca/"' in text
    assert 'for="cerca-nel-sito"' in text


def test_it_speaks_english(runs: list[RunRecord]) -> None:
    text = searched(Client(), "trentino", "/en/cerca/")

    assert "results for “trentino”" in text
    assert first(text, "structures").startswith("/en/strutture/")


def test_it_costs_few_queries(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)

    with CaptureQueriesContext(connection) as queries:
        client.get("/cerca/", {"q": "milano"})

    assert len(queries) <= MOST_QUERIES
