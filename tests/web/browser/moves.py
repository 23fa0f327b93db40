"""What a person does with a page: signs in, chooses a line of the menu, follows a link, presses a button."""

from __future__ import annotations

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from piramide.demo.people import PASSWORD, people

TODAY = timezone.localdate().isoformat()


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in, from the home page."""
    page.goto("/")
    page.get_by_role("link", name="Accedi").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    press(page, "Accedi")
    names = {person.email: person.name for person in people()}
    expect(page.locator(".site-slim")).to_contain_text(names.get(email, "Esci"))


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Click the first link with this name in the content of the page."""
    page.locator("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Click the button with this name in the content of the page."""
    page.locator("main").get_by_role("button", name=name).first.click()


def go(page: Page, name: str) -> None:
    """Choose a line of the menu."""
    page.locator("#menu").get_by_role("link", name=name, exact=True).click()


def sign_act(page: Page, number: str) -> None:
    """Write down the act of a gate of the plan."""
    page.get_by_label("Numero dell'atto").fill(number)
    page.get_by_label("Data dell'atto").fill(TODAY)
