"""Runs: listed, opened, verified, compared; findings of the plans; who may see them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.jobs.models import Job
from piramide.web.jobs.running import run_job, start
from piramide.web.oversight.models import PlanFindings, Verification
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
People = Callable[..., User]
OVERSEERS = (Role.PLANNER, Role.OIV, Role.AUDITOR, Role.PUBLISHER)
OTHERS = (Role.DIRECTOR, Role.DATA_OWNER, Role.ATTESTER, Role.ADMINISTRATOR, None)
PAGES = ("", "esecuzioni/", "riscontri/", "allarmi/", "rettifiche/")


@pytest.mark.parametrize("role", OVERSEERS)
def test_it_opens_to_who_oversees(runs: list[RunRecord], sign_in: SignIn, role: Role) -> None:
    client = sign_in(role)
    pages = (*PAGES, f"esecuzioni/{runs[-1].run}/", f"confronto/{runs[0].run[:16]}/{runs[1].run[:16]}/")
    assert [client.get(f"/vigilanza/{page}").status_code for page in pages] == [200] * len(pages)
    assert "Vigilanza" in client.get("/").content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_it_is_closed_to_everybody_else(runs: list[RunRecord], sign_in: SignIn, role: Role | None) -> None:
    client = sign_in(role)
    pages = (*PAGES, f"esecuzioni/{runs[0].run}/", f"confronto/{runs[0].run[:16]}/{runs[1].run[:16]}/")
    assert [client.get(f"/vigilanza/{page}").status_code for page in pages] == [403] * len(pages)
    assert 'href="/vigilanza/"' not in client.get("/").content.decode()


def test_it_is_closed_to_who_oversees_a_part_alone(runs: list[RunRecord], sign_in: SignIn) -> None:
    assert sign_in(Role.PLANNER, "dcm_milano").get(f"/vigilanza/esecuzioni/{runs[0].run}/").status_code == 403


def test_it_asks_who_is_not_signed_in_to_do_so(runs: list[RunRecord]) -> None:
    assert Client().get("/vigilanza/").headers["Location"].startswith("/accesso/login/")


def test_it_tells_first_how_many_runs_wait(runs: list[RunRecord], sign_in: SignIn) -> None:
    page = sign_in(Role.OIV).get("/vigilanza/").content.decode()
    assert "3 esecuzioni, pubblicate 2; una aspetta la validazione dell&#x27;OIV" in page.replace("'", "&#x27;")


def test_it_shows_what_a_run_was_made_from(runs: list[RunRecord], sign_in: SignIn) -> None:
    page = sign_in(Role.AUDITOR).get(f"/vigilanza/esecuzioni/{runs[-1].run[:10]}/").content.decode()
    assert f'data-hash="{runs[-1].run}"' in page
    assert "Metodo e organizzazione al" in page
    assert "31/12/2024" in page
    assert f"{settings.CONFIGURATION.origin}/vigilanza/esecuzioni/{runs[-1].run}/" in page
    assert "blocca pagamento e pubblicazione" in page


@pytest.mark.parametrize("run", ["deadbeef", "nonesiste", "12"])
def test_it_knows_no_other_run(runs: list[RunRecord], sign_in: SignIn, run: str) -> None:
    assert sign_in(Role.AUDITOR).get(f"/vigilanza/esecuzioni/{run}/").status_code == 404


def test_it_seals_a_run_only_after_a_verification_of_now(
    runs: list[RunRecord], sign_in: SignIn, person: People
) -> None:
    client, address = sign_in(Role.AUDITOR), f"/vigilanza/esecuzioni/{runs[-1].run}/"
    assert "verificata adesso" not in client.get(address).content.decode()
    job = start(person(Role.AUDITOR), "verify", {"run": runs[-1].run})
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert job.address == address
    assert "verificata adesso" in client.get(address).content.decode()

    Verification.objects.update(at="2024-12-31T10:00:00Z")
    page = client.get(address).content.decode()
    assert "verificata adesso" not in page
    assert "uguale il 31/12/2024" in page


def test_it_tells_the_first_difference_of_a_run_that_was_touched(runs: list[RunRecord], sign_in: SignIn) -> None:
    difference = {"file": "results.parquet", "structure": "dcm_milano", "node": "x", "column": "index", "kept": 1}
    Verification.objects.create(run=runs[-1], is_whole=False, difference=difference)
    client = sign_in(Role.AUDITOR)
    assert "dcm_milano / x / index" in client.get(f"/vigilanza/esecuzioni/{runs[-1].run}/").content.decode()
    assert "non si ricalcola uguale" in client.get("/vigilanza/").content.decode()


def test_it_asks_for_a_verification_once(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.OIV)
    first = client.post(f"/vigilanza/esecuzioni/{runs[0].run}/verifica/").headers["Location"]
    again = client.post(f"/vigilanza/esecuzioni/{runs[0].run}/verifica/").headers["Location"]
    assert first == again
    assert Job.objects.filter(kind="verify").count() == 1


def test_it_lets_who_may_not_verify_ask_nothing(runs: list[RunRecord], sign_in: SignIn) -> None:
    address = f"/vigilanza/esecuzioni/{runs[0].run}/verifica/"
    assert sign_in(Role.DIRECTOR).post(address).status_code == 403
    auditor_of_a_part = sign_in(Role.AUDITOR, "lombardia")
    assert auditor_of_a_part.post(address).status_code == 403
    assert b"Verifica adesso" not in auditor_of_a_part.get(f"/vigilanza/esecuzioni/{runs[0].run}/").content
    assert sign_in(Role.OIV).get(address).status_code == 405


def test_it_says_what_differs_between_two_runs(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.AUDITOR)
    lead = client.get("/vigilanza/confronto/", {"da": runs[0].run[:8], "a": runs[1].run})
    page = client.get(lead.headers["Location"]).content.decode()
    assert "si sono mossi" in page
    assert "2024-09-30" in page


def test_it_finds_nothing_between_a_run_and_itself(runs: list[RunRecord], sign_in: SignIn) -> None:
    address = f"/vigilanza/confronto/{runs[0].run[:16]}/{runs[0].run[:16]}/"
    assert "nulla." in sign_in(Role.AUDITOR).get(address).content.decode()


def test_it_lists_the_findings_of_a_plan_and_keeps_them(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.AUDITOR)
    page = client.get("/vigilanza/riscontri/", {"piano": "inps-2021", "gravita": "error"}).content.decode()
    assert "un separatore fuori posto" in page
    assert "tables/declinazione_annuale.csv:29" in page
    assert "arrotondamento" not in page
    client.get("/vigilanza/riscontri/", {"piano": "inps-2021"})
    assert PlanFindings.objects.filter(pack="inps-2021").count() == 1
    assert client.get("/vigilanza/riscontri/", {"piano": "../../etc"}).status_code == 404


@pytest.mark.parametrize(("page", "said"), [
    ("", "Oversight"),
    ("esecuzioni/", "Every one can be recomputed"),
    ("riscontri/", "relations between figures"),
    ("allarmi/", "It never says"),
    ("rettifiche/", "withdrawn ones stay"),
])  # fmt: skip
def test_it_speaks_english(runs: list[RunRecord], sign_in: SignIn, page: str, said: str) -> None:
    assert said in sign_in(Role.AUDITOR).get(f"/en/vigilanza/{page}").content.decode()
