"""The OIV validates, and only then a run is published; who made it does not validate it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.house.pages import PAGES
from piramide.web.oversight.models import Adjustment, ResultsValidation, Verification
from piramide.web.results.models import RunRecord
from tests.web.answering import answered

pytestmark = pytest.mark.usefixtures("verified")
SignIn = Callable[..., Client]
People = Callable[..., User]


def _document(**changes: str) -> dict[str, str]:
    content = {"outcome": "validated", "act": "OIV 3/2025", "day": "2025-06-30", "text": "Tutto torna."}
    return {"token": str(uuid4()), **content, **changes}


def _validate(client: Client, run: RunRecord, **changes: str) -> int:
    address = f"/vigilanza/esecuzioni/{run.run}/validazione/"
    return client.post(address, answered(client, address) | _document(**changes)).status_code


def _publish(client: Client, run: RunRecord, act: str = "Determina 9/2025", sure: str = "on") -> int:
    content = {"act": act, "is_sure": sure} if sure else {"act": act}
    address = f"/vigilanza/esecuzioni/{run.run}/pubblicazione/"
    return client.post(address, answered(client, address) | content).status_code


def _is_public(run: RunRecord) -> bool:
    return Client().get(f"/strutture/?run={run.run[:12]}").status_code == 200


@pytest.mark.databases
def test_it_publishes_nothing_that_the_oiv_has_not_validated(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.PUBLISHER)
    assert _publish(client, runs[-1]) == 409
    assert not _is_public(runs[-1])
    assert _validate(sign_in(Role.OIV), runs[-1], outcome="refused") == 302
    assert _publish(client, runs[-1]) == 409
    assert not _is_public(runs[-1])
    page = client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/").content.decode()
    assert "blocca pagamento e pubblicazione" in page


@pytest.mark.parametrize("outcome", ["validated", "remarks"])
def test_it_opens_payment_and_publication_when_validated(runs: list[RunRecord], sign_in: SignIn, outcome: str) -> None:
    _validate(sign_in(Role.OIV), runs[-1], outcome=outcome)
    client = sign_in(Role.PUBLISHER)
    page = client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/").content.decode()
    assert "si può pubblicare e pagare" in page
    assert f"/vigilanza/esecuzioni/{runs[-1].run}/pubblicazione/" in client.get("/").content.decode()
    assert _publish(client, runs[-1], sure="") == 200
    assert not _is_public(runs[-1])
    assert _publish(client, runs[-1]) == 302
    assert _is_public(runs[-1])
    record = RunRecord.objects.get(pk=runs[-1].pk)
    assert (record.publication_act, record.published_by is not None) == ("Determina 9/2025", True)


@pytest.mark.databases
def test_it_counts_each_button_once(runs: list[RunRecord], sign_in: SignIn) -> None:
    oiv, publisher, token = sign_in(Role.OIV), sign_in(Role.PUBLISHER), str(uuid4())
    for _time in range(2):
        assert _validate(oiv, runs[-1], token=token) == 302
        assert _publish(publisher, runs[-1]) == 302
    assert ResultsValidation.objects.count() == 1
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["results.validated", "results.published"]
    entry = Entry.objects.first()
    assert entry is not None
    assert (entry.act, entry.reason) == ("OIV 3/2025", "Tutto torna.")


@pytest.mark.databases
def test_it_keeps_an_earlier_document_beside_the_one_that_holds(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.OIV)
    _validate(client, runs[-1], outcome="refused", text="Mancano le prove.")
    _validate(client, runs[-1], text="Prove ricevute.")
    page = client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/").content.decode()
    assert page.index("Prove ricevute.") < page.index("Mancano le prove.")
    assert "superato dal documento successivo" in page


def test_it_validates_nothing_that_is_published(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.OIV)
    assert _validate(client, runs[0]) == 409
    assert "Scrivi il documento" not in client.get(f"/vigilanza/esecuzioni/{runs[0].run}/").content.decode()


def _with_two_roles(person: People, first: Role, second: Role) -> tuple[User, Client]:
    user, client = person(first), Client()
    Grant.objects.create(user=user, role=second, structure="nazionale", since="2024-01-01")
    client.force_login(user)
    return user, client


def test_who_made_a_run_does_not_validate_it(runs: list[RunRecord], person: People) -> None:
    user, client = _with_two_roles(person, Role.PLANNER, Role.OIV)
    RunRecord.objects.filter(pk=runs[-1].pk).update(made_by=user)
    assert "non la valida" in client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/validazione/").content.decode()
    assert _validate(client, runs[-1]) == 409
    assert ResultsValidation.objects.count() == 0


def test_who_proposed_an_adjustment_does_not_validate_the_run_that_carries_it(
    runs: list[RunRecord], person: People, sign_in: SignIn
) -> None:
    _user, proposer = _with_two_roles(person, Role.PLANNER, Role.OIV)
    content = {"indicator": "indice_deflusso", "value": "1,4", "reason": "Errore.", "act": "Nota 8"}
    address = f"/vigilanza/esecuzioni/{runs[-1].run}/rettifica/?struttura=dcm_milano"
    proposer.post(address, {"token": str(uuid4()), **content})
    made = Adjustment.objects.get()
    sign_in(Role.PLANNER).post(f"/vigilanza/rettifiche/{made.pk}/conferma/")
    made.refresh_from_db()
    assert made.new_run is not None
    Verification.objects.create(run=made.new_run, is_whole=True)
    assert _validate(proposer, made.new_run) == 409
    assert _validate(sign_in(Role.OIV), made.new_run) == 302


def test_it_lists_a_correction_for_everybody_once_it_is_published(runs: list[RunRecord], sign_in: SignIn) -> None:
    assert "Nessun risultato pubblicato è stato corretto" in Client().get("/vigilanza/correzioni/").content.decode()
    planner, oiv, publisher = (sign_in(role) for role in (Role.PLANNER, Role.OIV, Role.PUBLISHER))
    content = {"indicator": "indice_deflusso", "value": "1,5", "reason": "Doppio conteggio.", "act": "Nota 9"}
    address = f"/vigilanza/esecuzioni/{runs[0].run}/rettifica/?struttura=dcm_milano"
    planner.post(address, {"token": str(uuid4()), **content})
    made = Adjustment.objects.get()
    planner.post(f"/vigilanza/rettifiche/{made.pk}/conferma/")
    made.refresh_from_db()
    assert made.new_run is not None
    Verification.objects.create(run=made.new_run, is_whole=True)
    assert not _is_public(made.new_run)
    _validate(oiv, made.new_run)
    _publish(publisher, made.new_run, "Errata 1/2025")
    page = Client().get("/vigilanza/correzioni/").content.decode()
    assert "Errata 1/2025" in page
    assert "DCM Milano" in page
    assert _is_public(runs[0])
    assert _is_public(made.new_run)


def test_it_leaves_a_newer_correction_published(runs: list[RunRecord], sign_in: SignIn) -> None:
    planner, oiv, publisher = (sign_in(role) for role in (Role.PLANNER, Role.OIV, Role.PUBLISHER))
    content = {"indicator": "indice_deflusso", "value": "1,6", "reason": "Doppio conteggio.", "act": "Nota 10"}
    address = f"/vigilanza/esecuzioni/{runs[-1].run}/rettifica/?struttura=dcm_milano"
    planner.post(address, {"token": str(uuid4()), **content})
    made = Adjustment.objects.get()
    planner.post(f"/vigilanza/rettifiche/{made.pk}/conferma/")
    made.refresh_from_db()
    assert made.new_run is not None
    Verification.objects.create(run=made.new_run, is_whole=True)
    for run in (runs[-1], made.new_run):
        _validate(oiv, run)
    assert _publish(publisher, made.new_run) == 302
    assert _publish(publisher, runs[-1]) == 409


@pytest.mark.parametrize(("role", "validates", "publishes"), [
    (Role.OIV, True, False),
    (Role.PUBLISHER, False, True),
    (Role.PLANNER, False, False),
    (Role.AUDITOR, False, False),
    (Role.DIRECTOR, False, False),
    (Role.ADMINISTRATOR, False, False),
])  # fmt: skip
def test_each_act_is_of_its_role(
    runs: list[RunRecord], sign_in: SignIn, role: Role, validates: bool, publishes: bool
) -> None:
    client = sign_in(role)
    allowed = {True: 200, False: 403}
    for page, may in (("validazione", validates), ("pubblicazione", publishes)):
        assert client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/{page}/").status_code == allowed[may]
    assert (_validate(client, runs[-1]) == 403) != validates
    assert (_publish(client, runs[-1]) == 403) != publishes
    assert sign_in(Role.OIV).get(f"/en/vigilanza/esecuzioni/{runs[-1].run}/").status_code == 200


@pytest.mark.parametrize("changes", [{"day": "2999-01-01"}, {"act": ""}, {"outcome": "forse"}, {"text": ""}])
def test_it_says_beside_the_field_what_is_wrong(
    runs: list[RunRecord], sign_in: SignIn, changes: dict[str, str]
) -> None:
    assert _validate(sign_in(Role.OIV), runs[-1], **changes) == 200
    assert ResultsValidation.objects.count() == 0


@pytest.mark.parametrize("name", ["results.parquet", "manifest.json", "pack/pack.yaml"])
def test_a_run_that_somebody_touched_is_neither_published_nor_shown(
    runs: list[RunRecord], sign_in: SignIn, site_store: Path, name: str
) -> None:
    publisher = sign_in(Role.PUBLISHER)
    _validate(sign_in(Role.OIV), runs[-1])
    assert publisher.get(f"/strutture/nazionale/?run={runs[-1].run[:12]}").status_code == 200
    PAGES.clear()
    path = site_store / "runs" / runs[-1].run / name
    whole = path.read_bytes()
    path.write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    try:
        published, shown = (
            _publish(publisher, runs[-1]),
            publisher.get(f"/strutture/nazionale/?run={runs[-1].run[:12]}"),
        )
    finally:
        path.write_bytes(whole)

    assert (published, shown.status_code) == (409, 409)
    assert name.partition("/")[0] in shown.content.decode()
    assert not RunRecord.objects.get(pk=runs[-1].pk).is_published
    assert _publish(publisher, runs[-1]) == 409, "whole again, but written since its verification"
    Verification.objects.create(run=runs[-1], is_whole=True)
    assert _publish(publisher, runs[-1]) == 302
