"""A run that was asked for some structures alone takes no place of one of all, and every page opens on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.methodology.loading import find_pack
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import register_runs
from tests.web.browser.site_map import PAGES

SignIn = Callable[..., Client]
VALUES = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
OPENED = [address for address in PAGES if "{" not in address]


@pytest.fixture
def part(runs: list[RunRecord]) -> RunRecord:
    """A run of one office, made after all others, of their newest period."""
    asked = Request("inps-2024", VALUES, runs[-1].period, ("dcm_milano",), demonstration=True)
    made = score(asked, [], Store(settings.CONFIGURATION.store))
    register_runs()
    return RunRecord.objects.get(run=made.run_id)


def _title(client: Client, address: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", unescape(client.get(address).content.decode()), re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_home_page_and_the_sheets_stay_those_of_the_run_of_all(
    runs: list[RunRecord], part: RunRecord, sign_in: SignIn
) -> None:
    planner = sign_in(Role.PLANNER)
    assert part.is_partial
    assert part.made_at > runs[-1].made_at
    assert "punti" in _title(planner, "/")
    assert runs[-1].run[:8] in planner.get("/strutture/nazionale/").content.decode()
    assert part.run[:8] in planner.get("/strutture/dcm_milano/", {"run": part.run[:8]}).content.decode()


def test_opened_by_name_it_says_what_it_is(part: RunRecord, sign_in: SignIn) -> None:
    assert "Questo calcolo riguarda solo alcune strutture" in _title(sign_in(Role.PLANNER), f"/?run={part.run[:8]}")


@pytest.mark.parametrize("address", OPENED)
def test_no_page_falls_over_on_it(part: RunRecord, sign_in: SignIn, address: str) -> None:
    mark = "&" if "?" in address else "?"
    answer = sign_in(Role.PLANNER).get(f"{address}{mark}run={part.run[:8]}")
    assert answer.status_code in {200, 302, 403, 404}


def test_those_known_before_it_was_told_are_read_again_in_the_store(part: RunRecord) -> None:
    RunRecord.objects.update(is_partial=False)
    migration = import_module("piramide.web.results.migrations.0004_runs_of_some_structures")
    migration.find_partial(apps, None)
    assert set(RunRecord.objects.filter(is_partial=True).values_list("run", flat=True)) == {part.run}
