"""People and roles: who gives and takes them, how far a delegation reaches, and that all of it is in the register."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from piramide.cli import site
from piramide.kernel.findings import Refusal
from piramide.web.accounts import administration
from piramide.web.accounts.access import Access, access_of
from piramide.web.accounts.administration import Wish
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Action, Role
from piramide.web.audit.chain import check_chain
from piramide.web.audit.models import Entry
from piramide.web.plans_in_force import organisation_on

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
People = Callable[..., User]
SignIn = Callable[..., Client]
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=30)


def _access(user: User) -> Access:
    return access_of(user, TODAY, organisation_on(TODAY))


def _wish(role: Role = Role.DIRECTOR, structure: str = "lombardia", last_day: date | None = None) -> Wish:
    return Wish(role, structure, TODAY, last_day, "Determinazione 3/2024")


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_it_invites_by_mail_and_lets_the_person_choose_a_password(person: People) -> None:
    client = _browser(person(Role.ADMINISTRATOR))
    form = {"name": "Carla Nuova", "email": "Carla@Example.org"}
    page = client.post("/account/persone/invita/", form, follow=True)
    assert "Ora dalle un ruolo" in page.content.decode()
    carla = User.objects.get(email="carla@example.org")
    assert not carla.has_usable_password()
    link = re.search(r"http://localhost:8000(\S+)", str(mail.outbox[0].body))
    assert link is not None
    browser = Client()
    choosing = browser.get(link.group(1), follow=True)
    address = choosing.redirect_chain[-1][0]
    chosen = {"password1": "una frase abbastanza lunga", "password2": "una frase abbastanza lunga"}
    assert "La password è cambiata" in browser.post(address, chosen, follow=True).content.decode()
    assert "non vale più" in Client().get(link.group(1), follow=True).content.decode()
    signed_in = browser.post("/accesso/login/", {"login": "carla@example.org", "password": chosen["password1"]})
    assert signed_in.status_code == 302
    verbs = [entry.verb for entry in Entry.objects.all()]
    assert verbs == ["person.invited", "person.password_changed", "person.entered"]


def test_it_gives_and_takes_a_role_with_its_reason_and_undoes_it(person: People) -> None:
    client, user = _browser(person(Role.ADMINISTRATOR)), person()
    form = {"role": "director", "structure": "lombardia", "since": TODAY.isoformat(), "reason": "Determinazione 3/2024"}
    assert "Il ruolo è dato" in client.post(f"/account/persone/{user.pk}/", form, follow=True).content.decode()
    grant = user.grants.get()
    assert _access(user).may(Action.CONFIRM, "prov_bergamo")
    assert "Scrivi il motivo" in client.post(f"/account/ruoli/{grant.pk}/togli/", follow=True).content.decode()
    client.post(f"/account/ruoli/{grant.pk}/togli/", {"reason": "fine incarico"})
    assert not _access(user).may(Action.CONFIRM)
    client.post(f"/account/ruoli/{grant.pk}/annulla/")
    assert _access(user).may(Action.CONFIRM, "lombardia")
    rows = [(entry.verb, entry.structure, entry.reason) for entry in Entry.objects.all()]
    assert rows == [
        ("grant.given", "lombardia", "Determinazione 3/2024"),
        ("grant.taken", "lombardia", "fine incarico"),
        ("grant.given_back", "lombardia", ""),
    ]
    assert check_chain().is_whole


def test_it_ends_a_role_on_its_last_day_included(person: People) -> None:
    user = person()
    administration.give(_access(person(Role.ADMINISTRATOR)), user, _wish(last_day=LATER))
    held = user.grants.get()
    assert (held.holds_on(LATER), held.holds_on(LATER + timedelta(days=1))) == (True, False)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_it_says_that_nobody_means_such_a_year(person: People, day: str) -> None:
    user = person()
    form = {"role": "director", "structure": "lombardia", "since": TODAY.isoformat(), "last_day": day, "reason": "x"}
    page = _browser(person(Role.ADMINISTRATOR)).post(f"/account/persone/{user.pk}/", form)
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert not user.grants.exists()


def test_it_keeps_an_administrator_of_a_part_inside_it(person: People) -> None:
    doer, stranger = person(Role.ADMINISTRATOR, "lombardia"), person(Role.DIRECTOR, "piemonte")
    with pytest.raises(ValidationError, match="amministri"):
        administration.give(_access(doer), person(), _wish(structure="piemonte"))
    with pytest.raises(PermissionDenied):
        administration.take(_access(doer), stranger.grants.get(), "no")
    browser = _browser(doer)
    assert browser.get(f"/account/persone/{stranger.pk}/").status_code == 404
    assert stranger.email not in browser.get("/account/persone/").content.decode()
    assert browser.post(f"/account/ruoli/{stranger.grants.get().pk}/togli/", {"reason": "no"}).status_code == 404
    assert not Entry.objects.exists()


def test_it_does_not_suspend_who_also_works_elsewhere(person: People) -> None:
    doer, both = person(Role.ADMINISTRATOR, "lombardia"), person(Role.DIRECTOR, "lombardia")
    Grant.objects.create(user=both, role=Role.DIRECTOR, structure="piemonte", since=TODAY)
    with pytest.raises(ValidationError, match="fuori"):
        administration.suspend(_access(doer), both, "no")


def test_nobody_gives_a_role_to_themselves(person: People) -> None:
    doer = person(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="se stesso"):
        administration.give(_access(doer), doer, _wish(Role.PLANNER, "nazionale"))
    form = {"role": "planner", "structure": "nazionale", "since": TODAY.isoformat(), "reason": "x"}
    _browser(doer).post(f"/account/persone/{doer.pk}/", form)
    assert doer.grants.count() == 1


def test_it_never_loses_the_last_administrator(person: People) -> None:
    first = person(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="ultimo"):
        administration.take(_access(first), first.grants.get(), "cambio")
    second = person(Role.ADMINISTRATOR)
    administration.take(_access(second), first.grants.get(), "cambio")
    assert not _access(first).may(Action.MANAGE_USERS)


def test_it_suspends_at_once_ending_the_sessions(person: People) -> None:
    user = person(Role.DIRECTOR, "lombardia")
    browser = Client()
    browser.post("/accesso/login/", {"login": user.email, "password": "una password lunga"})
    assert browser.get("/account/").status_code == 200
    administrator = _browser(person(Role.ADMINISTRATOR))
    administrator.post(f"/account/persone/{user.pk}/sospendi/", {"reason": "cessazione"})
    assert browser.get("/account/").status_code == 302
    refused = browser.post("/accesso/login/", {"login": user.email, "password": "una password lunga"}, follow=True)
    assert "sospeso" in refused.content.decode()
    administrator.post(f"/account/persone/{user.pk}/riammetti/", {"reason": "errore"})
    assert browser.post("/accesso/login/", {"login": user.email, "password": "una password lunga"}).status_code == 302


def _delegation(browser: Client, source: Grant, to: User, structure: str, last_day: date) -> str:
    form = {"email": to.email, "structure": structure, "since": TODAY.isoformat(), "reason": "ferie"}
    answer = browser.post(
        f"/account/deleghe/nuova/{source.pk}/", form | {"last_day": last_day.isoformat()}, follow=True
    )
    return answer.content.decode()


def test_it_delegates_below_and_for_a_time_and_takes_it_back(person: People) -> None:
    director, deputy = person(Role.DIRECTOR, "lombardia"), person()
    browser = _browser(director)
    assert "La delega è data" in _delegation(browser, director.grants.get(), deputy, "prov_bergamo", LATER)
    lent = _access(deputy)
    assert lent.may(Action.CONFIRM, "prov_bergamo")
    assert not lent.may(Action.CONFIRM, "lombardia")
    grant = deputy.grants.get()
    assert not grant.holds_on(LATER + timedelta(days=1))
    browser.post(f"/account/deleghe/{grant.pk}/fine/")
    assert not _access(deputy).may(Action.CONFIRM)
    browser.post(f"/account/deleghe/{grant.pk}/annulla/")
    assert _access(deputy).may(Action.CONFIRM, "prov_bergamo")
    assert [entry.verb for entry in Entry.objects.all()] == ["grant.delegated", "grant.taken", "grant.given_back"]


def test_it_never_delegates_further_than_the_own_role(person: People) -> None:
    until = TODAY + timedelta(days=10)
    director, deputy = person(Role.DIRECTOR, "lombardia", until=until), person()
    source, doer = director.grants.get(), _access(director)
    with pytest.raises(ValidationError, match="dipende"):
        administration.delegate(doer, source, deputy, _wish(structure="piemonte", last_day=TODAY))
    with pytest.raises(ValidationError, match="non dura"):
        administration.delegate(doer, source, deputy, _wish(last_day=until))
    with pytest.raises(ValidationError, match="ultimo giorno"):
        administration.delegate(doer, source, deputy, _wish())
    assert not deputy.grants.exists()
    administration.delegate(doer, source, deputy, _wish(last_day=until - timedelta(days=1)))


def test_a_delegation_is_not_delegated_again(person: People) -> None:
    director, deputy, third = person(Role.DIRECTOR, "lombardia"), person(), person()
    administration.delegate(_access(director), director.grants.get(), deputy, _wish(last_day=LATER))
    lent = deputy.grants.get()
    with pytest.raises(ValidationError, match="a sua volta"):
        administration.delegate(_access(deputy), lent, third, _wish(last_day=TODAY))
    browser = _browser(deputy)
    assert browser.get(f"/account/deleghe/nuova/{lent.pk}/").status_code == 404
    assert browser.post(f"/account/deleghe/{lent.pk}/fine/").status_code == 404
    assert _browser(third).get(f"/account/deleghe/nuova/{director.grants.get().pk}/").status_code == 404


def test_it_ends_a_delegation_when_the_role_is_taken(person: People) -> None:
    director, deputy, administrator = person(Role.DIRECTOR, "lombardia"), person(), person(Role.ADMINISTRATOR)
    administration.delegate(_access(director), director.grants.get(), deputy, _wish(last_day=LATER))
    administration.take(_access(administrator), director.grants.get(), "fine incarico")
    assert not _access(deputy).may(Action.CONFIRM)


def test_it_speaks_english_too(person: People) -> None:
    browser = _browser(person(Role.ADMINISTRATOR))
    assert "People and roles" in browser.get("/en/account/persone/").content.decode()
    assert "Give a role" in browser.get(f"/en/account/persone/{person().pk}/").content.decode()
    assert "Delegations" in browser.get("/en/account/deleghe/").content.decode()


def test_the_first_administrator_is_made_by_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_PASSWORD", "corta")
    with pytest.raises(Refusal, match="SI002"):
        site.administrator("prima@example.org", "Prima Persona")
    monkeypatch.setenv("PIRAMIDE_PASSWORD", "una frase abbastanza lunga")
    site.administrator("prima@example.org", "Prima Persona")
    user = User.objects.get(email="prima@example.org")
    assert _access(user).may_everywhere(Action.MANAGE_USERS)
    browser = Client()
    browser.post("/accesso/login/", {"login": user.email, "password": "una frase abbastanza lunga"})
    assert browser.get("/account/persone/").status_code == 200
    assert [entry.verb for entry in Entry.objects.order_by("number")] == ["grant.given", "person.entered"]
