"""Each indicator has a page: what it measures, by which rule and act, and how every structure stands in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from piramide.web.accounts.roles import Role
from piramide.web.indicators.formulas import in_words, measures_of
from piramide.web.indicators.ranking import rows_of
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs
from piramide.web.results.rule_wording import RULES

SignIn = Callable[..., Client]
MOST_QUERIES = 4
CLEARANCE = "/indicatori/indice_deflusso/"


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_it_lists_every_indicator_under_its_dimension(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), "/indicatori/")

    linked = set(re.findall(r'href="/indicatori/([\w-]+)/"', text))
    assert linked == set(plan().indicators)
    assert text.index("Valore Sociale") < text.index("Valore Istituzionale") < text.index("Valore Economico")


@pytest.mark.parametrize("words", ["deflusso", "DEFLUSSO pervenute", "défl"])
def test_it_finds_an_indicator_without_minding_accents_and_capitals(
    runs: list[RunRecord], sign_in: SignIn, words: str
) -> None:
    text = page(sign_in(Role.PLANNER), "/indicatori/", q=words)

    assert "Indice di Deflusso" in text
    assert "Indagine reputazionale" not in text


def test_it_says_what_to_do_when_no_indicator_has_those_words(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), "/indicatori/", q="<b>zzz")

    assert "Nessun indicatore ha «<b>zzz»" in text
    assert "Tutti gli indicatori" in text


def test_what_is_typed_is_never_markup(runs: list[RunRecord]) -> None:
    answer = Client().get("/indicatori/", {"q": "<script>alert(1)</script>"})

    assert b"<script>alert" not in answer.content


def test_its_page_answers_with_value_target_and_index(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), CLEARANCE)

    figures = opened_runs().figures(runs[-1].run)
    index = figures.figure("index", "nazionale", "indice_deflusso")
    assert index is not None
    assert f"l'amministrazione è a {index:.1f}".replace(".", ",") in text
    assert "«Definito» ÷ «Pervenuto»" in text
    assert "resolved / nullif(received, 0)" in text
    assert "Obiettivi 2024, p. 26-27" in text
    assert "DC Pianificazione e Controllo di Gestione" in text
    for field in ("Come si verifica", "Da dove viene", "Quanto è preciso", "Che limiti ha", "Come vi si rimedia"):
        assert field in text


def test_it_shows_every_structure_once_in_the_group_it_is_compared_in(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), CLEARANCE)

    rows = rows_of(
        opened_runs().outline(runs[-1].run), opened_runs().figures(runs[-1].run), plan().indicators["indice_deflusso"]
    )
    linked = re.findall(r'<th scope="row"><a href="/strutture/(\w+)/spiegazione/indice_deflusso/"', text)
    assert sorted(linked) == sorted(row.structure for row in rows)
    cluster = text.partition("<strong>Cluster A</strong>")[2].partition("</details>")[0]
    assert "Molise" in cluster
    assert "Lombardia" not in cluster


def test_the_shares_of_a_structure_add_up_to_its_whole_index(runs: list[RunRecord]) -> None:
    outline, figures = opened_runs().outline(runs[-1].run), opened_runs().figures(runs[-1].run)

    shares = [row for item in plan().indicators.values() for row in rows_of(outline, figures, item)]

    for structure in ("nazionale", "dcm_milano", "prov_asti"):
        assert sum(row.share for row in shares if row.structure == structure) == pytest.approx(1)


def test_its_values_come_as_a_file_that_says_they_are_invented(runs: list[RunRecord], sign_in: SignIn) -> None:
    answer = sign_in(Role.PLANNER).get(f"{CLEARANCE}valori.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert "dati-dimostrativi" in answer["Content-Disposition"]
    assert {row["demonstration"] for row in rows} == {"yes"}
    whole = next(row for row in rows if row["structure"] == "nazionale")
    assert float(whole["index"]) == opened_runs().figures(runs[-1].run).figure("index", "nazionale", "indice_deflusso")


def test_it_keeps_what_is_not_published_from_who_may_not_read_it(runs: list[RunRecord]) -> None:
    run = runs[-1].run[:12]

    for address in ("/indicatori/", CLEARANCE, f"{CLEARANCE}valori.csv"):
        assert Client().get(address, {"run": run}).status_code == 403
    assert "3° trimestre 2024" in page(Client(), CLEARANCE)


def test_there_is_no_page_for_an_indicator_that_the_plan_lacks(runs: list[RunRecord]) -> None:
    assert Client().get("/indicatori/inventato/").status_code == 404
    assert Client().get("/indicatori/inventato/valori.csv").status_code == 404


@pytest.mark.parametrize("indicator", sorted(plan().indicators))
def test_every_indicator_has_its_words(indicator: str) -> None:
    item = plan().indicators[indicator]

    assert item.rule in RULES
    if item.formula:
        assert "«" in in_words(item.formula, plan())
        assert {measure.id for measure in measures_of(item.formula, plan())} <= set(plan().measures)
        assert all(measure.how for measure in measures_of(item.formula, plan()))


def test_pictures_hold_no_inline_style_and_numbers_keep_their_point(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), CLEARANCE)

    main = text.partition("<main")[2].partition("</main>")[0]
    assert " style=" not in main
    assert re.findall(r'class="gap-fill" x="[\d.]+" y="1" width="[\d.]+"', main)
    assert not re.findall(r'class="gap-fill" x="\d+,', main)


def test_it_speaks_english(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PLANNER)

    text = page(client, f"/en{CLEARANCE}")
    assert "What it measures" in text
    assert "higher is better" in text
    assert "Tutte le strutture" not in text
    assert "Indicators" in page(client, "/en/indicatori/")


@pytest.mark.parametrize("address", ["/indicatori/", CLEARANCE])
def test_it_costs_few_queries(runs: list[RunRecord], sign_in: SignIn, address: str) -> None:
    client = sign_in(Role.PLANNER)
    page(client, address)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)

    assert len(queries) <= MOST_QUERIES
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
