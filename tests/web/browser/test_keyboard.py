"""The site without a mouse: everything is reached, opened, closed and sent with keys, and nothing moves by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from piramide.web.accounts.roles import Role
from tests.web.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHEET = "/strutture/dcm_milano/"
MOST_KEYS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what `selector` finds."""
    for _count in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{MOST_KEYS} keys do not reach {selector}")


def test_the_first_key_offers_to_skip_to_the_content(page: Page) -> None:
    page.goto(SHEET)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Vai al contenuto")).to_be_focused()
    expect(page.get_by_role("link", name="Vai al contenuto")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#contenuto")).to_be_focused()


def test_the_menu_is_walked_with_keys(page: Page) -> None:
    page.goto(SHEET)

    tab_to(page, ".skiplinks a[href='#menu']")
    page.keyboard.press("Enter")
    tab_to(page, "#menu a[href='/strutture/']")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/strutture/$"))
    expect(page.locator("h1")).to_have_text("Strutture")


def test_the_menu_of_a_phone_opens_with_a_key(phone: Page) -> None:
    phone.goto("/")
    expect(phone.locator("#menu ul")).to_be_hidden()

    tab_to(phone, "#menu summary")
    phone.keyboard.press("Enter")

    expect(phone.locator("#menu ul")).to_be_visible()


def test_an_explanation_opens_beside_the_page_and_escape_gives_the_focus_back(open_page: Open) -> None:
    page = open_page(Role.DIRECTOR)
    page.goto(SHEET)

    tab_to(page, ".sheet-index-figure a")
    page.keyboard.press("Enter")
    beside = page.locator("#beside")
    expect(beside).to_be_visible()
    expect(beside.locator("h2").first).to_be_focused()
    expect(page).to_have_url(re.compile(f"{SHEET}$"))
    page.keyboard.press("Escape")

    expect(beside).to_be_hidden()
    expect(page.locator(".sheet-index-figure a")).to_be_focused()


def test_a_word_says_its_meaning_to_who_focuses_it_until_escape(page: Page) -> None:
    page.goto(SHEET)
    meaning = page.locator("#word-coverage")
    expect(meaning).to_be_hidden()

    tab_to(page, ".word a[aria-describedby=word-coverage]")
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")

    expect(meaning).to_be_hidden()


def test_a_form_is_filled_and_sent_with_keys(page: Page) -> None:
    page.goto("/strutture/")

    tab_to(page, "#cerca")
    page.keyboard.type("milano")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("cerca=milano"))
    expect(page.get_by_role("link", name="DCM Milano").first).to_be_visible()


def test_the_focus_is_always_seen(page: Page) -> None:
    page.goto(SHEET)

    for _count in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_nothing_moves_for_who_asked_for_no_motion(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(SHEET)

    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((e) => {
             const style = getComputedStyle(e);
             return style.animationName !== "none" || style.transitionDuration.split(", ").some((d) => d !== "0s");
           }).map((e) => e.outerHTML.slice(0, 80))"""
    )

    assert moving == []
