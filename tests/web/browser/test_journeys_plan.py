"""A plan from its draft to its adoption: the planner drafts and proposes, the OIV judges, the planner adopts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from piramide.web.accounts.roles import Role
from piramide.web.plans.models import Draft
from tests.web.browser import furniture
from tests.web.browser.conftest import Open
from tests.web.browser.moves import enter, follow, go, press, sign_act
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLANNER, OIV = "pianificazione@example.org", "oiv@example.org"


def test_a_planner_drafts_a_plan_with_the_checks_running_simulates_and_proposes_it(page: Page) -> None:
    enter(page, PLANNER)
    go(page, "Piano")
    follow(page, "Apri una bozza")
    page.get_by_label("Titolo").fill("Obiettivi 2025")
    page.get_by_label("Nome").fill("inps-2025")
    page.get_by_label("Anno").fill("2025")
    press(page, "Apri la bozza")

    follow(page, "DCM Milano")
    page.locator("input[name='peso.valore_economico']").fill("25")
    expect(page.locator("main")).to_contain_text("95")  # the sum of the group, told while typing
    page.locator("input[name='peso.valore_organizzativo']").fill("35")
    page.locator("input[name='luogo']").fill("p. 7")
    press(page, "Salva la scheda")
    expect(page.locator("main")).to_contain_text("2 modifiche")

    page.goto(f"/piano/bozze/{Draft.objects.get().pk}/")
    follow(page, "Simula")
    expect(page.locator("h1")).to_have_text("Chi guadagna e chi perde con la bozza")
    page.go_back()
    follow(page, "Proponi")
    sign_act(page, "12/2026")
    press(page, "Proponi")

    expect(page.locator(".plan-steps")).to_contain_text("12/2026")
    assert Draft.objects.get().stage == "proposed"


def test_the_oiv_judges_a_plan_that_the_planner_then_adopts_and_nobody_edits(site: Site, open_page: Open) -> None:
    planner = site.client(Role.PLANNER)
    made = furniture.propose(planner, furniture.draft(planner))
    judge = open_page()
    enter(judge, OIV)
    go(judge, "Piano")
    follow(judge, "Obiettivi 2025")
    judge.locator(".plan-steps a.btn").click()
    sign_act(judge, "OIV 3")
    judge.get_by_label("favorevole", exact=True).check()
    press(judge, "Registra il parere")
    expect(judge.locator(".plan-steps")).to_contain_text("OIV 3")

    page = open_page()
    enter(page, PLANNER)
    go(page, "Piano")
    follow(page, "Obiettivi 2025")
    follow(page, "Registra l'adozione del piano")
    expect(page.locator("main")).to_contain_text("non si può più modificare")
    sign_act(page, "28/2026")
    press(page, "Registra l'adozione del piano")
    expect(page.locator("main")).to_contain_text("Il piano è adottato")

    go(page, "Piano")
    follow(page, re.compile("Obiettivi 2025"))
    expect(page.locator("h1")).to_contain_text("Obiettivi 2025")
    assert Draft.objects.get().stage == "adopted"
    assert planner.post(f"/piano/bozze/{made.pk}/schede/{furniture.MILAN}/", {"revisione": "1"}).status_code == 409
    citizen = open_page()
    citizen.goto("/piano/versioni/inps-2025/")
    expect(citizen.locator("h1")).to_contain_text("Obiettivi 2025")
