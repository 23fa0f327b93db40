"""The site in a real browser: a server and a database for each process of the tests, and nobody else to talk to."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from piramide.demo.people import PASSWORD, PUBLISHED_UNTIL, people
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.operations import welcome
from piramide.web.results.models import RunRecord

DESKTOP, PHONE = 1280, 390
PATIENCE = 30_000  # milliseconds, on a machine that does something else beside
TALLEST = 4000  # pixels of a page that a picture shows
REFUSALS = {401, 409, 422}
# No name of another machine is ever found.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. It keeps a loop of events in this thread, in which Django would refuse to ask the database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", ALONE])
        yield browser
        browser.close()


@dataclass
class Watch:
    """What no page may do: ask another site, break the content policy, fail, or lack a file that it asks for."""

    origin: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch everything that a browser does."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"error in a script: {error.error}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.problems.append(f"asks another site: {request.url}")

    def _response(self, response: Response) -> None:
        # A page may refuse, and so may what it sends for somebody; what it loads may not be absent.
        is_answer = response.request.resource_type == "document" or response.status in REFUSALS
        if response.status >= 500 or (response.status >= 400 and not is_answer):
            self.problems.append(f"{response.status} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")


@dataclass(frozen=True)
class Site:
    """The address of the site under test, and the people who may enter."""

    origin: str

    def client(self, role: Role | None, structure: str = "") -> Client:
        """Somebody with a role, without a browser."""
        client = Client()
        if role is not None:
            client.force_login(self.person(role, structure))
        return client

    @staticmethod
    def person(role: Role, structure: str = "") -> User:
        """The invented person who holds a role."""
        held = User.objects.filter(grants__role=role).order_by("pk")
        found = held.filter(grants__structure=structure) if structure else held
        return found[0]


@pytest.fixture
def site(live_server: LiveServer, runs: list[RunRecord], site_store: Path) -> Iterator[Site]:
    """The site with three runs, the last one still to publish, and one person of each role; nothing stays of a test."""
    kept = set((site_store / "runs").iterdir())
    caches["default"].clear()
    welcome(people(), PASSWORD, date.fromisoformat(PUBLISHED_UNTIL))
    yield Site(live_server.url)
    for run in set((site_store / "runs").iterdir()) - kept:
        shutil.rmtree(run)
    shutil.rmtree(settings.CONFIGURATION.adopted, ignore_errors=True)


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[Open]:
    """A browser of somebody: `open_page(Role.DIRECTOR, width=390)`; whatever is wrong in it fails the test."""
    watch = Watch(site.origin)
    contexts: list[BrowserContext] = []

    def make(
        role: Role | None = None,
        structure: str = "",
        *,
        width: int = DESKTOP,
        **options: Any,  # noqa: ANN401 - what the browser takes
    ) -> Page:
        context = chromium.new_context(
            base_url=site.origin, viewport={"width": width, "height": 900}, locale="it-IT", **options
        )
        contexts.append(context)
        watch.over(context)
        if role is not None:
            cookie = site.client(role, structure).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": site.origin}])
        page: Page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield make
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def page(open_page: Open) -> Page:
    """A desktop browser of somebody who has not signed in."""
    return open_page()


@pytest.fixture
def phone(open_page: Open) -> Page:
    """The same on a phone."""
    return open_page(width=PHONE)


@pytest.fixture
def photograph(tmp_path: Path) -> Callable[[Page, str, str], None]:
    """Keep the picture of a page in the folder that PIRAMIDE_SCREENSHOTS names, else in the folder of the test."""
    folder = Path(os.environ.get("PIRAMIDE_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str, view: str) -> None:
        path = folder / f"{re.sub(r'[^a-z0-9_]+', '-', f'{name}-{view}'.lower())}.png"
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        width = page.viewport_size["width"] if page.viewport_size else DESKTOP
        clip = FloatRect(x=0, y=0, width=width, height=height)
        page.screenshot(path=path, full_page=True, clip=clip)

    return take
