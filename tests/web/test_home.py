"""The home page tells how the administration is doing, what moved and why, and what I have to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from piramide.cycle.runs.moves import leaf_points, moves
from piramide.web.accounts.roles import Role
from piramide.web.charts.tiles import tone
from piramide.web.house import duties
from piramide.web.house.duties import Duty
from piramide.web.house.pages import PAGES
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

SignIn = Callable[..., Client]
MOST_QUERIES = 4


@pytest.fixture
def no_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "_PROVIDERS", [])


def page(client: Client, address: str = "/", **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def italian(figure: float, decimals: int = 1) -> str:
    return f"{figure:.{decimals}f}".replace(".", ",")


def test_it_answers_in_one_sentence_with_the_index_of_the_administration(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    text = page(sign_in(Role.PLANNER))

    index = opened_runs().figures(runs[-1].run).standing("nazionale").index
    assert index is not None
    title = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert title is not None
    assert f"{settings.CONFIGURATION.administration} è a {italian(index)}" in title.group(1)


def test_it_shows_citizens_the_newest_published_run_only(runs: list[RunRecord]) -> None:
    assert "3° trimestre 2024" in page(Client())
    assert Client().get("/", {"run": runs[-1].run[:12]}).status_code == 403
    assert "2° trimestre 2024" in page(Client(), periodo="2024-Q2")


def test_a_run_of_another_pack_takes_no_place_of_the_plan_s(runs: list[RunRecord]) -> None:
    before = page(Client())
    RunRecord.objects.create(
        run="f" * 64, pack="milano", period="2024-Q4", ends_on=date(2024, 12, 31), is_demonstration=True,
        made_at=timezone.now(), published_at=timezone.now(),
    )  # fmt: skip
    assert page(Client()) == before


def test_it_says_what_to_do_where_nothing_is_published(db: None, runs: list[RunRecord]) -> None:
    RunRecord.objects.update(published_at=None)

    assert "Ancora nessun risultato" in page(Client())


@pytest.mark.parametrize(
    ("role", "sent_to"),
    [(Role.PLANNER, "/lavori/"), (Role.ADMINISTRATOR, "/account/persone/"), (Role.OIV, "/piano/")],
)
def test_it_says_whose_the_first_step_is_while_there_is_no_run(
    runs: list[RunRecord], sign_in: SignIn, role: Role, sent_to: str
) -> None:
    RunRecord.objects.all().delete()

    body = page(sign_in(role))

    assert f'class="btn btn-primary" href="{sent_to}"' in body
    assert "Intanto si leggono" in body


def test_it_draws_four_levels_each_a_link(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER))

    drawn = re.findall(r'<a class="pyramid-level pyramid-level-(\d)" href="([^"]+)">\s*<span[^>]*>([^<]+)', text)
    assert [(number, name) for number, _address, name in drawn] == [
        ("1", "Valore pubblico"),
        ("2", "Performance istituzionale"),
        ("3", "Performance organizzativa"),
        ("4", "Performance individuale"),
    ]
    assert drawn[0][1] == "/strutture/nazionale/"


def test_every_point_of_a_change_is_told_by_the_indicators(runs: list[RunRecord]) -> None:
    now, before = (opened_runs().figures(record.run) for record in (runs[-1], runs[-2]))
    outline = opened_runs().outline(runs[-1].run)

    found = moves(outline, now, before, with_partial=True)

    assert len(found) == len(outline.structures)
    assert moves(outline, now, before) == tuple(move for move in found if not move.is_partial)
    for name, rows in outline.nodes.items():
        assert sum(leaf_points(rows, now).values()) + 100 == pytest.approx(now.standing(name).shown)
    assert [abs(move.change) for move in found] == sorted((abs(move.change) for move in found), reverse=True)
    assert all(cause.points * move.change > 0 for move in found for cause in move.causes)


def test_it_lists_the_largest_moves_with_the_indicator_that_did_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER))

    now, before = (opened_runs().figures(record.run) for record in (runs[-1], runs[-2]))
    largest = next(m for m in moves(opened_runs().outline(runs[-1].run), now, before) if m.structure != "nazionale")
    listed = text.partition("Che cosa è cambiato")[2].partition("</ol>")[0]
    assert listed.count("<li>") == 5
    first = listed.partition("</li>")[0]
    assert largest.label in first
    assert largest.cause is not None
    assert largest.cause.label in first


def test_it_says_that_the_first_period_has_nothing_to_compare_with(runs: list[RunRecord], sign_in: SignIn) -> None:
    assert "È il primo periodo" in page(sign_in(Role.PLANNER), periodo="2024-Q2")


def test_the_map_has_a_tile_and_a_row_for_each_directorate(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER))

    tiles = re.findall(r'<li class="tile-r(\d) tile-c(\d)"><a class="tile tone-([\w-]+)[^"]*" href="([^"]+)"', text)
    assert {address for *_rest, address in tiles} == {f"/strutture/{name}/" for name in plan().boards.map}
    assert len({(row, column) for row, column, *_rest in tiles}) == len(tiles) == 23
    table = text.partition("La stessa mappa in tabella")[2].partition("</table>")[0]
    assert table.count('scope="row"') == 23


@pytest.mark.parametrize(
    ("index", "expected"),
    [(None, "absent"), (95.9, "low-3"), (99.4, "low-1"), (100.0, "level"), (100.5, "high-1"), (130.0, "high-3")],
)
def test_the_colour_of_a_tile_goes_with_its_distance_from_the_target(index: float | None, expected: str) -> None:
    assert tone(index) == expected


def test_the_history_is_a_picture_without_inline_style_and_a_table(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER))

    history = text.partition('id="storia"')[2].partition("</section>")[0]
    assert "<svg" in history
    assert " style=" not in history
    assert "<style" not in history
    assert history.partition("<tbody>")[2].count('scope="row"') == len(runs)


def test_it_shows_what_the_rooms_say_i_have_to_do_and_the_late_first(
    runs: list[RunRecord], sign_in: SignIn, no_providers: None
) -> None:
    today = timezone.localdate()
    duties.register(
        lambda _person: (
            Duty("Confermare i valori", "/raccolta/", today + timedelta(days=30)),
            Duty("Attestare il progetto", "/progetti/", today - timedelta(days=1)),
        )
    )

    text = page(sign_in(Role.DIRECTOR, "dcm_milano"))

    assert text.index("Attestare il progetto") < text.index("Confermare i valori")
    assert "in ritardo dal" in text
    assert "Attestare il progetto" not in page(Client())


def test_it_says_so_when_nothing_is_due(runs: list[RunRecord], sign_in: SignIn, no_providers: None) -> None:
    assert "Nulla in attesa" in page(sign_in(Role.DIRECTOR, "dcm_milano"))


@pytest.mark.parametrize(("days", "expected"), [(-1, "LATE"), (0, "SOON"), (7, "SOON"), (8, "USUAL")])
def test_a_duty_presses_by_its_day(days: int, expected: str) -> None:
    today = date(2024, 12, 1)

    assert Duty("x", "/", today + timedelta(days=days)).presses(today).name == expected


def test_it_speaks_english(runs: list[RunRecord], sign_in: SignIn) -> None:
    text = page(sign_in(Role.PLANNER), "/en/")

    assert "What has changed" in text
    assert "points above the target of 100" in text or "points below the target of 100" in text
    assert 'href="/en/strutture/nazionale/"' in text
    assert "Che cosa" not in text


@pytest.fixture
def rendered(runs: list[RunRecord], sign_in: SignIn, no_providers: None) -> Iterator[Client]:
    client = sign_in(Role.PLANNER)
    page(client)
    yield client
    PAGES.clear()


def test_addresses_that_anybody_makes_up_push_no_page_out(rendered: Client) -> None:
    before = dict(PAGES._items)
    for number in range(3):
        assert rendered.get("/", {"inventato": str(number)}).status_code == 200
    assert dict(PAGES._items) == before


def test_it_costs_few_queries_and_answers_304_when_nothing_changed(rendered: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = rendered.get("/")

    assert len(queries) <= MOST_QUERIES
    again = rendered.get("/", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_it_shows_a_director_the_own_structure_first(runs: list[RunRecord], sign_in: SignIn) -> None:
    told = page(sign_in(Role.DIRECTOR, "dcm_milano"))
    own = told.partition("own-structures")[2].partition("</ul>")[0]

    assert "DCM Milano" in own
    assert "4° trimestre 2024, non ancora pubblicato" in own
    assert "own-structures" not in page(sign_in(Role.PLANNER))
    assert "own-structures" not in page(Client())


def test_what_there_is_to_do_is_told_before_anything_is_published(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "_PROVIDERS", [lambda _person: [Duty("Prendi visione", "/piano/")]])
    text = page(sign_in(Role.DIRECTOR, "dcm_milano"))
    assert "Ancora nessun risultato" in text
    assert "Prendi visione" in text
