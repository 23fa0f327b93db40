"""The list of structures and the sheet of each: for everybody once published, before that for who may read it."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from piramide.cycle.sheet_content import sheet_report
from piramide.reports.labels import labels
from piramide.reports.sheet import SheetReport
from piramide.reports.worded import worded
from piramide.web.accounts.roles import Role
from piramide.web.house.pages import ENTRY, Kept
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs
from piramide.web.structures.exports import FORMS, SHEETS

SignIn = Callable[..., Client]
LAST = {"periodo": "2024-Q4"}


def text(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def rows(page: str) -> list[str]:
    """Names of the structures in the list, in its order."""
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]+)</a>', page)


def test_it_lists_every_structure_with_its_index(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strutture/")
    scored = opened_runs().opened(runs[1].run).scores.structures
    above = sum(s.index is not None and s.index >= 100 for s in scored)

    assert f"{len(scored)} strutture. {above} sono a 100 o più" in page
    assert len(rows(page)) == len(scored)


@pytest.mark.parametrize(("query", "first"), [
    ({"cerca": "milano"}, "DCM Milano"),
    ({"genere": "coordination"}, "Coordinamento Generale Legale"),
    ({"regione": "liguria"}, "Liguria"),
])  # fmt: skip
def test_it_narrows_the_list_by_the_address_alone(runs: list[RunRecord], query: dict[str, str], first: str) -> None:
    every = rows(text(Client(), "/strutture/"))
    found = rows(text(Client(), "/strutture/", **query))

    assert first in found
    assert len(found) < len(every)


def test_it_says_what_to_do_when_nothing_is_found(runs: list[RunRecord]) -> None:
    assert "Nessuna struttura risponde a questi filtri" in text(Client(), "/strutture/", cerca="atlantide")


def test_it_sorts_the_list_from_the_highest_index(runs: list[RunRecord]) -> None:
    page = text(Client(), "/strutture/", ordine="indice")
    scored = opened_runs().opened(runs[1].run).scores.structures
    best = max(scored, key=lambda s: s.index if s.index is not None else s.index_measured or 0)

    assert rows(page)[0] == best.label


def test_it_prints_nothing_that_somebody_typed_as_markup(runs: list[RunRecord]) -> None:
    page = Client().get("/strutture/", {"cerca": '"><script>'}).content.decode()

    assert "<script>" not in page.partition('<form class="filters')[2]


def test_it_shows_the_sheet_with_the_words_of_the_paper(runs: list[RunRecord], sign_in: SignIn) -> None:
    page = text(sign_in(Role.DIRECTOR, "dcm_milano"), "/strutture/dcm_milano/", **LAST)
    scored = next(s for s in opened_runs().opened(runs[2].run).scores.structures if s.id == "dcm_milano")

    assert "DCM Milano è a " in page
    assert "Perché non 100" in page
    assert "Che cosa conta di più ora" in page
    assert page.count("/spiegazione/") >= 2 * len(scored.nodes)
    assert all(node.label in page for node in scored.nodes)


def test_it_refuses_an_unpublished_run_to_who_may_not_read_the_structure(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    run = {"run": runs[2].run[:12]}
    for address in ("/strutture/dcm_milano/", "/strutture/dcm_milano/scheda.csv", "/strutture/dcm_milano/scheda.pdf"):
        assert sign_in(Role.DIRECTOR, "liguria").get(address, run).status_code == 403
        assert Client().get(address, run).status_code == 403
        assert sign_in(Role.DIRECTOR, "dcm_milano").get(address, run).status_code == 200


def test_it_knows_only_structures_that_exist(runs: list[RunRecord]) -> None:
    assert Client().get("/strutture/atlantide/").status_code == 404
    assert Client().get("/strutture/dcm_milano/scheda.exe").status_code == 404


def test_it_says_in_words_that_a_structure_has_no_sheet(runs: list[RunRecord]) -> None:
    tree = opened_runs().opened(runs[1].run).pack.organisation.on(runs[1].ends_on)
    combined = next(s.id for s in tree.structures.values() if s.kind == "combined")

    assert "questa struttura non ha una scheda" in text(Client(), f"/strutture/{combined}/")


def test_it_says_what_to_do_before_the_first_run_is_published(db: None) -> None:
    assert "Ancora nessun risultato" in text(Client(), "/strutture/dcm_milano/")
    assert Client().get("/strutture/atlantide/").status_code == 404


def test_it_gives_a_csv_that_no_spreadsheet_runs_and_says_it_is_a_demonstration(runs: list[RunRecord]) -> None:
    response = Client().get("/strutture/trentino_alto_adige/scheda.csv")
    table = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    scored = next(s for s in opened_runs().opened(runs[1].run).scores.structures if s.id == "trentino_alto_adige")

    assert "attachment" in response["Content-Disposition"]
    assert [row["node"] for row in table] == ["", *(node.id for node in scored.nodes)]
    assert {row["demonstration"] for row in table} == {"yes"}
    texts = [cell for row in table for name, cell in row.items() if name in {"label", "note", "reference", "unit"}]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]
    printed = {row["node"]: row["index"] for row in table}
    assert all(printed[n.id] == ("" if n.index is None else repr(n.index)) for n in scored.nodes)


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_it_gives_the_paper_and_the_spreadsheet(runs: list[RunRecord], form: str, begins: bytes) -> None:
    response = Client().get(f"/strutture/dcm_milano/scheda.{form}")

    assert response.status_code == 200
    assert response.content.startswith(begins)


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv"])
def test_it_makes_a_file_once_and_answers_again_with_the_same_bytes(
    runs: list[RunRecord], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    SHEETS.clear()
    kind, make = FORMS[form]
    made: list[str] = []

    def counted(report: SheetReport, language: str) -> bytes:
        made.append(language)
        return make(report, language)

    monkeypatch.setitem(FORMS, form, (kind, counted))
    address = f"/strutture/dcm_milano/scheda.{form}"
    first, again = Client().get(address), Client().get(address)
    known = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert runs
    assert first.content == again.content
    assert (again.status_code, known.status_code, known.content) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert made == ["it"]
    Client().get(f"/en{address}")
    Client().get(address, {"run": runs[0].run})
    Client().get(f"/strutture/lombardia/scheda.{form}")
    assert made == ["it", "en", "it", "it"]


def test_it_keeps_files_within_bounds_that_count_their_places() -> None:
    files = Kept(2 * (100 + ENTRY))
    for name in ("a", "b", "c"):
        files.put((name,), name.encode() * 100)
    assert [files.get((name,)) is not None for name in ("a", "b", "c")] == [False, True, True]


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    files = Kept(2 * (100 + ENTRY))
    for name in ("a", "b"):
        files.put((name,), b"x" * 100)
    assert files.get(("a",))
    files.put(("c",), b"x" * 100)
    assert [files.get((name,)) is not None for name in ("a", "b", "c")] == [True, False, True]


def test_many_short_texts_take_no_more_memory_than_was_said() -> None:
    most = 2_000_000
    texts = Kept(most)
    tracemalloc.start()
    try:
        for number in range(20_000):
            texts.put(("text", f"{number:500}"), f"{number} €".encode())
        taken, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.5 * most < taken < 1.2 * most


def test_screen_and_paper_say_the_same_sentence(runs: list[RunRecord]) -> None:
    paper = worded(sheet_report(opened_runs().opened(runs[1].run), "lombardia", "it"), labels("it"))
    page = text(Client(), "/strutture/lombardia/")

    assert paper.sentence in page
    assert all(loss.points in page for loss in paper.losses)


def test_it_speaks_english(runs: list[RunRecord]) -> None:
    page = text(Client(), "/en/strutture/dcm_milano/")

    assert "DCM Milano stands at " in page
    assert "Why not 100" in page
    assert "Download the sheet" in page
    assert "structures. " in text(Client(), "/en/strutture/")


def test_a_page_already_rendered_costs_few_queries(
    runs: list[RunRecord], sign_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    reader = sign_in(Role.DIRECTOR, "dcm_milano")
    reader.get("/strutture/dcm_milano/", LAST)
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        reader.get("/strutture/dcm_milano/", LAST)
    with django_assert_max_num_queries(1):  # type: ignore[attr-defined]
        Client().get("/strutture/dcm_milano/")
