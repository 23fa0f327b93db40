"""Signing in and out: lock-out, passwords by mail, second factor, sessions that end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from piramide.demo.people import PASSWORD as INVENTED_PASSWORD
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
People = Callable[..., User]
PASSWORD = "una password lunga"  # noqa: S105 - of people made for a test
SIGN_IN = "/accesso/login/"


@pytest.fixture(autouse=True)
def _fresh_counters(db: None) -> None:
    cache.clear()


def _try(client: Client, user: User, password: str = PASSWORD, **more: str) -> str:
    return client.post(SIGN_IN, {"login": user.email, "password": password, **more}, follow=True).content.decode()


def _signed_in(user: User) -> Client:
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    return client


def test_it_lets_in_with_the_right_password_and_goes_where_one_was_going(person: People) -> None:
    client, user = Client(), person(Role.DIRECTOR, "lombardia")
    asked = client.get("/account/")
    assert asked.headers["Location"] == "/accesso/login/?next=/account/"
    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    assert user.name in client.get("/account/").content.decode()


@pytest.mark.parametrize("elsewhere", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "http://localhost/", "javascript:alert(1)",
])  # fmt: skip
def test_it_never_leads_to_another_site(person: People, elsewhere: str) -> None:
    answer = Client().post(SIGN_IN, {"login": person().email, "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_it_says_the_same_to_a_wrong_password_and_an_unknown_person(person: People) -> None:
    wrong = _try(Client(), person(), "sbagliata")
    unknown = Client().post(SIGN_IN, {"login": "nessuno@example.org", "password": "sbagliata"}).content.decode()
    for page in (wrong, unknown):
        assert "E-mail o password non corrispondono." in page


def test_it_locks_after_five_failures_and_says_for_how_long(person: People) -> None:
    client, user = Client(), person()
    for _attempt in range(5):
        assert "non corrispondono" in _try(client, user, "sbagliata")
    locked = _try(client, user)
    assert "l&#x27;accesso è fermo: riprova fra 5 minuti." in locked
    assert "_auth_user_id" not in client.session
    assert (
        "try again in 5 minutes"
        in client.post("/en/accesso/login/", {"login": user.email, "password": PASSWORD}).content.decode()
    )
    assert _signed_in(person()).get("/account/").status_code == 200


def _fail(user: User, times: int, network: str, forwarded: str = "") -> None:
    for attempt in range(times):
        address = forwarded.format(attempt) if forwarded else network
        Client(REMOTE_ADDR=address).post(SIGN_IN, {"login": user.email, "password": "sbagliata"})


def test_strangers_on_another_network_do_not_lock_the_owner_out(person: People) -> None:
    user = person()
    _fail(user, 9, "198.51.100.7")
    assert "è fermo" in _try(Client(REMOTE_ADDR="198.51.100.7"), user)
    assert Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, {"login": user.email, "password": PASSWORD}).status_code == 302


def test_who_fails_from_many_networks_meets_a_brake_that_a_known_device_does_not(person: People) -> None:
    user = person()
    known = Client(REMOTE_ADDR="192.0.2.1")
    known.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    known.post("/accesso/uscita/")
    _fail(user, 21, "", forwarded="198.51.100.{}")
    braked = _try(Client(REMOTE_ADDR="203.0.113.5"), user)
    assert "riprova fra" in braked
    assert braked.count("second") >= 1  # a brake of seconds, not a lock of minutes
    assert known.post(SIGN_IN, {"login": user.email, "password": PASSWORD}).status_code == 302


def test_the_brake_lets_pass_who_gives_a_second_factor_and_says_the_same_to_all_others(person: People) -> None:
    user = person()
    TOTP.activate(user, generate_totp_secret())
    _fail(user, 21, "", forwarded="198.51.100.{}")
    wrong = _try(Client(REMOTE_ADDR="203.0.113.5"), user, "sbagliata")
    assert "riprova fra" in wrong
    answer = Client(REMOTE_ADDR="203.0.113.6").post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert "secondo-fattore" in answer.headers["Location"]


def test_counters_stay_however_many_names_strangers_try(person: People) -> None:
    user = person()
    _fail(user, 5, "198.51.100.7")
    for number in range(400):
        cache.set(f"somebody:{number}", 1, 300)
    assert "è fermo" in _try(Client(REMOTE_ADDR="198.51.100.7"), user)


def test_the_addresses_of_one_ipv6_customer_count_as_one(person: People) -> None:
    user = person()
    _fail(user, 5, "", forwarded="2001:db8:1:2::{}")
    assert "è fermo" in _try(Client(REMOTE_ADDR="2001:db8:1:2:ffff::1"), user)
    assert "è fermo" not in _try(Client(REMOTE_ADDR="2001:db8:1:3::1"), user)


def test_a_forged_mark_of_a_device_is_worth_nothing(person: People) -> None:
    user = person()
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.cookies["piramide_device"] = "eyJkZXZpY2UiOiAieCJ9:forged:mark"
    _fail(user, 5, "198.51.100.7")
    assert "è fermo" in _try(client, user)


def test_it_limits_attempts_from_one_address_with_a_page_of_its_own(person: People) -> None:
    client = Client()
    for number in range(30):
        client.post(SIGN_IN, {"login": f"nessuno{number}@example.org", "password": "x"})
    refused = client.post(SIGN_IN, {"login": person().email, "password": PASSWORD})
    assert refused.status_code == 429
    assert "Troppe richieste" in refused.content.decode()
    assert client.get(SIGN_IN).status_code == 200


def test_it_sends_a_link_to_choose_a_new_password_once(person: People) -> None:
    user = person()
    client = Client(HTTP_HOST="127.0.0.1")
    sent = client.post("/accesso/password/dimenticata/", {"email": user.email}, follow=True)
    assert "Guarda la posta" in sent.content.decode()
    assert mail.outbox[0].to == [user.email]
    link = re.search(r"(http\S+/accesso/password/scegli/\S+)", str(mail.outbox[0].body))
    assert link is not None
    assert link.group(1).startswith(settings.CONFIGURATION.origin)  # never the host that the request named
    path = link.group(1).removeprefix(settings.CONFIGURATION.origin)
    form = client.get(path, follow=True).redirect_chain[-1][0]
    new = {"password1": "tutta un'altra frase", "password2": "tutta un'altra frase"}
    assert "troppo comune" in client.post(form, {"password1": "password", "password2": "password"}).content.decode()
    assert "La password è cambiata" in client.post(form, new, follow=True).content.decode()
    assert "non vale più" in Client().get(path, follow=True).content.decode()
    assert client.post(SIGN_IN, {"login": user.email, "password": new["password1"]}).status_code == 302
    assert "è stata scelta di nuovo" in str(mail.outbox[1].body)


def test_it_does_not_tell_who_is_registered() -> None:
    sent = Client().post("/accesso/password/dimenticata/", {"email": "nessuno@example.org"}, follow=True)
    assert "Guarda la posta" in sent.content.decode()
    assert mail.outbox == []


def test_it_writes_in_the_language_of_the_page(person: People) -> None:
    Client().post("/en/accesso/password/dimenticata/", {"email": person().email})
    assert "to choose the password of your account" in str(mail.outbox[0].body)
    assert mail.outbox[0].subject == "Piramide: choose the password"


def test_it_ends_other_sessions_when_the_password_changes(person: People) -> None:
    user = person()
    here, there = _signed_in(user), _signed_in(user)
    form = {"oldpassword": PASSWORD, "password1": "tutta un'altra frase", "password2": "tutta un'altra frase"}
    assert "La password è cambiata" in here.post("/accesso/password/cambia/", form, follow=True).content.decode()
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_it_signs_out_on_the_server_too(person: People) -> None:
    client = _signed_in(person())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/accesso/uscita/").status_code == 200
    assert "Sei uscito" in client.post("/accesso/uscita/", follow=True).content.decode()
    stolen = Client()
    stolen.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: cookie})
    assert stolen.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key=cookie).exists()


def test_its_sessions_end_with_the_browser_and_with_age(person: People) -> None:
    client = _signed_in(person())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    session = Session.objects.get(session_key=cookie.value)
    assert 7.9 * 3600 < (session.expire_date.timestamp() - time.time()) <= 8 * 3600
    session.expire_date = session.expire_date.replace(year=2020)
    session.save()
    assert client.get("/account/").status_code == 302


def test_it_lists_my_sessions_and_ends_them_on_the_server(person: People) -> None:
    user, stranger = person(), person()
    here, there = _signed_in(user), Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
    there.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    other = _signed_in(stranger)
    page = here.get("/account/sessioni/").content.decode()
    assert "Firefox, Windows" in page
    assert "Sei entrato da 2 posti" in page
    addresses = re.findall(r'action="(/account/sessioni/\d+/)"', page)
    for address in addresses:
        assert other.post(address).status_code == 404
    here.post("/account/sessioni/altre/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 200


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_the_register_says_who_came_in_and_who_failed_and_nothing_secret(person: People) -> None:
    user = person()
    _try(Client(), user, "sbagliata segreta")
    Client().post(SIGN_IN, {"login": "uno.sconosciuto@example.org", "password": "sbagliata segreta"})
    client = _signed_in(user)
    form = {"oldpassword": PASSWORD, "password1": "tutta un'altra frase", "password2": "tutta un'altra frase"}
    client.post("/accesso/password/cambia/", form)

    rows = list(Entry.objects.order_by("number"))

    assert [(row.verb, row.subject) for row in rows] == [
        (verb, f"person:{user.pk}") for verb in ("person.entry_failed", "person.entered", "person.password_changed")
    ]
    told = json.dumps([[row.who, row.subject, row.before, row.after, row.reason] for row in rows])
    assert "segreta" not in told
    assert "altra frase" not in told
    assert "sconosciuto" not in told
    assert "127.0.0.1" not in told


@pytest.mark.django_db(transaction=True)  # its mail leaves when the change is kept
def test_it_asks_for_the_second_factor_once_it_is_active(person: People) -> None:
    user = person()
    client = _signed_in(user)
    client.post("/accesso/conferma/", {"password": PASSWORD})
    page = client.get("/accesso/secondo-fattore/attiva/").content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret is not None
    refused = client.post("/accesso/secondo-fattore/attiva/", {"code": "000000"})
    assert "Il codice non è questo" in refused.content.decode()
    codes = client.post("/accesso/secondo-fattore/attiva/", {"code": _code(secret.group(1))}, follow=True)
    recovery = re.findall(r"<li>([0-9a-f]{8})</li>", codes.content.decode())
    assert len(recovery) == 10
    assert Entry.objects.filter(verb="person.second_factor_changed").exists()
    assert "attivato" in str(mail.outbox[-1].body)

    again = Client()
    asked = again.post(SIGN_IN, {"login": user.email, "password": PASSWORD}, follow=True)
    assert "Apri l'app" in asked.content.decode()
    assert again.get("/account/").status_code == 302
    again.post("/accesso/secondo-fattore/codice/", {"code": recovery[0]})
    assert again.get("/account/").status_code == 200

    third = Client()
    third.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    used = third.post("/accesso/secondo-fattore/codice/", {"code": recovery[0]})
    assert "Il codice non è questo" in used.content.decode()


def test_it_asks_again_for_the_password_before_changing_the_second_factor(person: People) -> None:
    client = Client()
    client.force_login(person())
    asked = client.get("/accesso/secondo-fattore/attiva/", follow=True)
    assert "Conferma che sei tu" in asked.content.decode()
    address = asked.redirect_chain[-1][0]
    assert "La password non è questa" in client.post(address, {"password": "sbagliata"}).content.decode()
    assert "Attiva il secondo fattore" in client.post(address, {"password": PASSWORD}, follow=True).content.decode()


def test_it_fills_the_form_with_an_invented_person_in_the_demonstration() -> None:
    page = Client().get(SIGN_IN, {"persona": "milano@example.org", "next": "/account/"}).content.decode()
    assert INVENTED_PASSWORD in page
    assert 'value="milano@example.org"' in page
    assert 'value="/account/"' in page
    assert 'value="milano@example.org"' not in Client().get(SIGN_IN).content.decode()
    assert 'value="estraneo' not in Client().get(SIGN_IN, {"persona": "estraneo@example.org"}).content.decode()


def test_it_shows_no_invented_people_elsewhere(settings: Settings) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demonstration=False)
    page = Client().get(SIGN_IN, {"persona": "milano@example.org"}).content.decode()
    assert INVENTED_PASSWORD not in page
    assert "milano@example.org" not in page


def test_nobody_signs_up_by_themselves() -> None:
    for address in ("/accesso/signup/", "/accesso/registrazione/", "/accesso/email/", "/accesso/3rdparty/"):
        assert Client().get(address).status_code == 404


@pytest.fixture
def two_servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two processes of the site on one database."""
    environment = os.environ | {
        "PIRAMIDE_DATA": str(tmp_path / "data"),
        "PIRAMIDE_DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "PIRAMIDE_STATIC": str(tmp_path / "static"),
        "DJANGO_SETTINGS_MODULE": "piramide.web.settings",
    }
    (tmp_path / "static").mkdir()
    command = "from piramide.cli.main import run; run()"
    subprocess.run([sys.executable, "-c", command, "upgrade"], env=environment, check=True, capture_output=True)
    ports = [_free_port(), _free_port()]
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", str(port)], env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]  # fmt: skip
    origins = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for origin in origins:
            _until_it_answers(origin)
        yield origins
    finally:
        for server in servers:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _until_it_answers(origin: str) -> None:
    with requests.Session() as patient:
        patient.mount("http://", HTTPAdapter(max_retries=Retry(total=600, backoff_factor=0.1, backoff_max=0.2)))
        patient.get(f"{origin}/salute/", timeout=60)


def _attempt(origin: str, password: str) -> str:
    with requests.Session() as browser:
        page = browser.get(f"{origin}{SIGN_IN}", timeout=60).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        form = {"login": "oiv@example.org", "password": password, "csrfmiddlewaretoken": token.group(1)}
        answer = browser.post(f"{origin}{SIGN_IN}", data=form, headers={"Referer": origin}, timeout=60)
        return answer.text


def test_it_counts_failures_across_processes(two_servers: list[str]) -> None:
    here, there = two_servers
    for origin in (here, there, here, there, here):
        assert "non corrispondono" in _attempt(origin, "sbagliata")
    for origin in (there, here):
        assert "accesso è fermo" in _attempt(origin, INVENTED_PASSWORD)
