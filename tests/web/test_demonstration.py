"""The demonstration: everybody who can sign in finds something to do, made as people make it, and only once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from piramide.demo.duties import invented_work
from piramide.demo.people import PASSWORD, PUBLISHED_UNTIL, people
from piramide.web.accounts.models import User
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.calendar.models import Appointment
from piramide.web.collection.models import Ask, Campaign, Contest, Evidence, Signature, Value
from piramide.web.demonstration.waiting_work import begin, publish_older
from piramide.web.operations import welcome
from piramide.web.oversight.models import PassedOver, ResultsValidation
from piramide.web.plans.models import Draft
from piramide.web.projects.models import ProjectStep
from piramide.web.results.models import RunRecord
from tests.web.conftest import registered

pytestmark = pytest.mark.django_db
COUNTED = (
    Campaign,
    Ask,
    Value,
    Signature,
    Contest,
    Evidence,
    Draft,
    ProjectStep,
    Appointment,
    ResultsValidation,
    Entry,
)

WAITING = {
    "pianificazione": "1 contestazione da decidere",
    "milano": "valori da inserire per",
    "trentino": "valori da inserire per",
    "dati": "4° trimestre 2024 (campagna inventata): valori da inserire per",
    "legale": "2 consegne da attestare",
    "validazione": "1 consegna da validare",
    "oiv": "dai il parere dell&#x27;OIV",
    "revisore": "Verificare l&#x27;esecuzione del 4° trimestre",
    "pubblicazione": "Pubblicare i risultati",
    "amministrazione": "Rivedere ruoli e deleghe",
}


@pytest.fixture(scope="module")
def beginning(
    site_store: Path, lasting: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[RunRecord]]:
    """A demonstration that began today, once for all tests: each begins from it, and what it changes goes with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        with lasting.unblock():
            runs = registered()
            RunRecord.objects.filter(pk=runs[-1].pk).update(published_at=None)
            welcome(people(), PASSWORD)
            assert begin(invented_work())
        yield runs


@pytest.fixture
def begun(beginning: list[RunRecord], runs: list[RunRecord]) -> list[RunRecord]:
    """A demonstration that began today."""
    assert runs == beginning
    return runs


def home(email: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email=email), "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_gives_every_person_something_to_do(begun: list[RunRecord]) -> None:
    assert begun
    for name, words in WAITING.items():
        assert words in home(f"{name}@example.org"), name


def test_it_leaves_nobody_without_something_to_do() -> None:
    assert {f"{name}@example.org" for name in WAITING} == {person.email for person in people()}


def test_it_has_something_due_late_given_signed_and_contested(begun: list[RunRecord]) -> None:
    today = timezone.localdate()
    late, open_one = Campaign.objects.order_by("due_on")

    assert late.due_on < today < open_one.due_on
    assert {signature.structure for signature in Signature.objects.all()} == {"prov_trento", "prov_bergamo"}
    assert open_one.asks.filter(structure="prov_bolzano").exclude(current=None).count() == 2
    assert Contest.objects.get().by.email == "milano@example.org"
    assert Contest.objects.get().run == begun[-1].run
    assert all("inventat" in campaign.title and "inventat" in campaign.note for campaign in (late, open_one))


def test_it_has_sheets_handed_out_seen_with_a_reservation_and_late(begun: list[RunRecord]) -> None:
    client = Client()
    client.force_login(User.objects.get(email="oiv@example.org"), "allauth.account.auth_backends.AuthenticationBackend")
    found = {state: client.get(f"/piano/assegnazioni/?stato={state}").content.decode().count('data-label="Atto"')
             for state in ("issued", "seen", "reserved", "unanswered")}  # fmt: skip

    assert begun
    assert found == {"issued": 2, "seen": 1, "reserved": 1, "unanswered": 1}


def test_it_writes_everything_into_the_register(begun: list[RunRecord]) -> None:
    verbs = set(Entry.objects.values_list("verb", flat=True))

    assert begun
    assert {"campaign.opened", "value.written", "values.confirmed", "figure.contested", "plan.proposal",
            "deliverable.attested", "evidence.attached", "results.validated", "deadline.set"} <= verbs  # fmt: skip
    assert check_chain().is_whole


def test_it_doubles_nothing_when_it_is_asked_again(begun: list[RunRecord]) -> None:
    before = [model.objects.count() for model in COUNTED]
    welcome(people(), PASSWORD)

    assert begun
    assert not begin(invented_work())
    assert [model.objects.count() for model in COUNTED] == before


def test_it_proves_with_a_document_that_a_reader_opens(begun: list[RunRecord]) -> None:
    evidence = Evidence.objects.get()
    data = (Path(settings.MEDIA_ROOT) / evidence.file).read_bytes()
    place = int(re.findall(rb"startxref\n(\d+)", data)[0])

    assert begun
    assert data[place:].startswith(b"xref\n0 6\n")
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", data), start=1):
        assert data[int(offset) :].startswith(b"%d 0 obj" % number)


def test_older_results_are_published_as_people_publish_them(
    begun: list[RunRecord],
) -> None:
    """Recomputed, validated, each line that asks answered: by the register, and on the page that everybody reads."""
    run, steps = begun[-2], []
    RunRecord.objects.filter(pk=run.pk).update(published_at=None)
    until = date.fromisoformat(PUBLISHED_UNTIL)

    published = [publish_older(invented_work(), until, lambda done, of: steps.append((done, of))) for _ in range(2)]

    assert published == [1, 0]
    assert steps == [(0, 1)]
    record = RunRecord.objects.get(pk=run.pk)
    assert record.publication_act == "1/inventato"
    assert record.register_head
    assert record.verifications.get().is_whole
    told = Entry.objects.get(verb="results.published")
    assert told.subject == f"run:{run.pk}"
    asked = {one.line for one in PassedOver.objects.filter(run=run.pk, step=PassedOver.Step.PUBLICATION)}
    assert asked
    assert told.after is not None
    assert told.after["passed_over"].keys() == asked
    page = Client().get(f"/dati-aperti/esecuzioni/{run.pk}/").content.decode()
    assert page.count("motivo inventato") >= len(asked)
    assert RunRecord.objects.get(pk=begun[-1].pk).published_at is None


def test_one_whose_period_has_a_later_one_that_is_public_is_left(begun: list[RunRecord]) -> None:
    first, other = begun[0], begun[1]
    RunRecord.objects.filter(pk=first.pk).update(published_at=None)
    RunRecord.objects.filter(pk=other.pk).update(
        period=first.period, ends_on=first.ends_on, made_at=first.made_at + timedelta(hours=1)
    )

    assert publish_older(invented_work(), date.fromisoformat(PUBLISHED_UNTIL), lambda done, of: None) == 0
    assert RunRecord.objects.get(pk=first.pk).published_at is None


def test_a_run_that_does_not_recompute_stays_unpublished(
    begun: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    RunRecord.objects.filter(pk=begun[-2].pk).update(published_at=None)
    monkeypatch.setattr("piramide.web.demonstration.waiting_work.keep_verification", lambda run, user: None)

    assert publish_older(invented_work(), date.fromisoformat(PUBLISHED_UNTIL), lambda done, of: None) == 0
    assert RunRecord.objects.get(pk=begun[-2].pk).published_at is None
