"""The queries that a page costs once it has been rendered stand in a file, and never grow unnoticed.

After a change that lowers them: PIRAMIDE_WRITE_COUNTS=1 pytest tests/web/test_query_counts.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piramide.web.accounts.roles import Role
from piramide.web.house.navigation import MENU
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

COUNTS = Path(__file__).with_name("query_counts.json")
HOT = {
    "sheet": "/strutture/dcm_milano/",
    "indicator": "/indicatori/indice_deflusso/",
    "quality": "/qualita/nazionale/",
    "spending": "/spesa/piemonte/",
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
