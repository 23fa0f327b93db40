"""Coming in through the institute's provider: the whole code flow with PKCE, against a real one on this machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.configuration import openid_provider

pytestmark = pytest.mark.django_db
ANSWER = "http://testserver/oidc/accesso/risposta/"
PEOPLE = {
    "anna": {"email": "anna@example.org", "email_verified": True, "name": "Anna Direttrice"},
    "estranea": {"email": "estranea@example.org", "email_verified": True, "name": "Estranea"},
    "dubbia": {"email": "anna@example.org", "email_verified": False, "name": "Anna Dubbia"},
    "muta": {"name": "Senza indirizzo"},
    "sospeso": {"email": "sospeso@example.org", "email_verified": True, "name": "Sospeso"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that runs for these tests."""
    client = {
        "client_id": "piramide",
        "client_secret": "segreto-di-prova",
        "redirect_uris": [ANSWER],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
    }
    node = shutil.which("node") or str(Path(__file__).parents[2] / ".node" / "bin" / "node")
    script = Path(__file__).parent / "provider" / "provider.mjs"
    running = subprocess.Popen(
        [node, script, json.dumps({"client": client, "people": PEOPLE})],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
    finally:
        running.terminate()
        running.communicate(timeout=30)


@pytest.fixture(autouse=True)
def _configured(settings: Settings, provider: str) -> None:
    app = openid_provider(provider, "Accesso istituzionale", "piramide", "segreto-di-prova")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna@example.org", "Anna")


def _start(client: Client, where: str = "/account/") -> str:
    """The address of the provider to which the site leads from its page of signing in."""
    page = client.get("/accesso/login/", {"next": where}).content.decode()
    link = re.search(r'href="(/oidc/accesso/[^"]*)"', page)
    assert link is not None
    return str(client.get(unescape(link.group(1))).headers["Location"])


def _log_in(address: str, login: str) -> str:
    """Fill in the provider's own pages as a person does; the address with which it sends the browser back."""
    with requests.Session() as browser:
        answer = browser.get(address, allow_redirects=False, timeout=30)
        for _page in range(12):
            if answer.is_redirect:
                address = urljoin(answer.url, answer.headers["Location"])
                if address.startswith(ANSWER):
                    return address
                answer = browser.get(address, allow_redirects=False, timeout=30)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form is not None, answer.text
            hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', answer.text))
            typed = {"login": login, "password": "qualunque"} if 'name="login"' in answer.text else {}
            answer = browser.post(
                urljoin(answer.url, unescape(form.group(1))), data=hidden | typed, allow_redirects=False, timeout=30
            )
    raise AssertionError("the provider never sent the browser back")


def _come_back(client: Client, address: str) -> int:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}").status_code


def test_it_lets_in_who_is_registered_with_a_verified_address(anna: User) -> None:
    client = Client()
    asked = _start(client)
    wish = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    assert wish["response_type"] == "code"
    assert wish["code_challenge_method"] == "S256"
    assert wish["redirect_uri"] == ANSWER
    assert set(wish["scope"].split()) == {"openid", "profile", "email"}
    parts = urlsplit(_log_in(asked, "anna"))

    answer = client.get(f"{parts.path}?{parts.query}")

    assert answer.headers["Location"] == "/account/"
    assert "Anna" in client.get("/account/").content.decode()
    account = SocialAccount.objects.get()
    assert (account.user, account.uid) == (anna, "anna")


def test_it_knows_the_person_again_by_the_providers_own_name_for_them(anna: User) -> None:
    first, second = Client(), Client()
    assert _come_back(first, _log_in(_start(first), "anna")) == 302
    anna.email = "anna.nuova@example.org"
    anna.save()
    assert _come_back(second, _log_in(_start(second), "anna")) == 302
    assert "anna.nuova@example.org" in second.get("/account/").content.decode()
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("login", ["estranea", "dubbia", "muta"])
def test_it_turns_away_who_is_not_registered_or_not_verified(anna: User, login: str) -> None:
    client = Client()
    parts = urlsplit(_log_in(_start(client), login))

    answer = client.get(f"{parts.path}?{parts.query}")

    assert answer.status_code == 403
    assert "Non sei ancora registrato" in answer.content.decode()
    assert client.get("/account/").status_code == 302
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_it_turns_away_who_is_suspended_even_when_known(anna: User) -> None:
    known = Client()
    assert _come_back(known, _log_in(_start(known), "anna")) == 302
    anna.is_active = False
    anna.save()
    client = Client()
    _come_back(client, _log_in(_start(client), "anna"))
    assert client.get("/account/").status_code == 302
    assert known.get("/account/").status_code == 302


def test_it_refuses_an_answer_that_it_did_not_ask_for(anna: User) -> None:
    client, victim = Client(), Client()
    address = _log_in(_start(client), "anna")
    assert _come_back(victim, address) == 401
    assert victim.get("/account/").status_code == 302


def test_it_takes_a_code_once(anna: User) -> None:
    client = Client()
    address = _log_in(_start(client), "anna")
    assert _come_back(client, address) == 302
    client.post("/accesso/uscita/")
    assert _come_back(client, address) == 401
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("said", [{"issuer": "https://altro.example"}, {"jwks_uri": "http://127.0.0.1:9/keys"}])
def test_it_checks_who_signed_the_token(anna: User, settings: Settings, provider: str, said: dict[str, str]) -> None:
    app = openid_provider(provider, "Accesso istituzionale", "piramide", "segreto-di-prova")
    app["settings"]["openid_configuration_overrides"] = said
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    client = Client()
    assert _come_back(client, _log_in(_start(client), "anna")) == 401
    assert client.get("/account/").status_code == 302


def test_it_refuses_a_client_with_the_wrong_secret(anna: User, settings: Settings, provider: str) -> None:
    app = openid_provider(provider, "Accesso istituzionale", "piramide", "sbagliato")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    client = Client()
    assert _come_back(client, _log_in(_start(client), "anna")) == 401


def test_it_says_that_the_way_in_does_not_answer(settings: Settings) -> None:
    app = openid_provider("http://127.0.0.1:9", "Accesso istituzionale", "piramide", "x")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    answer = Client().get("/oidc/accesso/")
    assert answer.status_code in {401, 502}
    assert "non è riuscito" in answer.content.decode()


def test_it_leaves_the_second_factor_and_the_roles_to_the_site(anna: User, person: Callable[..., User]) -> None:
    client = Client()
    _come_back(client, _log_in(_start(client), "anna"))
    assert client.get("/account/persone/").status_code == 403
    assert client.get("/registro/").status_code == 403
    assert person(Role.ADMINISTRATOR) is not None
