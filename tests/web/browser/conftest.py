"""The site in a real browser: a server and a database for each process of the tests, and nobody else to talk to."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
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
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from piramide.demo.people import PASSWORD, people
from piramide.web.accounts.roles import Role
from piramide.web.operations import welcome
from piramide.web.results.models import RunRecord
from tests.web.browser.furniture import FACTS, Furnished, furnish
from tests.web.browser.visiting import Site

PICTURES = Path(os.environ.get("PIRAMIDE_SCREENSHOTS") or "build/browser")
DESKTOP, PHONE = 1280, 390
PATIENCE = 30_000  # milliseconds, on a machine that does something else beside
TALLEST = 4000  # pixels of a page that a picture shows
REFUSALS = {401, 409, 422}
# No name of another machine is ever found.
ARGUMENTS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
Open = Callable[..., Page]
BROWSERS = pytest.StashKey[list[BrowserContext]]()


def _name(text: str) -> str:
    """A text as the name of a file."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take a picture of whatever is open at the moment in which a test fails, and say where it is."""
    report = yield
    if report.when == "call" and report.failed:
        pages = [page for context in item.stash.get(BROWSERS, []) for page in context.pages]
        for number, page in enumerate(pages, 1):
            path = PICTURES / "failures" / f"{_name(item.name)}-{number}.png"
            page.screenshot(path=path)
            report.sections.append(("picture of the moment", f"{path} of {page.url}"))
    return report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. It keeps a loop of events in this thread, in which Django would refuse to ask the database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
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


@pytest.fixture
def site(live_server: LiveServer, runs: list[RunRecord], site_store: Path) -> Iterator[Site]:
    """The site with three runs, the last one still to publish, and one person of each role; nothing stays of a test."""
    kept = set((site_store / "runs").iterdir())
    caches["default"].clear()
    welcome(people(), PASSWORD)
    yield Site(live_server.url)
    for run in set((site_store / "runs").iterdir()) - kept:
        shutil.rmtree(run)
    shutil.rmtree(settings.CONFIGURATION.adopted, ignore_errors=True)


@pytest.fixture
def furnished(site: Site, monkeypatch: pytest.MonkeyPatch) -> Furnished:
    """A site in use: each room has something to show, and a value leads to the rows it comes from."""
    for name, told in FACTS.items():
        monkeypatch.setattr(name, told)
    return furnish(site)


@pytest.fixture
def open_page(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """A browser of somebody: `open_page(Role.DIRECTOR, width=390)`; whatever is wrong in it fails the test."""
    watch = Watch(site.origin)
    contexts = request.node.stash.setdefault(BROWSERS, [])

    def make(
        role: Role | None = None,
        structure: str = "",
        *,
        client: Client | None = None,
        width: int = DESKTOP,
        **options: Any,  # noqa: ANN401 - what the browser takes
    ) -> Page:
        context = chromium.new_context(
            base_url=site.origin, viewport={"width": width, "height": 900}, locale="it-IT", **options
        )
        contexts.append(context)
        watch.over(context)
        known = client or site.client(role, structure)
        if settings.SESSION_COOKIE_NAME in known.cookies:
            cookie = known.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site.origin}])
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
def photograph() -> Callable[[Page, str], None]:
    """Keep the picture of a page, by name, in build/browser/pages, or in the folder that PIRAMIDE_SCREENSHOTS names."""

    def take(page: Page, name: str) -> None:
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        width = page.viewport_size["width"] if page.viewport_size else DESKTOP
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        picture = {"clip": clip, "captureBeyondViewport": True, "optimizeForSpeed": True}
        browser = page.context.new_cdp_session(page)
        taken = browser.send("Page.captureScreenshot", picture)
        browser.detach()
        path = PICTURES / "pages" / f"{_name(name)}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    return take
