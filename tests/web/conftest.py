"""A small installation: three runs of the real plan on invented values, and people of every role."""

from __future__ import annotations

import tests.web.started  # noqa: F401 - before models are imported

# isort: split
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.methodology.loading import find_pack
from piramide.web import messages
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
from piramide.web.house.pages import PAGES
from piramide.web.jobs import kinds
from piramide.web.oversight.models import PlanFindings, Verification
from piramide.web.oversight.plan_findings import findings_in
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs, register_runs

PERIODS = ("2024-Q2", "2024-Q3", "2024-Q4")
SignIn = Callable[..., Client]
_FINDINGS: list[dict[str, Any]] = []


@pytest.fixture(scope="session", autouse=True)
def _words() -> None:
    """Pages in other languages need their words compiled."""
    messages.compile_stale()


@pytest.fixture(scope="session")
def site_store() -> Path:
    """A store with a run of each of three quarters."""
    store = Path(settings.CONFIGURATION.store)
    values = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
    for period in PERIODS:
        score(Request("inps-2024", values, period, demonstration=True), [], Store(store))
    return store


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DjangoDbBlocker]:
    """The database for rows that every test of a module begins from: made once, and gone when the module ends."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def registered() -> list[RunRecord]:
    """The runs of the store, oldest first, registered now unless they are; all but the last are published."""
    register_runs()
    RunRecord.objects.filter(ends_on__lt=date(2024, 12, 1)).update(published_at=timezone.now())
    return list(RunRecord.objects.order_by("ends_on"))


@pytest.fixture
def runs(db: None, site_store: Path) -> Iterator[list[RunRecord]]:
    """The runs registered, oldest first; all but the last are published. Runs that a test keeps go with it."""
    PAGES.clear()
    found = registered()
    yield found
    for folder in (site_store / "runs").iterdir():
        if folder.name not in {record.run for record in found}:
            shutil.rmtree(folder)


@pytest.fixture
def verified(runs: list[RunRecord]) -> list[RunRecord]:
    """The runs, each recomputed a moment ago; the findings of their plan are known, which takes seconds to find."""
    folder = opened_runs().run(runs[0].pk).pack_folder
    for row in _FINDINGS:
        PlanFindings.objects.create(**row)
    if not _FINDINGS:
        kept = findings_in(folder, runs[0].pack)
        _FINDINGS.append({name: getattr(kept, name) for name in ("pack", "hash", "relations", "failing", "findings")})
    for run in runs:
        Verification.objects.create(run=run, is_whole=True)
    return runs


@pytest.fixture(autouse=True)
def _italian() -> None:
    """A page in another language leaves it spoken in its thread: every test starts in the language of the site."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test keeps its rows in a transaction that no other thread sees: signs of life would wait for it."""
    monkeypatch.setattr(kinds, "BETWEEN_SIGNS", 3600.0)


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make somebody with a role: `person(Role.DIRECTOR, "dcm_milano")`."""

    def make(role: Role | None = None, structure: str = "nazionale", **dates: date) -> User:
        count = User.objects.count()
        user = User.objects.create_user(f"persona{count}@example.org", f"Persona {count}", "una password lunga")
        if role is not None:
            since = dates.get("since", date(2024, 1, 1))
            Grant.objects.create(user=user, role=role, structure=structure, since=since, until=dates.get("until"))
        return user

    return make


@pytest.fixture
def sign_in(person: Callable[..., User]) -> SignIn:
    """A browser of somebody with a role: `sign_in(Role.DIRECTOR, "dcm_milano")`."""

    def make(role: Role | None = None, structure: str = "nazionale") -> Client:
        client = Client()
        client.force_login(person(role, structure))
        return client

    return make
