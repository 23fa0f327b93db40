"""The pages that are asked for are made before a new run takes the place of another, and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from piramide.cycle.score import Request, score
from piramide.kernel.progress import silent
from piramide.methodology.loading import find_pack
from piramide.web.accounts.roles import Role
from piramide.web.house import shared_pages
from piramide.web.house.pages import PAGES
from piramide.web.results import prepared_pages
from piramide.web.results.models import RunRecord
from piramide.web.results.prepared_pages import prepare_pages
from piramide.web.results.registry import opened_runs, register_runs

ASKED = "/strutture/dcm_milano/"
OTHER = "/strutture/piemonte/"


@pytest.fixture
def coming(runs: list[RunRecord], tmp_path: Path) -> str:
    """A run of the newest period with one value changed, kept and not registered."""
    assert runs
    values = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
    lines = values.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(at for at, line in enumerate(lines) if line.startswith("dcm_milano,") and ",2024-Q4," in line)
    cells = lines[place].split(",")
    cells[3] = f"{float(cells[3]) * 0.9:.6f}"
    lines[place] = ",".join(cells)
    changed = tmp_path / "values.csv"
    changed.write_text("".join(lines), encoding="utf-8")
    scored = score(Request("inps-2024", changed, "2024-Q4", demonstration=True), [], opened_runs().store)
    assert scored.run_id != runs[-1].run
    return scored.run_id


@pytest.fixture
def planner(sign_in: Callable[..., Client], tmp_path: Path) -> Iterator[Client]:
    """Somebody who plans, on a site whose processes share their pages as in a true one."""
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path / "pages")}
    with override_settings(CACHES={**settings.CACHES, "pages": {**files, "TIMEOUT": None}}):
        yield sign_in(Role.PLANNER)


def _never(*_given: object, **_named: object) -> None:
    raise AssertionError("it was to be made before")


def test_what_was_asked_for_is_made_before_the_run_is_shown(
    coming: str, runs: list[RunRecord], planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("/", ASKED, "/en" + ASKED, "/indicatori/indice_deflusso/"):
        assert planner.get(address).status_code == 200
    told: list[tuple[int, int]] = []
    made = prepare_pages(coming, lambda done, of: told.append((done, of)))
    assert made == len(told) > 4
    assert f"run={runs[-1].run[:12]}" in planner.get(ASKED).content.decode()  # it is not shown before it is registered

    PAGES.clear()  # as in the other processes
    register_runs()
    for module in ("structures.sheet_page._sheet_body", "indicators.views._indicator_body"):
        monkeypatch.setattr(f"piramide.web.{module}", _never)
    for address in (ASKED, "/en" + ASKED, "/indicatori/indice_deflusso/"):
        assert planner.get(address).status_code == 200
    assert coming[:12] in planner.get(ASKED).content.decode()
    with pytest.raises(AssertionError, match="made before"):
        planner.get(OTHER)


def test_a_page_made_before_is_the_page_that_would_be_made(coming: str, planner: Client) -> None:
    planner.get(ASKED)
    assert prepare_pages(coming, silent)
    PAGES.clear()
    register_runs()
    before = planner.get(ASKED).content
    PAGES.clear()
    shared_pages.forget()
    assert planner.get(ASKED).content == before


def test_nothing_is_made_where_nobody_asked_nor_beyond_its_time(
    coming: str, runs: list[RunRecord], planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prepare_pages(coming, silent) == 0
    assert prepare_pages(runs[-1].run, silent) == 0  # it is shown already
    planner.get(ASKED)
    monkeypatch.setattr(prepared_pages, "MOST_SECONDS", -1.0)
    assert prepare_pages(coming, silent) == 0


def test_a_page_that_cannot_be_made_stops_no_job(coming: str, planner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    planner.get(ASKED)
    monkeypatch.setattr("piramide.web.structures.sheet_page._sheet_body", _never)
    assert prepare_pages(coming, silent) == 1
