"""The grid in a real browser: keys as in a spreadsheet, each cell kept, nothing typed ever lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from piramide.demo.people import PASSWORD
from piramide.web.accounts.roles import Role
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.cells import Typed, write_cell
from piramide.web.collection.models import Ask, Campaign, Value
from tests.web.browser.conftest import Open
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MILAN, AUDIT, FLOW = "dcm_milano", "indice_audit", "indice_deflusso"
PASTE = """([box, text]) => {
  const data = new DataTransfer();
  data.setData("text", text);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def campaign(site: Site) -> Campaign:
    """Two indicators of Milan, due in ten days."""
    due = timezone.localdate() + timedelta(days=10)
    chosen = Opening("Raccolta di prova", "2024-Q4", due, "Istruzioni.", frozenset({MILAN}), frozenset({AUDIT, FLOW}))
    return open_campaign(site.person(Role.PLANNER), chosen)


@pytest.fixture
def grid(campaign: Campaign, open_page: Open) -> Page:
    """The director of Milan in front of the grid."""
    page = open_page(Role.DIRECTOR, MILAN)
    page.goto(f"/raccolta/{campaign.pk}/valori/{MILAN}/")
    return page


def test_keys_move_like_in_a_spreadsheet_and_each_cell_is_kept(grid: Page) -> None:
    first, second = grid.locator(".grid-input").all()
    first.fill("98,5")
    first.press("Enter")
    expect(second).to_be_focused()
    expect(grid.locator("tr[data-ask] [role=status]").first).to_contain_text("Salvato")
    second.press("ArrowUp")
    expect(first).to_be_focused()
    assert Value.objects.get().value == "98.5"


def test_a_cell_that_fails_says_why_under_itself_and_keeps_its_text(grid: Page) -> None:
    box = grid.locator(".grid-input").first
    box.fill("tanto")
    box.press("Tab")
    expect(grid.locator("tr[data-ask] [role=status]").first).to_contain_text("non è un numero")
    expect(box).to_have_value("tanto")
    expect(box).to_have_attribute("aria-invalid", "true")


def test_a_column_is_pasted_from_a_spreadsheet(grid: Page) -> None:
    box = grid.locator(".grid-input").first
    grid.evaluate(PASTE, [box.element_handle(), "98,5\tprima nota\n1,02\n"])
    expect(grid.locator(".state-kept")).to_have_count(2)
    assert set(Value.objects.values_list("value", "note")) == {("98.5", "prima nota"), ("1.02", "")}


def test_a_session_that_ends_in_the_middle_loses_nothing(grid: Page, site: Site) -> None:
    Session.objects.all().delete()
    box = grid.locator(".grid-input").first
    box.fill("97,25")
    with grid.expect_response(lambda response: response.status == 401):
        box.press("Tab")
    notice = grid.locator("#grid-notice")
    expect(notice).to_contain_text("La sessione è scaduta")
    notice.get_by_role("link").click()
    grid.locator("input[name=login]").fill(site.person(Role.DIRECTOR, MILAN).email)
    grid.locator("input[name=password]").fill(PASSWORD)
    grid.locator("main form button[type=submit]").first.click()
    expect(grid.locator(".grid-input").first).to_have_value("97,25")
    expect(grid.locator("tr[data-ask] [role=status]").first).to_contain_text("Salvato")
    assert Value.objects.get().value == "97.25"


def test_two_people_in_one_cell_see_both_values(grid: Page, site: Site) -> None:
    ask = Ask.objects.order_by("place")[0]
    write_cell(site.person(Role.DATA_OWNER), ask.pk, Typed("96,1", "measured", "", 0))
    box = grid.locator(".grid-input").first
    box.fill("98")
    with grid.expect_response(lambda response: response.status == 409):
        box.press("Tab")
    state = grid.locator("tr[data-ask] [role=status]").first
    expect(state).to_contain_text("96,1")
    expect(state).to_contain_text("98")
    grid.get_by_role("button", name="Tieni il mio").click()
    expect(state).to_contain_text("Salvato")
    assert list(ask.versions.values_list("value", flat=True)) == ["98", "96.1"]
