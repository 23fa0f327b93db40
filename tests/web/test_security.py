"""What holds on every page: policies of browsers, tokens of forms, hosts, secrets, and no trace for anybody."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from piramide.web.accounts.roles import Role
from piramide.web.configuration import read_configuration
from piramide.web.results.models import RunRecord
from piramide.web.structures import views as structures_views
from tests.web.test_access_matrix import LINES, PATTERNS, _address

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PAGES = sorted(page for page, line in LINES.items() if "GET" in line.methods)
FORMS = sorted(page for page, line in LINES.items() if "POST" in line.methods)
# Signed in with a token of its own and never with the cookie: a page of another site cannot use it.
WITHOUT_COOKIE: frozenset[str] = frozenset()


class InlineFinder(HTMLParser):
    """What a policy without `unsafe-inline` would block, or what leaves the site."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")
        address = given.get("src") or (given.get("href") if tag == "link" else "") or ""
        if address.startswith(("http:", "https:", "//")) and not address.startswith("http://testserver"):
            self.found.append(f"{tag} loads {address}")


def _policy(answer: HttpResponseBase) -> dict[str, list[str]]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def _browsers(sign_in: SignIn) -> Iterator[Client]:
    yield Client()
    for role in (Role.PLANNER, Role.ADMINISTRATOR, Role.AUDITOR):
        yield sign_in(role)


@pytest.mark.parametrize("language", ["", "/en"])
def test_it_holds_a_strict_policy_on_every_page(language: str, runs: list[RunRecord], sign_in: SignIn) -> None:
    wrong: list[str] = []
    seen = 0
    for browser in _browsers(sign_in):
        for page in PAGES:
            if page.endswith("None"):  # the root of the interface for programs has no page
                continue
            address = _address(page, runs).partition("?")[0]
            answer = browser.get(f"{language}{address}")
            if "text/html" not in answer.headers.get("Content-Type", ""):
                continue
            seen += 1
            policy = _policy(answer)
            if "unsafe" in answer.headers["Content-Security-Policy"] or policy["script-src"] != ["'self'"]:
                wrong.append(f"{page}: {policy}")
            if answer.headers.get("Permissions-Policy", "").count("=()") < 6 or "Referrer-Policy" not in answer.headers:
                wrong.append(f"{page}: headers")
            finder = InlineFinder()
            finder.feed(answer.content.decode())
            wrong.extend(f"{page}: {found}" for found in finder.found)
    assert wrong == []
    assert seen > len(PAGES)


def test_its_policy_lets_nothing_come_from_elsewhere_and_nobody_frame_it(runs: list[RunRecord]) -> None:
    answer = Client().get("/")
    policy = _policy(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert set().union(*policy.values()) <= {"'self'", "'none'", "data:"}
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("page", FORMS)
def test_it_takes_no_form_without_its_token(page: str, runs: list[RunRecord], sign_in: SignIn) -> None:
    if page in WITHOUT_COOKIE:
        assert getattr(PATTERNS[page].callback, "csrf_exempt", False)
        return
    for role in (Role.PLANNER, Role.ADMINISTRATOR):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = sign_in(role).cookies
        answer = browser.post(_address(page, runs).partition("?")[0], {"reason": "x"})
        assert answer.status_code == 403


def test_it_answers_to_its_own_name_only(runs: list[RunRecord]) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/"])
def test_it_changes_language_without_leaving_the_site(where: str) -> None:
    answer = Client().post("/i18n/setlang/", {"language": "en", "next": where})
    assert "evil.example" not in answer.headers.get("Location", "")


def test_it_shows_no_trace_when_something_breaks(runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("un segreto del programma")

    monkeypatch.setattr(structures_views, "access", fail)
    answer = Client(raise_request_exception=False).get("/strutture/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Qualcosa non ha funzionato" in page
    for word in ("Traceback", "RuntimeError", "segreto", "settings"):
        assert word not in page


def test_its_error_pages_hold_the_policy_too(sign_in: SignIn, runs: list[RunRecord]) -> None:
    director = sign_in(Role.DIRECTOR, "dcm_milano")
    for answer, status in ((director.get("/inesistente/"), 404), (director.get("/account/persone/"), 403)):
        assert answer.status_code == status
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        finder = InlineFinder()
        finder.feed(answer.content.decode())
        assert finder.found == []


def _attempts(count: int, **headers: str) -> list[int]:
    cache.clear()
    statuses = []
    for number in range(count):
        forwarded = {name: value.format(number) for name, value in headers.items()}
        form = {"login": f"nessuno{number}@example.org", "password": "x"}
        statuses.append(Client().post("/accesso/login/", form, headers=forwarded).status_code)
    return statuses


def test_it_believes_no_forwarded_address_without_a_proxy() -> None:
    assert 429 in _attempts(31, **{"x-forwarded-for": "10.0.0.{}"})


def test_it_believes_the_proxy_and_not_what_stands_before_it(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert 429 not in _attempts(31, **{"x-forwarded-for": "10.0.0.{}"})
    assert 429 in _attempts(31, **{"x-forwarded-for": "10.0.0.{}, 192.0.2.7"})


def test_it_reads_secrets_from_files_and_keeps_its_own_for_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("un segreto in un file che è lungo abbastanza", encoding="utf-8")
    monkeypatch.delenv("PIRAMIDE_SECRET_KEY")
    monkeypatch.setenv("PIRAMIDE_DATA", str(tmp_path))
    kept = read_configuration().secret_key
    assert len(kept) > 60
    assert read_configuration().secret_key == kept
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    monkeypatch.setenv("PIRAMIDE_SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert read_configuration().secret_key.split()[:3] == ["un", "segreto", "in"]


SECURE_SITE = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
plain, secure = Client(headers={"host": "piramide.example"}), Client(headers={"host": "piramide.example"})
moved, page = plain.get("/accesso/login/"), secure.get("/accesso/login/", secure=True)
from piramide.web.accounts.models import User
User.objects.create_user("anna@example.org", "Anna", "una password lunga")
secure.post("/accesso/login/", {"login": "anna@example.org", "password": "una password lunga"}, secure=True,
            headers={"referer": "https://piramide.example/"})
cookies = {name: [bool(c["secure"]), bool(c["httponly"]), c["samesite"]] for name, c in secure.cookies.items()}
print(json.dumps({"moved": [moved.status_code, moved.headers["Location"]], "cookies": cookies,
                  "hsts": page.headers["Strict-Transport-Security"]}))
"""


def test_it_is_clean_when_deployed_on_https(tmp_path: Path) -> None:
    environment = os.environ | {
        "PIRAMIDE_ORIGIN": "https://piramide.example",
        "PIRAMIDE_HOSTS": "piramide.example",
        "PIRAMIDE_DATA": str(tmp_path),
        "PIRAMIDE_DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "PIRAMIDE_STATIC": str(tmp_path / "static"),
        "DJANGO_SETTINGS_MODULE": "piramide.web.settings",
    }
    (tmp_path / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SECURE_SITE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["moved"] == [301, "https://piramide.example/accesso/login/"]
    assert told["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert set(told["cookies"]) == {"csrftoken", "sessionid", "piramide_device"}
    assert all(kept == [True, True, "Lax"] for kept in told["cookies"].values())
