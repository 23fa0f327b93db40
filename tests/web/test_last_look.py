"""Nothing is validated or published before a last look: what blocks, what asks for a reason, what everybody reads."""

from __future__ import annotations

import csv
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.collection.models import Contest
from piramide.web.jobs.models import Job
from piramide.web.jobs.running import run_job
from piramide.web.oversight.models import PassedOver, ResultsValidation, Verification
from piramide.web.results.models import RunRecord
from tests.web.answering import REASON, answered, asked_on

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
ACT = {"act": "Determina 9/2025", "is_sure": "on"}


def _page(run: RunRecord, name: str) -> str:
    return f"/vigilanza/esecuzioni/{run.run}/{name}/"


def _document(**changes: str) -> dict[str, str]:
    content = {"outcome": "validated", "act": "OIV 3/2025", "day": "2025-06-30", "text": "Tutto torna."}
    return {"token": str(uuid4()), **content, **changes}


def _validate(client: Client, run: RunRecord, **changes: str) -> int:
    address = _page(run, "validazione")
    return client.post(address, answered(client, address) | _document(**changes)).status_code


def _contest(director: Client, node: str) -> None:
    said = {"reason": "Due pratiche di novembre mancano: risulta dal verbale del 3 dicembre."}
    assert director.post(f"/raccolta/contesta/dcm_milano/{node}/", said).status_code == 302


def _is_public(run: RunRecord) -> bool:
    return Client().get(f"/strutture/?run={run.run[:12]}").status_code == 200


def _written() -> tuple[int, int, int]:
    decided = Entry.objects.filter(verb__in=("results.validated", "results.published")).count()
    return PassedOver.objects.count(), ResultsValidation.objects.count(), decided


def test_a_quarter_with_two_open_contests_and_never_verified_is_published_only_with_reasons(
    verified: list[RunRecord], sign_in: SignIn
) -> None:
    run, publisher, director = verified[-1], sign_in(Role.PUBLISHER), sign_in(Role.DIRECTOR, "dcm_milano")
    assert _validate(sign_in(Role.OIV), run) == 302
    Verification.objects.all().delete()
    for node in ("indice_deflusso", "indice_audit"):
        _contest(director, node)
    address, before = _page(run, "pubblicazione"), _written()

    never = publisher.post(address, answered(publisher, address) | ACT)
    assert (never.status_code, _is_public(run), _written()) == (409, False, before)
    page = never.content.decode()
    assert "Nessuno l&#x27;ha ancora ricalcolata." in page
    assert "Questa riga non si può superare." in page
    assert all(f"/raccolta/contestazioni/{one.pk}/" in page for one in Contest.objects.all())

    publisher.post(_page(run, "verifica"))
    run_job.call(str(Job.objects.get().pk))
    silent = publisher.post(address, answered(publisher, address, "") | ACT)
    page = silent.content.decode()
    assert (silent.status_code, _is_public(run), _written()) == (409, False, before)
    assert page.count("Si supera soltanto con un motivo scritto") == len(asked_on(page))
    assert "contests" in asked_on(page)
    assert 'value="Determina 9/2025"' in page, "what was written is kept"

    given = publisher.post(address, answered(publisher, address) | ACT)
    assert (given.status_code, _is_public(run)) == (302, True)
    entry = Entry.objects.get(verb="results.published")
    assert entry.after is not None
    assert entry.after["passed_over"]["contests"] == REASON
    assert REASON in Client().get(f"/dati-aperti/esecuzioni/{run.run}/").content.decode()
    told = Client().get("/dati-aperti/motivi.csv").getvalue().decode("utf-8-sig").splitlines()
    rows = {(row["step"], row["line"]): row for row in csv.DictReader(told)}
    assert (rows["publication", "contests"]["count"], rows["publication", "contests"]["reason"]) == ("2", REASON)
    assert ("validation", "alarms") in rows
    assert ("validation", "contests") not in rows, "none was open then"


def test_it_asks_again_when_something_changed_since_the_page_was_read(
    verified: list[RunRecord], sign_in: SignIn
) -> None:
    run, publisher = verified[-1], sign_in(Role.PUBLISHER)
    _contest(sign_in(Role.DIRECTOR, "dcm_milano"), "indice_audit")
    assert _validate(sign_in(Role.OIV), run) == 302
    address = _page(run, "pubblicazione")
    read = answered(publisher, address)
    _contest(sign_in(Role.DIRECTOR, "dcm_milano"), "indice_deflusso")

    late = publisher.post(address, read | ACT)

    assert (late.status_code, _is_public(run)) == (409, False)
    assert "è cambiato ciò che la lista di controllo ha trovato" in late.content.decode()
    assert REASON in late.content.decode(), "what was written is kept"


def test_the_oiv_answers_the_same_list_unless_it_does_not_validate(verified: list[RunRecord], sign_in: SignIn) -> None:
    run, oiv = verified[-1], sign_in(Role.OIV)
    Verification.objects.all().delete()
    assert (_validate(oiv, run), _written()) == (409, (0, 0, 0))

    assert _validate(oiv, run, outcome="refused") == 302
    assert _written() == (0, 1, 1)


@pytest.mark.parametrize("reason", ["", "   ", "ok", "..........", "x" * 2001, "dieci caratteri\0"])
def test_a_word_is_no_reason(verified: list[RunRecord], sign_in: SignIn, reason: str) -> None:
    oiv, address = sign_in(Role.OIV), _page(verified[-1], "validazione")

    answer = oiv.post(address, answered(oiv, address, reason) | _document())

    assert (answer.status_code, _written()) == (409, (0, 0, 0))


def test_it_says_in_english_what_it_says_in_italian(verified: list[RunRecord], sign_in: SignIn) -> None:
    page = sign_in(Role.OIV).get(f"/en{_page(verified[-1], 'validazione')}").content.decode()
    assert "Integrity alarms that nobody looked at" in page
