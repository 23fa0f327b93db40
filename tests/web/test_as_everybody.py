"""Before a run is published one looks at the site as everybody will: the same pages, to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from tests.web.answering import answered

SignIn = Callable[..., Client]
PAGES = ("/", "/strutture/", "/strutture/dcm_milano/", "/strutture/dcm_milano/storia/", "/indicatori/indice_deflusso/")
BAND = re.compile(r'<div class="band-as-everybody".*?</form></div></div>', re.DOTALL)


def _begin(client: Client, run: RunRecord, wanted: str = "/") -> int:
    return client.post(f"/vigilanza/esecuzioni/{run.run}/come-chiunque/", {"next": wanted}).status_code


def _read(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, page
    return BAND.sub("", answer.content.decode()).replace("    \n  </header>", "  </header>")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_the_preview_is_what_everybody_reads_afterwards(verified: list[RunRecord], sign_in: SignIn) -> None:
    run, publisher, oiv = verified[-1], sign_in(Role.PUBLISHER), sign_in(Role.OIV)
    before = {page: _lines(_read(Client(), page)) for page in PAGES}
    address = f"/vigilanza/esecuzioni/{run.run}/validazione/"
    said = {"token": "5f2d1a52-3a44-4b60-9c3f-0e2e6f3c9a11", "outcome": "validated", "act": "OIV 3/2025"}
    oiv.post(address, answered(oiv, address) | said | {"day": "2025-06-30", "text": "Tutto torna."})

    assert _begin(publisher, run) == 302
    assert 'class="band-as-everybody"' in publisher.get("/").content.decode()
    preview = {page: _lines(_read(publisher, page)) for page in PAGES}
    address = f"/vigilanza/esecuzioni/{run.run}/pubblicazione/"
    assert (
        publisher.post(address, answered(publisher, address) | {"act": "D 9/2025", "is_sure": "on"}).status_code == 302
    )

    for page in PAGES:
        assert preview[page] == _lines(_read(Client(), page)), page
    assert preview["/"] != before["/"]
    assert "Accedi" in "".join(preview["/"])


def test_one_stays_oneself_in_oversight_and_is_so_everywhere_when_it_ends(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    run, publisher = runs[-1], sign_in(Role.PUBLISHER)
    _begin(publisher, run)

    for address in ("/vigilanza/", "/en/vigilanza/"):
        room = publisher.get(address)
        assert (room.status_code, "band-as-everybody" in room.content.decode()) == (200, False)
    assert "this is the site as everybody will see it" in publisher.get("/en/").content.decode()
    ended = publisher.post("/vigilanza/anteprima/chiudi/")
    page = publisher.get("/").content.decode()

    assert ended.headers["Location"] == f"/vigilanza/esecuzioni/{run.run}/pubblicazione/"
    assert "band-as-everybody" not in page
    assert "Esci" in page
    assert publisher.post("/vigilanza/anteprima/chiudi/").headers["Location"] == "/vigilanza/"


@pytest.mark.parametrize("wanted", ["https://altrove.example/", "//altrove.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(runs: list[RunRecord], sign_in: SignIn, wanted: str) -> None:
    assert _begin(sign_in(Role.PUBLISHER), runs[-1], wanted) == 404


def test_a_page_of_who_is_signed_in_is_refused_and_not_asked_for_in_circles(
    runs: list[RunRecord], sign_in: SignIn
) -> None:
    publisher = sign_in(Role.PUBLISHER)
    _begin(publisher, runs[-1])

    answer = publisher.get("/raccolta/")

    assert (answer.status_code, "band-as-everybody" in answer.content.decode()) == (403, True)
    assert Client().get("/raccolta/").status_code == 302


def test_an_address_of_one_word_is_no_name_of_a_view(runs: list[RunRecord], sign_in: SignIn) -> None:
    assert _begin(sign_in(Role.PUBLISHER), runs[-1], "altrove") == 302


def test_nobody_sees_by_it_what_they_might_not_see(runs: list[RunRecord], sign_in: SignIn) -> None:
    run, director = runs[-1], sign_in(Role.DIRECTOR, "dcm_milano")

    assert _begin(Client(), run) == 302  # to the sign-in
    assert _begin(director, run) == 403
    session = director.session
    session["as_everybody"] = run.run
    session.save()
    assert "band-as-everybody" not in director.get("/").content.decode()
    assert director.get(f"/strutture/piemonte/?run={run.run[:12]}").status_code == 403


def test_the_checklist_leads_to_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    page = sign_in(Role.OIV).get(f"/vigilanza/esecuzioni/{runs[-1].run}/validazione/").content.decode()

    assert f'action="/vigilanza/esecuzioni/{runs[-1].run}/come-chiunque/" target="_blank"' in page
    assert f'form="be-everybody" name="next" value="/strutture/nazionale/?run={runs[-1].run[:12]}"' in page
