"""A structure in time, among its like, and against another result of its own."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from piramide.cycle.boards.cluster import among_peers
from piramide.cycle.runs.compare_sheets import compare_sheets
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

SignIn = Callable[..., Client]


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def test_it_tells_the_history_in_a_sentence_a_picture_and_a_table(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strutture/lombardia/storia/")
    first, last = (opened_runs().figures(run.run).standing("lombardia").index for run in runs[:2])

    assert first is not None
    assert last is not None
    told = f"l'indice è passato da {first:.1f} a {last:.1f}".replace(".", ",")
    assert f"Da 2° trimestre 2024 a 3° trimestre 2024 {told}" in page
    assert "<svg aria-hidden" in page
    assert all(run.short in page for run in runs[:2])
    assert runs[2].short not in page


def test_it_gives_a_rank_only_with_what_chance_leaves_open(runs: list[RunRecord]) -> None:
    opened, figures = opened_runs().opened(runs[1].run), opened_runs().figures(runs[1].run)
    found = among_peers(opened, figures, "lombardia")

    assert found is not None
    page = text(Client(), "/strutture/lombardia/cluster/")
    assert all(peer.structure.label in page for peer in found.peers)
    assert "Da leggere con prudenza" in page
    assert {peer.structure.clusters["economic"] for peer in found.peers} == {"D"}


def test_it_hides_the_others_until_they_are_published(runs: list[RunRecord], sign_in: SignIn) -> None:
    here = {"run": runs[2].run[:12]}
    director = text(sign_in(Role.DIRECTOR, "puglia"), "/strutture/puglia/cluster/", **here)
    planner = text(sign_in(Role.PLANNER), "/strutture/puglia/cluster/", **here)

    assert "non sono ancora pubblicati" in director
    assert "Posti possibili" not in director
    assert "Posti possibili" in planner
    sheets = [
        text(sign_in(*role), "/strutture/puglia/", **here) for role in ((Role.DIRECTOR, "puglia"), (Role.PLANNER,))
    ]
    assert ["tra le simili" in sheet or "simili nessun posto" in sheet for sheet in sheets] == [False, True]


def test_it_says_that_nobody_is_like_the_nation(runs: list[RunRecord]) -> None:
    assert "non ha abbastanza simili" in text(Client(), "/strutture/nazionale/cluster/")


def test_it_compares_with_the_period_before_when_no_year_before_is_there(runs: list[RunRecord]) -> None:
    before, now = (opened_runs().scored(run.run, "dcm_milano") for run in runs[:2])
    assert before is not None
    assert now is not None
    found = compare_sheets(before, now)

    page = text(Client(), "/strutture/dcm_milano/confronto/")
    assert "Da 2° trimestre 2024 a 3° trimestre 2024 l'indice passa da" in page
    assert "Il piano e il metodo sono gli stessi" in page
    assert found.leaves[0].node.label in page
    assert sum(leaf.points or 0 for leaf in found.leaves) == pytest.approx(found.change)


def test_it_compares_only_with_what_the_person_may_read(runs: list[RunRecord], sign_in: SignIn) -> None:
    chosen = {"run": runs[1].run[:12], "con": runs[2].run[:12]}

    assert "4° trimestre 2024" not in text(Client(), "/strutture/lombardia/confronto/", **chosen)
    page = text(sign_in(Role.DIRECTOR, "lombardia"), "/strutture/lombardia/confronto/", **chosen)
    assert "Da 4° trimestre 2024 a 3° trimestre 2024" in page


def test_it_does_not_compare_an_index_that_is_not_complete(runs: list[RunRecord], sign_in: SignIn) -> None:
    now = opened_runs().scored(runs[2].run, "dcm_milano")
    assert now is not None
    assert now.index is None
    chosen = {"run": runs[2].run[:12], "con": runs[1].run[:12]}

    page = text(sign_in(Role.DIRECTOR, "dcm_milano"), "/strutture/dcm_milano/confronto/", **chosen)

    assert "gli indici non si confrontano" in page
    assert "l'indice passa da" not in page
    assert "Che cosa lo ha alzato" not in page


@pytest.mark.parametrize("page", ["storia", "cluster", "confronto"])
def test_it_refuses_an_unpublished_run_to_who_may_not_read_the_structure(
    runs: list[RunRecord], sign_in: SignIn, page: str
) -> None:
    run = {"run": runs[2].run[:12]}

    assert Client().get(f"/strutture/dcm_milano/{page}/", run).status_code == 403
    assert sign_in(Role.DIRECTOR, "liguria").get(f"/strutture/dcm_milano/{page}/", run).status_code == 403
    assert Client().get(f"/strutture/atlantide/{page}/").status_code == 404


@pytest.mark.parametrize(("page", "words"), [
    ("storia", "the index went from"),
    ("cluster", "To be read with care"),
    ("confronto", "the index goes from"),
])  # fmt: skip
def test_it_speaks_english(runs: list[RunRecord], page: str, words: str) -> None:
    assert words in text(Client(), f"/en/strutture/lombardia/{page}/")


@pytest.mark.parametrize("page", ["", "storia/", "cluster/"])
def test_a_page_already_rendered_costs_few_queries(
    runs: list[RunRecord],
    sign_in: SignIn,
    page: str,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    reader = sign_in(Role.DIRECTOR, "dcm_milano")
    reader.get(f"/strutture/dcm_milano/{page}")
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        reader.get(f"/strutture/dcm_milano/{page}")
