"""Alarms: computed in the background, shown as evidence, written beside by people, never a verdict."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry
from piramide.web.jobs.models import Job, State
from piramide.web.jobs.running import run_job
from piramide.web.oversight.models import AlarmNote, AlarmReport
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]


@pytest.fixture
def report(runs: list[RunRecord]) -> AlarmReport:
    """A period in which one office of the plan stands out."""
    period = parse_period("2024-Q3")
    numbers = {"part": 30.0, "whole": 40.0}
    query = "SELECT * FROM entries LIMIT 20"
    heard = Evidence("period_end_burst", "AL001", "dcm_milano", period, 0.75, 0.2, 0.05, 1e-5, query, numbers)
    examined = Examined("period_end_burst", "AL001", 119, 3, 0.119, (heard,))
    return AlarmReport.objects.create(
        period="2024-Q3", ends_on="2024-09-30", at=timezone.now(), by_chance=0.119, alarms=[examined.as_json()]
    )


def _key(report: AlarmReport) -> str:
    return report.evidence[0][0]


def test_it_shows_what_was_seen_how_rare_it_is_and_an_honest_reason(report: AlarmReport, sign_in: SignIn) -> None:
    page = sign_in(Role.AUDITOR).get("/vigilanza/allarmi/2024-Q3/").content.decode()
    assert "30 definizioni su 40 (75,0 %) cadono negli ultimi cinque giorni" in page
    assert "un ufficio su 100.000" in page
    assert "Una ragione onesta" in page
    assert "una festa locale nei giorni prima" in page
    assert "SELECT * FROM entries LIMIT 20" in page
    english = sign_in(Role.AUDITOR).get("/en/vigilanza/allarmi/2024-Q3/").content.decode()
    assert "An honest reason" in english
    assert "one office in 100,000" in english


def test_it_keeps_what_people_write_with_name_and_register(report: AlarmReport, sign_in: SignIn) -> None:
    client, address = sign_in(Role.AUDITOR), f"/vigilanza/allarmi/2024-Q3/{_key(report)}/"
    content = {"token": str(uuid4()), "kind": "reason", "text": "Festa patronale il 26."}
    for _time in range(2):
        assert client.post(address, content).headers["Location"] == "/vigilanza/allarmi/2024-Q3/"
    assert AlarmNote.objects.count() == 1
    assert "Festa patronale il 26." in client.get("/vigilanza/allarmi/2024-Q3/").content.decode()
    entry = Entry.objects.get(verb="alarm.noted")
    assert (entry.structure, entry.reason) == ("dcm_milano", "Festa patronale il 26.")


def test_it_keeps_notes_when_the_period_is_computed_again(report: AlarmReport, sign_in: SignIn) -> None:
    client, address = sign_in(Role.AUDITOR), f"/vigilanza/allarmi/2024-Q3/{_key(report)}/"
    client.post(address, {"token": str(uuid4()), "kind": "seen", "text": "Vista."})
    AlarmReport.objects.update_or_create(period="2024-Q3", defaults={"at": timezone.now(), "by_chance": 0.2})
    assert "Vista." in client.get("/vigilanza/allarmi/2024-Q3/").content.decode()


def test_it_offers_no_verdict(report: AlarmReport, sign_in: SignIn) -> None:
    client, address = sign_in(Role.AUDITOR), f"/vigilanza/allarmi/2024-Q3/{_key(report)}/"
    assert "Non è un giudizio" in client.get(address).content.decode()
    answer = client.post(address, {"token": str(uuid4()), "kind": "guilty", "text": "Colpevole."})
    assert answer.status_code == 200
    assert AlarmNote.objects.count() == 0


def test_it_listens_in_the_background_and_says_why_it_could_not(runs: list[RunRecord], sign_in: SignIn) -> None:
    client = sign_in(Role.OIV)
    first = client.post("/vigilanza/allarmi/ascolta/", {"period": "2024-Q3"}).headers["Location"]
    assert client.post("/vigilanza/allarmi/ascolta/", {"period": "2024-Q3"}).headers["Location"] == first
    job = Job.objects.get(kind="alarms")
    run_job.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, "AL090" in job.outcome) == (State.REFUSED, True)
    assert AlarmReport.objects.count() == 0


def test_it_wants_a_period(runs: list[RunRecord], sign_in: SignIn) -> None:
    answer = sign_in(Role.OIV).post("/vigilanza/allarmi/ascolta/", {"period": "ieri"})
    assert (answer.status_code, "non è un periodo" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DATA_OWNER, Role.ATTESTER, Role.ADMINISTRATOR, None])
def test_it_is_only_for_who_oversees(report: AlarmReport, sign_in: SignIn, role: Role | None) -> None:
    client = sign_in(role)
    assert client.get("/vigilanza/allarmi/2024-Q3/").status_code == 403
    assert client.post("/vigilanza/allarmi/ascolta/", {"period": "2024-Q3"}).status_code == 403
    assert client.post(f"/vigilanza/allarmi/2024-Q3/{_key(report)}/", {}).status_code == 403


def test_it_knows_no_other_alarm(report: AlarmReport, sign_in: SignIn) -> None:
    client = sign_in(Role.AUDITOR)
    assert client.get("/vigilanza/allarmi/2024-Q2/").status_code == 404
    assert client.get("/vigilanza/allarmi/2024-Q3/0000000000000000/").status_code == 404


def test_users_are_told_apart(report: AlarmReport, sign_in: SignIn) -> None:
    client, address = sign_in(Role.OIV), f"/vigilanza/allarmi/2024-Q3/{_key(report)}/"
    client.post(address, {"token": str(uuid4()), "kind": "asked", "text": "Chiesto."})
    assert AlarmNote.objects.get().by == User.objects.latest("pk")
