"""Every page, as everybody sees it, in every language: it can be used by all, on every screen, and asks nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import translate_url
from playwright.sync_api import Page

from piramide.web.accounts.roles import Role
from tests.web.browser import furniture
from tests.web.browser.conftest import DESKTOP, PHONE, Open, Site
from tests.web.browser.site_map import reachable

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVERYBODY: tuple[Role | None, ...] = (None, *Role)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
NARROWEST = 320
DOUBLED = DESKTOP // 2
"""A window of 1280 pixels zoomed to 200 % shows as many pixels of the page."""
# What a page is apart from the person: two people who see the same page need it looked at once.
CONTENT = """() => document.title + document.querySelector("main").innerHTML
  .replace(/name="csrfmiddlewaretoken"[^>]*/g, "")"""
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


@dataclass
class Examiner:
    """Looks at each different page once: through axe, through windows of every width, and with a camera."""

    axe: str
    seen: set[str] = field(default_factory=set)

    def is_new(self, page: Page) -> bool:
        """Whether nobody was shown the same content before."""
        content = page.evaluate(CONTENT)
        is_new = content not in self.seen
        self.seen.add(content)
        return is_new

    def problems(self, page: Page, language: str, photograph: Callable[[str], None]) -> list[str]:
        """Whatever hinders somebody: in a window of a desk, zoomed to double size, on phones."""
        found = []
        if page.locator("html").get_attribute("lang") != language or page.locator("h1").count() != 1:
            found.append("is in another language, or has not one title")
        found += self.violations(page)
        photograph(f"{language}-{DESKTOP}")
        for width in (DOUBLED, NARROWEST, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            wider = page.evaluate(WIDER)
            found += [f"scrolls sideways at {width}: {wider}"] if wider else []
        if language == settings.LANGUAGE_CODE:
            found += self.violations(page)
            photograph(f"{language}-{PHONE}")
        return found

    def violations(self, page: Page) -> list[str]:
        """What stands against the rules of accessibility."""
        page.evaluate(self.axe)
        found: list[str] = page.evaluate(ASK_AXE, list(RULES))
        return found


@pytest.fixture(scope="session")
def examiner() -> Examiner:
    """The checker that npm brought, and what this process saw already."""
    path = Path(settings.CONFIGURATION.assets) / "axe-core" / "axe.min.js"
    return Examiner(path.read_text(encoding="utf-8"))


@pytest.fixture
def furnished(site: Site) -> Site:
    """A site in use: each room has something to show."""
    planner = site.client(Role.PLANNER)
    furniture.campaign(site.person(Role.PLANNER))
    furniture.draft(planner)
    furniture.delivered(planner, site.client(Role.DATA_OWNER))
    furniture.contest(site.client(Role.DIRECTOR, furniture.MILAN))
    return site


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", EVERYBODY, ids=lambda role: role or "anybody")
def test_every_page_can_be_used_by_all_on_every_screen(
    furnished: Site,
    open_page: Open,
    examiner: Examiner,
    photograph: Callable[[Page, str, str], None],
    role: Role | None,
    language: str,
) -> None:
    page = open_page(role)
    problems: dict[str, list[str]] = {}

    for name, address in reachable(furnished.client(role)).items():
        page.set_viewport_size({"width": DESKTOP, "height": 900})
        page.goto(translate_url(address, language))
        if not examiner.is_new(page):
            continue
        found = examiner.problems(page, language, partial(photograph, page, f"{name}-{role or 'anybody'}"))
        if found:
            problems[page.url] = found

    assert problems == {}
