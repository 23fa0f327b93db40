"""Each role signs in and does its main work from start to end, as a person does: by reading, clicking and typing."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from piramide.demo.people import PASSWORD
from piramide.web.accounts.models import Grant
from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.collection.models import Signature, Value
from piramide.web.plans.models import Draft
from piramide.web.projects.models import ProjectStep
from tests.web.browser import furniture
from tests.web.browser.conftest import Open
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TODAY = timezone.localdate().isoformat()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Click the first link with this name in the content of the page."""
    page.locator("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Click the button with this name in the content of the page."""
    page.locator("main").get_by_role("button", name=name).first.click()


def go(page: Page, name: str) -> None:
    """Choose a line of the menu."""
    page.locator("#menu").get_by_role("link", name=name, exact=True).click()


def test_a_director_signs_in_reads_the_own_sheet_down_to_a_number_and_contests_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Accedi").click()
    page.locator("input[name=login]").fill("milano@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    press(page, "Accedi")
    expect(page.locator(".site-slim")).to_contain_text("Mario Navigli")

    go(page, "Strutture")
    follow(page, "DCM Milano")
    expect(page.locator("main .lead").first).to_contain_text("DCM Milano è a ")
    page.locator(".sheet-tree, table").get_by_role("link", name="Indice di Deflusso").first.click()
    beside = page.locator("#beside")
    expect(beside).to_contain_text("Da dove viene")
    beside.get_by_role("link", name="Contesta questo dato").click()
    page.get_by_label("Perché il dato è sbagliato").fill("Mancano due pratiche di novembre, come dal verbale.")
    press(page, "Contesta")

    expect(page.locator("main")).to_contain_text("Mancano due pratiche di novembre")


def test_a_planner_drafts_a_plan_with_the_checks_running_simulates_and_proposes_it(open_page: Open) -> None:
    page = open_page(Role.PLANNER)
    page.goto("/")
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
    page.get_by_label("Numero dell'atto").fill("12/2026")
    page.get_by_label("Data dell'atto").fill(TODAY)
    press(page, "Proponi")

    expect(page.locator(".plan-steps")).to_contain_text("12/2026")
    assert Draft.objects.get().stage == "proposed"


def test_the_oiv_gives_its_opinion_on_a_proposed_plan(site: Site, open_page: Open) -> None:
    planner = site.client(Role.PLANNER)
    furniture.propose(planner, furniture.draft(planner))
    page = open_page(Role.OIV)
    page.goto("/")

    go(page, "Piano")
    follow(page, "Obiettivi 2025")
    page.locator(".plan-steps a.btn").click()
    page.get_by_label("Numero dell'atto").fill("OIV 3")
    page.get_by_label("Data dell'atto").fill(TODAY)
    page.get_by_label("avorevole", exact=False).first.check()
    page.locator("main form button[type=submit]").click()

    expect(page.locator(".plan-steps")).to_contain_text("OIV 3")
    assert Draft.objects.get().stage == "cleared"


def test_a_data_owner_types_values_into_the_grid_sees_one_refused_and_confirms(site: Site, open_page: Open) -> None:
    furniture.campaign(site.person(Role.PLANNER))
    page = open_page(Role.DATA_OWNER)
    page.goto("/")

    go(page, "Raccolta")
    follow(page, "Raccolta di fine anno")
    follow(page, "DCM Milano")
    cells = page.locator("input.grid-input")
    cells.nth(0).fill("tanto")
    page.keyboard.press("Tab")
    expect(page.locator("main")).to_contain_text("non è un numero")
    expect(cells.nth(0)).to_have_value("tanto")
    cells.nth(0).fill("98,5")
    cells.nth(1).fill("1,02")
    page.keyboard.press("Tab")
    expect(page.locator(".state-kept, .state-odd")).to_have_count(2)
    page.reload()
    expect(cells.nth(0)).to_have_value("98,5")
    page.get_by_label("confermo i valori", exact=False).check()
    press(page, "Confermo")

    expect(page.locator("main")).to_contain_text("Confermato da Dario Dati")
    assert sorted(Value.objects.values_list("value", flat=True)) == ["1.02", "98.5"]
    assert Signature.objects.count() == 1


def test_an_administrator_gives_a_role_and_takes_it_away(open_page: Open) -> None:
    page = open_page(Role.ADMINISTRATOR)
    page.goto("/")

    go(page, "Persone")
    follow(page, "Dario Dati")
    page.get_by_label("Ruolo", exact=True).select_option("auditor")
    page.locator("main select[name=structure]").select_option("lombardia")
    page.locator("section[aria-labelledby=dai-ruolo] [name=reason]").fill("Incarico 7/2026")
    press(page, "Dai il ruolo")
    row = page.locator("tr", has_text="Revisore").filter(has_text="Incarico 7/2026")
    expect(row).to_be_visible()
    assert Grant.objects.get(role=Role.AUDITOR, structure="lombardia").revoked_at is None
    row.locator("summary").click()
    row.locator("[name=reason]").fill("Fine incarico")
    row.get_by_role("button", name="Togli").click()

    expect(page.locator("tr", has_text="Incarico 7/2026").get_by_role("button", name="Annulla")).to_be_visible()
    assert Grant.objects.get(role=Role.AUDITOR, structure="lombardia").revoked_at is not None


def test_an_auditor_verifies_the_register_of_changes(site: Site, open_page: Open) -> None:
    furniture.draft(site.client(Role.PLANNER))
    page = open_page(Role.AUDITOR)
    page.goto("/")

    go(page, "Registro")
    expect(page.locator("main")).to_contain_text("Paola Piani")
    press(page, "Verifica adesso")

    expect(page.locator("main")).to_contain_text("Il registro è intero")
    assert check_chain().is_whole


def test_an_attester_attests_a_deliverable_with_its_document(site: Site, open_page: Open) -> None:
    project = furniture.delivered(site.client(Role.PLANNER), site.client(Role.DATA_OWNER))
    page = open_page(Role.ATTESTER)
    page.goto("/")

    go(page, "Progetti")
    page.locator("main input[name=cerca]").fill(furniture.PROJECT)
    page.locator("main input[name=cerca]").press("Enter")
    page.locator(f"main a[href='{project}']").first.click()
    page.locator("main a[href$='/attestazione/']").click()
    page.get_by_label("Trimestre").select_option("2024-Q3")
    page.get_by_label("Avanzamento", exact=False).fill("80")
    document = FilePayload(name="verbale.pdf", mimeType="application/pdf", buffer=furniture.PDF)
    page.locator("input[type=file]").set_input_files(document)
    page.locator("main form button[type=submit]").click()

    expect(page.locator("main")).to_contain_text("verbale.pdf")
    assert ProjectStep.objects.filter(kind="attested", deliverable="D1").count() == 1
