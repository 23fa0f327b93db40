"""What watches the site is told how it does; who watches without the token is told nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.utils import ConnectionHandler
from django.test import Client

from piramide.web.house import health

KEY = "chiave"
pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_it_is_well_when_database_and_store_are_there(site_store: Path) -> None:
    answer = Client().get("/salute/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "store": "ok"})


def test_it_says_that_the_database_is_gone_and_that_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
    site_store: Path,
) -> None:
    def gone() -> None:
        raise DatabaseError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", gone)
        answer = Client().get("/salute/")
        assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
    assert Client().get("/salute/").status_code == 200


def test_an_empty_database_in_the_place_of_the_site_s_is_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})["default"]
    monkeypatch.setattr(health, "connection", empty)
    answer = Client().get("/salute/")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_it_gives_figures_only_to_who_has_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/metriche/").status_code == 404
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, metrics_token=KEY))
    assert Client().get("/metriche/", headers={"Authorization": "Bearer altra"}).status_code == 404
    Client().get("/salute/")
    Client().generic("BREW", "/salute/")
    figures = Client().get("/metriche/", headers={"Authorization": f"Bearer {KEY}"}).content.decode()
    assert 'piramide_requests_total{method="GET",page="health",status="200"}' in figures
    assert 'piramide_requests_total{method="other",page="health",status="405"}' in figures
    assert "BREW" not in figures
    assert "piramide_jobs" in figures
