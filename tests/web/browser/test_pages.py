"""Every page of the site, in every language: it can be used by all, on every screen, and asks nobody else.

`site_map.py` says which pages there are and who is led to each. Each is opened in Italian and in English in a site in
use, by the role that sees the most of it, or by each role for which it is another page; with it the refusals, and the
pages of signing in that only who is halfway, or has a second factor, gets to see. axe reads it at the width of a desk
and, in Italian, of a phone; in windows of 640 (1280 zoomed to 200 %), 320 and 390 pixels nothing scrolls sideways and
no text runs in a narrow column; its pictures are kept, one for a desk and one for a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import translate_url
from django.utils import translation
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from tests.web.browser import furniture, site_map
from tests.web.browser.conftest import DESKTOP, PHONE, Open
from tests.web.browser.furniture import Furnished
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
Problems = dict[str, list[str]]
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
NARROWEST = 320
DOUBLED = DESKTOP // 2
"""A window of 1280 pixels zoomed to 200 % shows as many pixels of the page."""
ASK_AXE = """async (rules) => {
  const told = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const where = (node) => node.target.join(" ") + ": " + [...node.any, ...node.all, ...node.none][0].message;
  return told.violations.map((one) => one.id + " at " + one.nodes.slice(0, 4).map(where).join(" | "));
}"""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const found = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1
    && !e.closest(".table-scroll, .visually-hidden"));
  const names = found.slice(0, 3).map((e) => e.tagName + "." + e.getAttribute("class"));
  return document.documentElement.scrollWidth + " px: " + names.join(", ");
}"""

NARROW = """() => {
  const cells = [...document.querySelectorAll(".table-cards td, .table-cards tbody th")].filter((e) =>
    getComputedStyle(e).display === "block" && e.textContent.trim() && !e.closest(".visually-hidden"));
  const room = (e) => Math.min(e.parentElement.getBoundingClientRect().width, innerWidth);
  cells.forEach(room);  // rows out of sight are laid out when they are first asked for
  const narrow = cells.filter((e) => e.getBoundingClientRect().width < 0.75 * room(e));
  const px = (number) => Math.round(number) + " px";
  return narrow.slice(0, 3).map((e) =>
    px(e.getBoundingClientRect().width) + " of " + px(room(e)) + ": " + e.textContent.trim().slice(0, 40));
}"""
"""Cells of tables laid out as cards, one under the other, that take but a column of the window."""

BESIDE = """() => {
  const low = (e) => e.getBoundingClientRect().bottom, top = (e) => e.getBoundingClientRect().top;
  const typed = (e) => e.offsetParent && !["checkbox", "radio", "hidden"].includes(e.type);
  return Array.from(document.querySelectorAll(".field > :is(input, select, textarea)"))
    .filter((e) => typed(e) && Array.from(e.labels).some((label) => low(label) > top(e) + 1))
    .map((e) => e.labels[0].textContent.trim());
}"""
"""Names of fields that do not stand above what is typed."""


