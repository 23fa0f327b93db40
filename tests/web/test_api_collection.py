"""What programs write: an answer to a campaign, under the same rules as in the grid."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.api.keys import Wish, make_key
from piramide.web.audit.models import Entry
from piramide.web.collection.models import Ask, Campaign, Value
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.databases

Person = Callable[..., User]
BOTH = (Action.READ_RESULTS, Action.COLLECT)


def key_of(user: User, structure: str, *actions: Action) -> str:
    wish = Wish("carico", [a.value for a in actions or BOTH], structure, timezone.localdate() + timedelta(days=1))
    return make_key(user, wish)[1]


@pytest.fixture
def asks(runs: list[RunRecord], person: Person) -> list[Ask]:
    cache.clear()
    caches["requests"].clear()
    campaign = Campaign.objects.create(
        title="Quarto trimestre", period="2024-Q4", pack="inps-2024", due_on=timezone.localdate(),
        opened_by=person(Role.PLANNER),
    )  # fmt: skip
    return [
        Ask.objects.create(
            campaign=campaign, structure=structure, indicator="indice_deflusso", period="2024-Q4", place=place
        )
        for place, structure in enumerate(("dcm_milano", "liguria"))
    ]


def put(ask: Ask, key: str, body: object, **headers: str) -> Any:  # noqa: ANN401 - the client's answer
    if key:
        headers["Authorization"] = f"Bearer {key}"
    address = f"/api/v1/campaigns/{ask.campaign_id}/values/{ask.pk}"
    text = body if isinstance(body, str) else json.dumps(body)
    return Client().put(address, text, content_type="application/json", headers=headers)


def get(address: str, key: str) -> Any:  # noqa: ANN401 - the client's answer
    return Client().get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {key}"})


def test_it_shows_only_what_is_asked_of_the_structures_of_the_key(asks: list[Ask], person: Person) -> None:
    key = key_of(person(Role.DIRECTOR, "dcm_milano"), "dcm_milano")
    shown = get(f"campaigns/{asks[0].campaign_id}/values", key).json()["items"]

    assert [one["title"] for one in get("campaigns", key).json()["items"]] == ["Quarto trimestre"]
    assert [(one["structure"], one["value"], one["status"], one["version"]) for one in shown] == [
        ("dcm_milano", "", "missing", 0)
    ]
    other = key_of(person(Role.DIRECTOR, "puglia"), "puglia")
    assert get("campaigns", other).json()["items"] == []
    assert get(f"campaigns/{asks[0].campaign_id}/values", other).status_code == 404


def test_it_keeps_an_answer_exact_and_writes_it_in_the_register(asks: list[Ask], person: Person) -> None:
    user = person(Role.DATA_OWNER)
    written = put(asks[0], key_of(user, "nazionale"), {"value": "1.0123456789012345678", "version": 0})

    assert (written.status_code, written.json()["value"]) == (200, "1.0123456789012345678")
    assert Value.objects.get().by == user
    entry = Entry.objects.get(verb="value.written")
    assert entry.structure == "dcm_milano"
    assert user.email in entry.who


def test_it_takes_numbers_one_way_whatever_the_language(asks: list[Ask], person: Person) -> None:
    key = key_of(person(Role.DATA_OWNER), "nazionale")

    for language in ("it", "en"):
        body = {"value": "1.234", "version": asks[0].current_id or 0}
        assert put(asks[0], key, body, **{"Accept-Language": language}).json()["value"] == "1.234"
        asks[0].refresh_from_db()
    for wrong in ("1,5", "1e5", "95%", "=1", " 1", "NaN"):
        assert put(asks[0], key, {"value": wrong, "version": 0}).status_code == 422


def test_an_answer_sent_twice_changes_nothing_and_one_that_comes_late_is_refused(
    asks: list[Ask], person: Person
) -> None:
    key = key_of(person(Role.DATA_OWNER), "nazionale")
    first = put(asks[0], key, {"value": "1.01", "version": 0})
    again = put(asks[0], key, {"value": "1.01", "version": 0})
    late = put(asks[0], key, {"value": "1.02", "version": 0})
    after = put(asks[0], key, {"value": "1.02", "version": first.json()["version"]})

    assert [answer.status_code for answer in (first, again, late, after)] == [200, 200, 409, 200]
    assert first.json() == again.json()
    assert late.json()["findings"][0]["code"] == "CO014"
    assert Value.objects.count() == 2


def test_no_value_needs_its_reason(asks: list[Ask], person: Person) -> None:
    key = key_of(person(Role.DATA_OWNER), "nazionale")
    body = {"value": "", "status": "not_applicable", "version": 0}

    assert put(asks[0], key, body).json()["findings"][0]["code"] == "CO018"
    assert put(asks[0], key, body | {"note": "Ufficio chiuso."}).json()["status"] == "not_applicable"


def test_only_who_may_collect_there_writes(asks: list[Ask], person: Person) -> None:
    body = {"value": "1", "version": 0}
    milan = person(Role.DIRECTOR, "dcm_milano")

    assert put(asks[0], "", body).status_code == 401
    assert put(asks[1], key_of(milan, "dcm_milano"), body).status_code == 404
    assert put(asks[0], key_of(milan, "dcm_milano", Action.READ_RESULTS), body).status_code == 403
    assert put(asks[0], key_of(person(Role.AUDITOR), "nazionale"), body).status_code == 403
    assert not Value.objects.exists()


def test_a_closed_campaign_takes_nothing_more(asks: list[Ask], person: Person) -> None:
    Campaign.objects.update(closed_at=timezone.now())
    answer = put(asks[0], key_of(person(Role.DATA_OWNER), "nazionale"), {"value": "1", "version": 0})

    assert (answer.status_code, answer.json()["findings"][0]["code"]) == (409, "CO008")


@pytest.mark.parametrize(("body", "status"), [
    ("{", 400), ("[]", 422), ("{}", 422), ('{"value": 1, "version": 0}', 422), ('{"value": "1", "version": -1}', 422),
])  # fmt: skip
def test_a_body_that_is_not_as_it_must_be_is_told_where(
    asks: list[Ask], person: Person, body: str, status: int
) -> None:
    answer = put(asks[0], key_of(person(Role.DATA_OWNER), "nazionale"), body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
