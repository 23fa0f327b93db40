"""The site without JavaScript: slower in places, and whole."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from piramide.demo.people import PASSWORD
from tests.web.browser.conftest import PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain(open_page: Open) -> Page:
    """A browser that runs no script, on a phone."""
    return open_page(width=PHONE, java_script_enabled=False)


@pytest.mark.parametrize("address", ["/", "/strutture/", "/strutture/dcm_milano/", "/en/strutture/dcm_milano/"])
def test_a_page_is_whole(plain: Page, address: str) -> None:
    plain.goto(address)

    expect(plain.locator("h1")).to_be_visible()
    expect(plain.locator("main p").first).to_be_visible()
    expect(plain.locator("#menu a").first).to_be_visible()


def test_a_number_leads_to_the_page_of_its_explanation(plain: Page) -> None:
    plain.goto("/strutture/dcm_milano/")

    plain.locator(".sheet-index-figure a").click()

    expect(plain).to_have_url(re.compile("/strutture/dcm_milano/spiegazione/dcm_milano/"))
    expect(plain.locator("main")).to_contain_text("Da dove viene")


def test_a_list_is_narrowed_by_its_button(plain: Page) -> None:
    plain.goto("/strutture/")

    plain.get_by_label("Nome").fill("milano")
    plain.locator("form.filters").get_by_role("button").click()

    expect(plain.get_by_role("link", name="DCM Milano").first).to_be_visible()
    expect(plain.get_by_role("link", name="Liguria", exact=True)).to_have_count(0)


def test_somebody_enters_and_leaves(plain: Page) -> None:
    plain.goto("/accesso/login/")

    plain.locator("input[name=login]").fill("milano@example.org")
    plain.locator("input[name=password]").fill(PASSWORD)
    plain.locator("main button[type=submit]").first.click()
    expect(plain.locator(".site-slim")).to_contain_text("Mario Navigli")
    plain.get_by_role("link", name="Esci").click()
    plain.locator("main button[type=submit]").first.click()

    expect(plain.locator(".site-slim")).not_to_contain_text("Mario Navigli")
