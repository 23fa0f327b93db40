"""The OpenAPI document says what the interface does: proven by asking it things that nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as examples
from schemathesis import Case, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.api import limits
from piramide.web.api.document import document_of
from piramide.web.api.keys import Wish, make_key
from piramide.web.api.middleware import ROOT
from piramide.web.api.service import api
from piramide.web.collection.models import Ask, Campaign
from piramide.web.results.models import RunRecord

MOST_EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
OPERATIONS = [
    (path, method) for path, methods in document_of(api, ROOT)["paths"].items() for method in methods
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_limits(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server closes what it left open between requests: here it would be the transaction of the test."""
    cache.clear()
    caches["requests"].clear()
    monkeypatch.setattr(limits, "FOR_EVERYBODY", 10**6)
    monkeypatch.setattr(limits, "WITH_A_KEY", 10**6)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def key_of(user: User) -> str:
    wish = Wish("prova", [Action.READ_RESULTS, Action.COLLECT], "nazionale", timezone.localdate() + timedelta(days=1))
    return make_key(user, wish)[1]


def real_ids(user: User, runs: list[RunRecord]) -> dict[str, Any]:
    """Something that is there for every name in an address."""
    campaign = Campaign.objects.create(
        title="Dicembre", period="2024-Q4", pack="inps-2024", due_on=timezone.localdate(), opened_by=user
    )
    ask = Ask.objects.create(
        campaign=campaign, structure="dcm_milano", indicator="indice_deflusso", period="2024-Q4", place=0
    )
    return {
        "run": runs[1].run, "structure": "dcm_milano", "node": "indice_deflusso", "indicator": "indice_deflusso",
        "campaign": campaign.pk, "value": ask.pk, "line": "lgg_6",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{m} {p}" for p, m in OPERATIONS])
def test_it_answers_as_the_document_says(
    runs: list[RunRecord], person: Callable[..., User], path: str, method: str
) -> None:
    planner = person(Role.PLANNER)
    operation = openapi.from_wsgi(f"{ROOT}openapi.json", WSGIHandler())[path][method.upper()]
    keys = ["", key_of(planner)]
    there = real_ids(planner, runs)

    @seed(20240101)
    @examples(
        max_examples=MOST_EXAMPLES, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def hold(case: Case[Any]) -> None:
        for key in keys:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            case.call_and_validate(headers=headers, checks=CHECKS)
            case.path_parameters = {name: there[name] for name in case.path_parameters or {}}

    hold()


def test_the_document_follows_the_italian_guidelines(db: None) -> None:
    document = Client().get(f"{ROOT}openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert set(document["info"]) >= {
        "title",
        "version",
        "description",
        "contact",
        "license",
        "termsOfService",
        "x-summary",
    }
    assert document["servers"][0]["url"] == f"{settings.CONFIGURATION.origin}/api/v1"
    assert "/status" in document["paths"]
    for path, methods in document["paths"].items():
        assert path == path.lower()
        for operation in methods.values():
            assert operation["operationId"]
            assert operation["summary"]
            assert {"404", "429", "500"} <= set(operation["responses"])
            assert "X-RateLimit-Limit" in operation["responses"]["200"]["headers"]
    problems = document["components"]["responses"].values()
    assert all(set(one["content"]) == {"application/problem+json"} for one in problems)
    assert "Retry-After" in document["components"]["responses"]["Problem429"]["headers"]


def breaches(document: dict[str, Any]) -> list[str]:
    """Where a document breaks the rules of the Italian guidelines on interoperability, each with its place."""
    found = [f"{place}: no format" for place in _without_format(document, "#")]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found += [
                f"{method} {path}: no {name}"
                for name in ("description", "summary", "operationId", "tags")
                if not operation.get(name)
            ]
    responses = document["components"]["responses"]
    found += [
        f"{name}: no Retry-After"
        for name in ("Problem429", "Problem503")
        if "Retry-After" not in responses[name]["headers"]
    ]
    contact = document["info"]["contact"]
    found += [] if re.fullmatch(r"https?://\S+/", contact["url"]) else ["contact: url"]
    found += [] if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact.get("email", "a@b.it")) else ["contact: email"]
    return found


def _without_format(shape: object, place: str) -> list[str]:
    if isinstance(shape, list):
        return [found for at, part in enumerate(shape) for found in _without_format(part, f"{place}/{at}")]
    if not isinstance(shape, dict):
        return []
    is_number = shape.get("type") in ("integer", "number")
    own = [place] if is_number and "format" not in shape else []
    return own + [found for name, part in shape.items() for found in _without_format(part, f"{place}/{name}")]


def test_the_document_breaks_no_rule_of_the_italian_guidelines(db: None) -> None:
    assert breaches(Client().get(f"{ROOT}openapi.json").json()) == []


def test_a_document_that_breaks_the_rules_is_seen(db: None) -> None:
    document = Client().get(f"{ROOT}openapi.json").json()
    document["info"]["contact"]["email"] = "accessibilita@localhost"
    del document["paths"]["/plan"]["get"]["description"]
    del document["components"]["schemas"]["Plan"]["properties"]["year"]["format"]
    del document["components"]["responses"]["Problem503"]["headers"]["Retry-After"]

    assert breaches(document) == [
        "#/components/schemas/Plan/properties/year: no format", "get /plan: no description",
        "Problem503: no Retry-After", "contact: email",
    ]  # fmt: skip


def test_no_shape_has_room_for_a_person(db: None) -> None:
    document = Client().get(f"{ROOT}openapi.json").json()
    fields = {name for shape in document["components"]["schemas"].values() for name in shape.get("properties", {})}

    assert not fields & {"email", "name", "user", "by", "made_by", "published_by", "who"}
