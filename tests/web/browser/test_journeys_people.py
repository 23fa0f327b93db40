"""People of the site: the administrator lets somebody in with a role that has its dates, and a role is lent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from tests.web.browser.conftest import Open
from tests.web.browser.moves import TODAY, enter, follow, go, press

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ADMINISTRATOR, DIRECTOR, OWNER = "amministrazione@example.org", "milano@example.org", "dati@example.org"
NEW, CHOSEN = "nuova@example.org", "una frase lunga e mia"
IN_A_MONTH = timezone.localdate() + timedelta(days=30)


def test_an_administrator_lets_somebody_in_with_a_role_that_has_its_dates(open_page: Open) -> None:
    page = open_page()
    enter(page, ADMINISTRATOR)
    go(page, "Persone")
    follow(page, "Registra una persona")
    page.get_by_label("Nome e cognome").fill("Nora Nuova")
    page.locator("main input[name=email]").fill(NEW)
    press(page, "Registra e invita")
    expect(page.locator("h1")).to_have_text("Nora Nuova")
    page.get_by_label("Ruolo", exact=True).select_option("auditor")
    page.locator("main select[name=structure]").select_option("lombardia")
    page.get_by_label("Dal", exact=True).fill(TODAY)
    page.get_by_label("Ultimo giorno").fill(IN_A_MONTH.isoformat())
    page.locator("section[aria-labelledby=dai-ruolo] [name=reason]").fill("Incarico 7/2026")
    press(page, "Dai il ruolo")
    expect(page.locator("tr", has_text="Incarico 7/2026")).to_contain_text("in vigore")
    grant = Grant.objects.get(user__email=NEW)
    assert (grant.role, grant.structure, grant.last_day) == (Role.AUDITOR, "lombardia", IN_A_MONTH)

    (link,) = re.findall(r"http\S+(/accesso/password/scegli/\S+)", str(mail.outbox[0].body))
    invited = open_page()
    invited.goto(link)
    invited.locator("input[name=password1]").fill(CHOSEN)
    invited.locator("input[name=password2]").fill(CHOSEN)
    invited.locator("main form button[type=submit]").click()
    enter(invited, NEW, CHOSEN)
    invited.goto("/account/")
    expect(invited.locator("main")).to_contain_text("Revisore")
    expect(invited.locator("main")).to_contain_text("Lombardia")


def test_an_administrator_gives_a_role_and_takes_it_away(page: Page) -> None:
    enter(page, ADMINISTRATOR)
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


def test_a_director_lends_the_own_role_and_takes_it_back(page: Page) -> None:
    enter(page, DIRECTOR)
    page.locator(".site-slim").get_by_role("link", name="Mario Navigli").click()
    follow(page, "Delega un tuo ruolo")
    follow(page, "Delega")
    page.get_by_label("A chi").fill(OWNER)
    page.get_by_label("Ultimo giorno").fill(IN_A_MONTH.isoformat())
    page.get_by_label("Motivo o atto").fill("Ferie")
    press(page, "Dai la delega")
    row = page.locator("tr", has_text="Dario Dati")
    expect(row).to_contain_text("Ferie")
    lent = Grant.objects.get(user=User.objects.get(email=OWNER), role=Role.DIRECTOR)
    assert lent.holds_on(timezone.localdate())
    row.get_by_role("button", name="Riprendi").click()

    expect(page.locator("main")).to_contain_text("La delega è finita")
    lent.refresh_from_db()
    assert not lent.holds_on(timezone.localdate())
