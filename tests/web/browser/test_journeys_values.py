"""Values from their entry to their confirmation: data owner, director and attesters, each from signing in on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from piramide.web.accounts.roles import Role
from piramide.web.collection.models import Signature, Value
from piramide.web.projects.models import ProjectStep
from tests.web.browser import furniture
from tests.web.browser.conftest import Open
from tests.web.browser.moves import enter, follow, go, press
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DIRECTOR, OWNER = "milano@example.org", "dati@example.org"
ATTESTER, VALIDATOR = "legale@example.org", "validazione@example.org"


def open_grid(page: Page) -> None:
    """From the menu to the grid of Milan."""
    go(page, "Raccolta")
    follow(page, "Raccolta di fine anno")
    page.wait_for_url(re.compile(r"/raccolta/\d+/"))  # a count does not wait, and would be of the page before
    if page.locator("input.grid-input").count() == 0:
        follow(page, "DCM Milano")


def confirm(page: Page) -> None:
    """Put one's name under the values of the grid."""
    page.get_by_label("confermo i valori", exact=False).check()
    press(page, "Confermo")


def test_a_director_reads_the_own_sheet_down_to_a_number_and_contests_it(page: Page) -> None:
    enter(page, DIRECTOR)
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


def test_a_director_confirms_the_values_of_the_own_structure(site: Site, page: Page) -> None:
    furniture.campaign(site.person(Role.PLANNER))
    enter(page, DIRECTOR)
    expect(page.locator("main")).to_contain_text("Raccolta di fine anno")  # among what there is to do
    open_grid(page)
    cells = page.locator("input.grid-input")
    cells.nth(0).fill("98,5")
    cells.nth(1).fill("1,02")
    page.keyboard.press("Tab")
    expect(page.locator(".state-kept, .state-odd")).to_have_count(2)
    page.reload()
    confirm(page)

    expect(page.locator("main")).to_contain_text("Confermato da Mario Navigli")
    assert Signature.objects.get().name == "Mario Navigli"


def test_a_data_owner_types_values_into_the_grid_sees_one_refused_and_confirms(site: Site, page: Page) -> None:
    furniture.campaign(site.person(Role.PLANNER))
    enter(page, OWNER)
    open_grid(page)
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
    confirm(page)

    expect(page.locator("main")).to_contain_text("Confermato da Dario Dati")
    assert sorted(Value.objects.values_list("value", flat=True)) == ["1.02", "98.5"]
    assert Signature.objects.count() == 1


def test_what_is_typed_before_the_script_of_the_grid_has_come_is_kept(site: Site, page: Page) -> None:
    furniture.campaign(site.person(Role.PLANNER))
    enter(page, OWNER)
    open_grid(page)
    page.wait_for_load_state()  # else the script asked for by the first coming may be held too
    held: list[Route] = []
    page.route("**/grid*.js", lambda route: held.append(route))  # noqa: PLW0108 - it looks into the function
    with page.expect_request("**/grid*.js"):
        page.goto(page.url, wait_until="commit")
    cells = page.locator("input.grid-input")
    cells.nth(0).fill("98,5")
    cells.nth(1).fill("1,02")
    assert Value.objects.count() == 0
    (script,) = held
    script.continue_()
    expect(page.locator(".state-kept, .state-odd")).to_have_count(1)  # the second is still being typed
    page.keyboard.press("Tab")
    expect(page.locator(".state-kept, .state-odd")).to_have_count(2)

    assert sorted(Value.objects.values_list("value", flat=True)) == ["1.02", "98.5"]


def test_a_data_owner_uploads_a_file_sees_the_row_refused_mends_it_and_confirms(site: Site, page: Page) -> None:
    furniture.campaign(site.person(Role.PLANNER))
    enter(page, OWNER)
    go(page, "Raccolta")
    follow(page, "Raccolta di fine anno")
    follow(page, "Carica un file")
    file = FilePayload(name="valori.csv", mimeType="text/csv", buffer=furniture.values_file())
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Guarda che cosa cambierebbe")
    expect(page.locator("main .lead")).to_contain_text("1 riga non si può accettare")
    expect(page.locator("main")).to_contain_text("tanto")
    assert Value.objects.count() == 0
    press(page, "Scrivi 1 valore")
    expect(page.locator("main")).to_contain_text("Scritto 1 valore")

    open_grid(page)
    cells = page.locator("input.grid-input")
    empty = next(cell for cell in cells.all() if not cell.input_value())
    empty.fill("1,02")
    empty.press("Tab")
    expect(page.locator(".state-kept, .state-odd")).to_have_count(2)
    page.reload()
    confirm(page)

    expect(page.locator("main")).to_contain_text("Confermato da Dario Dati")
    assert sorted(Value.objects.values_list("value", flat=True)) == ["1.02", "98.5"]


def test_an_attester_attests_a_deliverable_with_its_document_and_another_validates_it(
    site: Site, open_page: Open
) -> None:
    project = furniture.delivered(site.client(Role.PLANNER), site.client(Role.DATA_OWNER))
    page = open_page()
    enter(page, ATTESTER)
    go(page, "Progetti")
    page.locator("main input[name=cerca]").fill(furniture.PROJECT)
    page.locator("main input[name=cerca]").press("Enter")
    page.locator(f"main a[href='{project}']").first.click()
    page.locator("main a[href$='/attestazione/']").click()
    page.get_by_label("Trimestre").select_option("2024-Q3")
    page.get_by_label("Avanzamento", exact=False).fill("80")
    document = FilePayload(name="verbale.pdf", mimeType="application/pdf", buffer=furniture.PDF)
    page.locator("input[type=file]").set_input_files(document)
    press(page, "Attesto")
    expect(page.locator("main")).to_contain_text("verbale.pdf")
    expect(page.locator("main a[href$='/validazione/']")).to_have_count(0)

    other = open_page()
    enter(other, VALIDATOR)
    other.goto(project)
    other.locator("main a[href$='/validazione/']").click()
    other.get_by_label("Trimestre").select_option("2024-Q3")
    other.get_by_label("Validata", exact=True).check()
    other.get_by_label("Avanzamento", exact=False).fill("80")
    press(other, "Registra l'esito")

    expect(other.locator("main")).to_contain_text("80")
    kinds = ProjectStep.objects.filter(deliverable="D1").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["planned", "delivered", "attested", "validated"]
