"""The grid says of a value that it cannot be: a score from 1 to 5, with nothing earlier to compare it with (R44)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.collection.campaigns import Opening, open_campaign
from piramide.web.collection.models import Ask
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

SignIn = Callable[..., Client]
MILAN, SURVEY = "dcm_milano", "indagine_customer_experience"


@pytest.fixture
def ask(runs: list[RunRecord], person: Callable[..., User]) -> Ask:
    due = timezone.localdate() + timedelta(days=10)
    opening = Opening("Indagine", "2024-Q4", due, "", frozenset({MILAN}), frozenset({SURVEY}))
    open_campaign(person(Role.PLANNER), opening)
    RunRecord.objects.all().delete()
    return Ask.objects.get(structure=MILAN, indicator=SURVEY)


@pytest.mark.parametrize(("typed", "is_odd"), [("35", True), ("0,9", True), ("5", False), ("3,5", False)])
def test_a_score_outside_its_scale_is_told(ask: Ask, sign_in: SignIn, typed: str, is_odd: bool) -> None:
    director = sign_in(Role.DIRECTOR, MILAN)
    said = "Fuori dai valori possibili (da 1 a 5)"

    cell = {f"value-{ask.pk}": typed, f"status-{ask.pk}": "measured", f"note-{ask.pk}": "", f"seen-{ask.pk}": "0"}
    answer = director.post(f"/raccolta/celle/{ask.pk}/", cell)

    assert answer.status_code == 200
    assert (said in answer.json()["remark"]) is is_odd
    page = director.get(f"/raccolta/{ask.campaign_id}/valori/{MILAN}/").content.decode()
    assert (said in page) is is_odd


def test_no_browser_puts_back_what_stood_in_a_grid_before_it_was_opened_again(ask: Ask, sign_in: SignIn) -> None:
    """The script of the grid saves what is not as the page was sent: a browser must not write for a person."""
    page = sign_in(Role.DIRECTOR, MILAN).get(f"/raccolta/{ask.campaign_id}/valori/{MILAN}/").content.decode()

    cells = re.findall(rf'<(?:input|select)[^>]* name="(\w+)-{ask.pk}"([^>]*)>', page)

    assert [name for name, _ in cells] == ["seen", "value", "status", "note"]
    assert all('autocomplete="off"' in rest for _, rest in cells)
