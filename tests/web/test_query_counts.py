"""The queries that a page costs once it has been rendered stand in a file, and never grow unnoticed.

After a change that lowers them: PIRAMIDE_WRITE_COUNTS=1 pytest tests/web/test_query_counts.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.evidence import Evidence, Examined
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.collection.models import Contest
from piramide.web.house.navigation import MENU
from piramide.web.oversight.models import AlarmReport, ResultsValidation
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

COUNTS = Path(__file__).with_name("query_counts.json")
HOT = {
    "assignments": "/piano/assegnazioni/",
    "sheet": "/strutture/dcm_milano/",
    "indicator": "/indicatori/indice_deflusso/",
    "quality": "/qualita/nazionale/",
    "spending": "/spesa/piemonte/",
    "line": "/strategia/inps-2024/linee/lgg_6/",
}


def _pages() -> dict[str, str]:
    return {entry.page: reverse(entry.page) for entry in MENU} | HOT


def _queries(client: Client, address: str) -> int:
    client.get(address, follow=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address, follow=True)
    return len(queries)


@pytest.mark.parametrize("page", sorted(_pages()))
def test_it_asks_the_database_no_more_than_before(
    page: str,
    runs: list[RunRecord],
    sign_in: Callable[..., Client],
) -> None:
    known = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.is_file() else {}
    found = _queries(sign_in(Role.PLANNER), _pages()[page])
    if os.environ.get("PIRAMIDE_WRITE_COUNTS"):
        known[page] = found
        COUNTS.write_text(f"{json.dumps(known, indent=1, sort_keys=True)}\n", encoding="utf-8")
    assert found <= known.get(page, 0), (
        f"{page} asks {found} times: fewer, or write down why and run this with the variable"
    )


CHECKLISTS = {"publication": (Role.PUBLISHER, "pubblicazione"), "validation": (Role.OIV, "validazione")}
PLACES = ("dcm_milano", "piemonte", "veneto", "lazio", "puglia")


def _found(run: RunRecord, place: str, user: User) -> None:
    """One contest more, and one more report of alarms of the period with something that nobody looked at."""
    Contest.objects.create(structure=place, indicator="indice_audit", period=run.period, reason="manca", by=user)
    period, numbers = parse_period(run.period), {"part": 30.0, "whole": 40.0}
    heard = Evidence("period_end_burst", "AL001", place, period, 0.75, 0.2, 0.05, 1e-5, "SELECT 1", numbers)
    examined = Examined("period_end_burst", "AL001", 119, 3, 0.119, (heard,))
    about = {"ends_on": run.ends_on, "at": timezone.now(), "by_chance": 0.1, "alarms": [examined.as_json()]}
    AlarmReport.objects.create(period=place, **about)


@pytest.mark.parametrize("page", sorted(CHECKLISTS))
def test_a_checklist_asks_the_same_whatever_it_finds(
    page: str, verified: list[RunRecord], sign_in: Callable[..., Client]
) -> None:
    known = json.loads(COUNTS.read_text(encoding="utf-8"))
    role, name = CHECKLISTS[page]
    client, run, user = sign_in(role), verified[-1], User.objects.create_user("chi@example.org", "Chi", "x" * 12)
    said = {"outcome": "validated", "act": "OIV 1", "day": run.ends_on, "text": "Torna.", "by": user}
    ResultsValidation.objects.create(run=run, token=uuid4(), **said)
    counts = []
    for places in (PLACES[:1], PLACES[1:]):
        for place in places:
            _found(run, place, user)
        counts.append(_queries(client, f"/vigilanza/esecuzioni/{run.run}/{name}/"))

    if os.environ.get("PIRAMIDE_WRITE_COUNTS"):
        known[page] = counts[-1]
        COUNTS.write_text(f"{json.dumps(known, indent=1, sort_keys=True)}\n", encoding="utf-8")
    assert counts[0] == counts[1] <= known.get(page, 0)
