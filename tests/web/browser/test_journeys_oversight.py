"""A run from its verification to its publication: auditor, planner, OIV, publisher, and whoever reads it then."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import check_chain
from piramide.web.jobs.models import Job
from piramide.web.jobs.running import run_job
from piramide.web.oversight.models import Adjustment, ResultsValidation, Verification
from piramide.web.results.models import RunRecord
from tests.web.answering import REASON
from tests.web.browser import furniture
from tests.web.browser.conftest import Open
from tests.web.browser.moves import TODAY, enter, follow, go, press
from tests.web.browser.visiting import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AUDITOR, PLANNER = "revisore@example.org", "pianificazione@example.org"
OIV, PUBLISHER = "oiv@example.org", "pubblicazione@example.org"


def newest() -> RunRecord:
    """The run that waits for its publication."""
    return RunRecord.objects.order_by("ends_on")[2]


def give_reasons(page: Page) -> None:
    """Write beside every line of the checklist that asks for it."""
    for field in page.locator("main textarea[name^='reason.']").all():
        field.fill(REASON)


def open_run(page: Page, run: RunRecord) -> None:
    """From the menu to a run."""
    go(page, "Vigilanza")
    follow(page, "Esecuzioni")
    follow(page, run.short)


def test_an_auditor_recomputes_a_run_and_sees_it_proved_whole(site: Site, page: Page) -> None:
    enter(page, AUDITOR)
    open_run(page, newest())
    expect(page.locator("main")).to_contain_text("Nessuno l'ha ancora ricalcolata qui")
    press(page, "Verifica adesso")
    expect(page.locator("#job-state")).to_contain_text("n attesa")
    run_job.call(str(Job.objects.get().pk))  # what the worker of the installation does

    expect(page.locator("#job-state")).to_contain_text("si ricalcola uguale in ogni cifra")
    follow(page, "Apri il risultato")
    expect(page.locator("main")).to_contain_text("ogni file, ogni ingresso e ogni cifra sono come furono conservati")
    expect(page.locator("main")).to_contain_text("Renato Conti")


def test_an_auditor_weighs_an_alarm_reads_an_adjustment_and_proves_the_register(site: Site, page: Page) -> None:
    furniture.alarms()
    furniture.adjustment(site.client(Role.PLANNER), newest())
    enter(page, AUDITOR)
    go(page, "Vigilanza")
    follow(page, "Allarmi")
    page.locator("main a[href$='/allarmi/2024-Q3/']").first.click()
    expect(page.locator("main")).to_contain_text("Una ragione onesta")
    follow(page, "Annota")
    page.get_by_label("Che cosa annoti").select_option("reason")
    page.get_by_label("Motivo").fill("Festa patronale il 26.")
    press(page, "Registra l'annotazione")
    expect(page.locator("main")).to_contain_text("Festa patronale il 26.")

    go(page, "Vigilanza")
    follow(page, "Rettifiche")
    page.locator("main a[href*='/rettifiche/']").first.click()
    expect(page.locator("main")).to_contain_text("Conteggio doppio accertato.")
    expect(page.locator("main").get_by_role("link", name="Conferma la rettifica")).to_have_count(0)

    go(page, "Registro")
    expect(page.locator("main")).to_contain_text("Paola Piani")
    press(page, "Verifica adesso")
    expect(page.locator("main")).to_contain_text("Il registro è intero")
    assert check_chain().is_whole


def test_a_planner_adjusts_a_value_seeing_what_it_moves_before_a_new_run_is_made(site: Site, page: Page) -> None:
    run = newest()
    enter(page, PLANNER)
    open_run(page, run)
    follow(page, "Proponi una rettifica")
    page.get_by_label("Struttura").select_option(furniture.MILAN)
    press(page, "Scegli")
    page.get_by_label("Indicatore e valore di adesso").select_option(furniture.FLOW)
    page.get_by_label("Valore rettificato").fill("1,25")
    page.get_by_label("Motivo").fill("Conteggio doppio accertato.")
    page.get_by_label("Atto").fill("Nota 7/2025")
    press(page, "Proponi e vedi l'effetto")
    expect(page.locator("main")).to_contain_text("Che cosa cambierebbe")
    follow(page, "Conferma la rettifica")
    press(page, "Conferma e calcola")

    expect(page.locator("main")).to_contain_text("Che cosa ha cambiato")
    made = Adjustment.objects.get().new_run
    assert made is not None
    assert made.pk != run.pk
    follow(page, "scheda")
    expect(page.locator("main .lead").first).to_contain_text("DCM Milano è a ")


def test_the_oiv_validates_a_run(site: Site, page: Page) -> None:
    Verification.objects.create(run=newest(), is_whole=True)
    enter(page, OIV)
    open_run(page, newest())
    expect(page.locator("main .lead")).to_contain_text("Manca la validazione dell'OIV")
    follow(page, "Scrivi il documento di validazione")
    page.get_by_label("I risultati sono").select_option("validated")
    page.get_by_label("Atto", exact=True).fill("OIV 3/2025")
    page.get_by_label("Data dell'atto").fill(TODAY)
    page.get_by_label("Testo").fill("I risultati sono attendibili e comprensibili.")
    press(page, "Registra il documento")
    expect(page.locator("main")).to_contain_text("Non è stato registrato nulla")
    give_reasons(page)
    press(page, "Registra il documento")

    expect(page.locator("main .lead")).to_contain_text("È validata: si può pubblicare e pagare")
    assert ResultsValidation.objects.get().by.name == "Olga Valutazione"


def test_a_publisher_publishes_a_validated_run_and_anybody_reads_it(site: Site, open_page: Open) -> None:
    run = newest()
    furniture.validate(site.client(Role.OIV), run)
    citizen = open_page()
    citizen.goto("/dati-aperti/")
    expect(citizen.locator("main")).not_to_contain_text(run.short)

    page = open_page()
    enter(page, PUBLISHER)
    open_run(page, run)
    follow(page, "Pubblica i risultati")
    page.get_by_label("Atto di pubblicazione").fill("Determina 9/2025")
    page.get_by_label("Ho capito", exact=False).check()
    give_reasons(page)
    press(page, "Pubblica")
    expect(page.locator("main")).to_contain_text("ora la legge chiunque")

    citizen.reload()
    citizen.locator(f"main a[href*='{run.run}']").first.click()
    expect(citizen.locator("main")).to_contain_text(run.run[:8])
    expect(citizen.locator("main")).to_contain_text(REASON)
    with citizen.expect_download() as kept:
        citizen.locator("main a[href$='.tar']").first.click()
    assert kept.value.path().stat().st_size > 0
    citizen.goto("/strutture/dcm_milano/")
    expect(citizen.locator("main")).to_contain_text(run.short)