@dataclass
class Examiner:
    """Looks at a page through axe, through windows of every width, and with a camera."""

    axe: str

    def problems(self, page: Page, language: str, photograph: Callable[[str], None]) -> list[str]:
        """Whatever hinders somebody: in a window of a desk, zoomed to double size, on phones."""
        found = []
        if page.locator("html").get_attribute("lang") != language or page.locator("h1").count() != 1:
            found.append("is in another language, or has not one title")
        found += self.violations(page)
        found += [f"names a field beside it, not above: {told}" for told in page.evaluate(BESIDE)]
        photograph(f"{language}-{DESKTOP}")
        for width in (DOUBLED, NARROWEST, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            wider = page.evaluate(WIDER)
            found += [f"scrolls sideways at {width}: {wider}"] if wider else []
            found += [f"runs in a narrow column at {width}: {told}" for told in page.evaluate(NARROW)]
        if language == settings.LANGUAGE_CODE:
            found += self.violations(page)
            photograph(f"{language}-{PHONE}")
        return found

    def violations(self, page: Page) -> list[str]:
        """What stands against the rules of accessibility."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe)
        found: list[str] = page.evaluate(ASK_AXE, list(RULES))
        return found


@pytest.fixture(scope="session")
def examiner() -> Examiner:
    """The checker that npm brought."""
    path = Path(settings.CONFIGURATION.assets) / "axe-core" / "axe.min.js"
    return Examiner(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Walk:
    """Goes from page to page in one language, and notes what is wrong with each."""

    open_page: Open
    language: str
    examiner: Examiner
    photograph: Callable[[Page, str], None]

    def __call__(self, visitor: str, addresses: Mapping[str, str], client: Client, status: int = 200) -> Problems:
        """What a visitor finds wrong; `addresses` leads from a line of the map to what is asked for."""
        page = self.open_page(client=client)
        found = {}
        for line, address in addresses.items():
            try:
                wrong = self._look(page, translate_url(address, self.language), status)
                wrong += self.examiner.problems(page, self.language, partial(self._keep, page, f"{line} {visitor}"))
            except PlaywrightError as error:
                wrong = [str(error)]
            if wrong:
                found[f"{address} as {visitor}"] = wrong
        page.context.close()
        return found

    def _look(self, page: Page, address: str, status: int) -> list[str]:
        page.set_viewport_size({"width": DESKTOP, "height": 900})
        answer = page.goto(address)
        got = answer.status if answer else None
        with translation.override(self.language):
            is_there = site_map.name_of(page.url) == site_map.name_of(address)
        return [] if got == status and is_there else [f"answered {got} at {page.url}"]

    def _keep(self, page: Page, name: str, view: str) -> None:
        self.photograph(page, f"{name} {view}")


@pytest.fixture(params=LANGUAGES)
def walk(
    open_page: Open,
    examiner: Examiner,
    photograph: Callable[[Page, str], None],
    request: pytest.FixtureRequest,
) -> Walk:
    """A walk in each language."""
    return Walk(open_page, request.param, examiner, photograph)


def test_every_page_for_everybody_can_be_used_by_all_on_every_screen(site: Site, walk: Walk) -> None:
    published = RunRecord.objects.exclude(published_at=None)[0].run
    made = {"published": published, "sheet": furniture.handed_out(site.person(Role.PLANNER)).pk}
    addresses = {line: site_map.fill(line, made) for line in site_map.pages_of(site_map.ANYBODY)}

    assert walk(site_map.ANYBODY, addresses, site.client(None)) == {}


def test_every_page_of_every_role_can_be_used_by_all_on_every_screen(furnished: Furnished, walk: Walk) -> None:
    problems: Problems = {}
    for role in Role:
        addresses = {line: site_map.fill(line, furnished.made) for line in site_map.pages_of(role)}
        problems |= walk(role, addresses, furnished.site.client(role))

    assert problems == {}


def test_a_page_that_refuses_can_be_used_by_all_on_every_screen(site: Site, walk: Walk) -> None:
    problems: Problems = {}
    for address, (visitor, status) in site_map.REFUSALS.items():
        client = site.client(None if visitor == site_map.ANYBODY else Role(visitor))
        problems |= walk(f"{visitor} {status}", {address: address}, client, status)

    assert problems == {}


def test_the_ways_in_can_be_used_by_all_on_every_screen(site: Site, walk: Walk) -> None:
    user = User.objects.get(email="validazione@example.org")
    problems = walk("fresh", {address: address for address in site_map.FRESH}, furniture.confirmed(user))
    secured = furniture.with_second_factor(user)
    problems |= walk("secured", {address: address for address in site_map.SECURED}, secured)
    problems |= walk("halfway", {site_map.HALFWAY: site_map.HALFWAY}, furniture.signed_in(user))
    problems |= walk("forgotten", {site_map.CHOOSING: furniture.forgotten(site.person(Role.PLANNER))}, Client())

    assert problems == {}
