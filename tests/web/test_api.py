"""The interface for programs: the same reads as the pages, the same guard, and errors that programs understand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from piramide.kernel.node_fields import FIELDS, INDEX_FIELDS, Of
from piramide.methodology.in_force import in_force
from piramide.methodology.names import names_of
from piramide.methodology.show import show
from piramide.scoring.explain import explain
from piramide.scoring.explain_print import as_json as explanation_as_json
from piramide.scoring.score_print import as_json as scores_as_json
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.api import endpoints, limits
from piramide.web.api.keys import Wish, make_key
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

ROOT = "/api/v1/"
Person = Callable[..., User]
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _fresh_windows(db: None) -> None:
    cache.clear()
    caches["requests"].clear()


def ask(path: str, key: str = "", **headers: str) -> Any:  # noqa: ANN401 - the client's answer
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return Client().get(ROOT + path, headers=headers)


def told(path: str, key: str = "") -> Any:  # noqa: ANN401 - whatever JSON holds
    answer = ask(path, key)
    assert answer.status_code == 200, (path, answer.content)
    return answer.json()


def key_for(user: User, structure: str = "nazionale", *actions: Action) -> str:
    wish = Wish("prova", [a.value for a in actions or (Action.READ_RESULTS,)], structure,
                timezone.localdate() + timedelta(days=30))  # fmt: skip
    return make_key(user, wish)[1]


def test_it_gives_the_sheet_as_the_command_prints_it(runs: list[RunRecord]) -> None:
    opened = opened_runs().opened(runs[1].run)
    expected = scores_as_json(runs[1].run, opened.scores, names_of(opened.pack))
    mine = next(s for s in expected["structures"] if s["id"] == "dcm_milano")
    answer = told(f"runs/{runs[1].run}/structures/dcm_milano")

    assert {name: answer[name] for name in mine} == json.loads(json.dumps(mine))
    assert (answer["run"], answer["period"], answer["demonstration"]) == (runs[1].run, "2024-Q3", True)


def test_it_tells_a_number_as_the_command_does(runs: list[RunRecord]) -> None:
    opened = opened_runs().opened(runs[1].run)
    expected = explain(opened.pack, opened.scores, "dcm_milano", "indice_deflusso", language="it", values=opened.values)
    path = f"runs/{runs[1].short}/structures/dcm_milano/nodes/indice_deflusso/explanation"

    assert told(path) == json.loads(json.dumps(explanation_as_json(expected)))
    assert ask(path, **{"Accept-Language": "en"}).json()["sentence"] != expected.sentence
    assert told(f"runs/{runs[1].short}/structures/dcm_milano/explanation")["node"] == "dcm_milano"


def test_it_gives_the_plan_as_the_command_prints_it(db: None) -> None:
    expected = next(s for s in show(plan())["structures"] if s["id"] == "dcm_milano")

    assert told("plan/structures/dcm_milano") == json.loads(json.dumps(expected))
    assert told("plan")["hash"] == plan().hash
    assert told("plan")["structures"] == list(plan().sheets)


def test_it_gives_indicators_with_their_quality_and_their_values(runs: list[RunRecord]) -> None:
    indicator = in_force(plan()).indicators["indice_deflusso"]
    scored = opened_runs().opened(runs[1].run).scores.structures
    values = told(f"runs/{runs[1].run}/indicators/indice_deflusso/values?limit=200")["items"]

    assert told("indicators/indice_deflusso")["formula"] == indicator.formula
    assert told("indicators/indice_deflusso")["quality"]["limits"] == indicator.quality.limits
    assert {(v["structure"], v["node"]): v["value"] for v in values} == {
        (s.id, n.id): n.value for s in scored for n in s.nodes if n.indicator == "indice_deflusso"
    }


def test_it_gives_the_organisation_by_kind_and_by_what_stands_above(runs: list[RunRecord]) -> None:
    dcm = told("structures?kind=dcm&limit=200")["items"]
    below = told("structures?parent=lombardia&limit=200")["items"]
    scored = told("runs/latest/structures?kind=dcm")["items"]

    assert {one["kind"] for one in dcm} == {"dcm"}
    assert {one["parent"] for one in below} == {"lombardia"}
    assert "dcm_milano" in {one["id"] for one in scored} <= {one["id"] for one in dcm}
    assert told("structures/dcm_milano")["label"] == "DCM Milano"


def test_every_page_of_a_list_leads_to_the_next(runs: list[RunRecord]) -> None:
    seen, address, pages = [], f"{ROOT}runs/latest/structures?limit=40", 0
    while address:
        answer = Client().get(address)
        seen += [one["id"] for one in answer.json()["items"]]
        links = [part.split("; ") for part in answer["Link"].split(", ")]
        following = next((where.strip("<>") for where, what in links if what == 'rel="next"'), "")
        assert bool(following) is (answer.json()["next_cursor"] is not None)
        address, pages = following.removeprefix(settings.CONFIGURATION.origin), pages + 1

    assert seen == list(opened_runs().outline(runs[1].run).structures)
    assert pages == -(-len(seen) // 40)


def test_a_cursor_of_another_list_is_refused(runs: list[RunRecord]) -> None:
    cursor = told("structures?limit=1")["next_cursor"]
    answer = ask(f"runs?cursor={cursor}")

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert ask("runs?cursor=àà").status_code == 422
    assert ask("runs?limit=0").status_code == 422
    assert ask("runs?limit=201").json()["errors"][0]["field"].endswith("limit")


def test_what_is_not_published_is_read_only_by_who_may(runs: list[RunRecord], person: Person) -> None:
    milan = key_for(person(Role.DIRECTOR, "dcm_milano"), "dcm_milano")
    hidden = f"runs/{runs[2].run}"

    assert [one["run"] for one in told("runs")["items"]] == [runs[1].run, runs[0].run]
    assert told("runs", milan)["items"][0]["run"] == runs[2].run
    assert ask(hidden).status_code == 401
    assert told(hidden, milan)["files"] == []
    assert told(f"{hidden}/structures/dcm_milano", milan)["id"] == "dcm_milano"
    assert ask(f"{hidden}/structures/liguria", milan).status_code == 403
    assert ask(f"{hidden}/structures/liguria/explanation", milan).status_code == 403
    assert [one["id"] for one in told(f"{hidden}/structures", milan)["items"]] == ["dcm_milano", "fm_milano"]
    values = told(f"{hidden}/indicators/indice_deflusso/values", milan)["items"]
    assert {one["structure"] for one in values} <= {"dcm_milano", "fm_milano"}


def test_a_key_never_lets_do_more_than_it_says_nor_more_than_its_owner(runs: list[RunRecord], person: Person) -> None:
    planner, director = person(Role.PLANNER), person(Role.DIRECTOR, "dcm_milano")
    hidden = f"runs/{runs[2].run}/structures/"

    assert ask(f"{hidden}liguria", key_for(planner, "dcm_milano")).status_code == 403
    assert ask(f"{hidden}dcm_milano", key_for(planner, "dcm_milano")).status_code == 200
    assert ask(f"{hidden}dcm_milano", key_for(planner, "nazionale", Action.COLLECT)).status_code == 403
    assert ask(f"{hidden}liguria", key_for(director, "nazionale")).status_code == 403
    key = key_for(director, "dcm_milano")
    director.grants.update(revoked_at=timezone.now())
    assert ask(f"{hidden}dcm_milano", key).status_code == 403


def test_a_session_of_the_site_opens_nothing_here(runs: list[RunRecord], sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.PLANNER).get(f"{ROOT}runs/{runs[2].run}").status_code == 401


@pytest.mark.parametrize("text", ["pir_nonce", "altro", "", "pir_" + "x" * 43])
def test_a_key_that_is_none_is_told_so(text: str) -> None:
    answer = Client().get(f"{ROOT}plan", headers={"Authorization": f"Bearer {text}"})

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


@pytest.mark.parametrize(("path", "status"), [
    ("nulla", 404), ("runs/00000000", 404), ("runs/ABC", 422), ("runs/latest/structures/atlantide", 404),
    ("runs/latest/structures/dcm_milano/nodes/nulla/explanation", 404), ("structures/atlantide", 404),
    ("indicators/nulla", 404), ("runs/latest/indicators/nulla/values", 404), ("plan/structures/atlantide", 404),
    ("key", 401), ("campaigns", 401), ("structures?day=ieri", 422),
])  # fmt: skip
def test_every_error_is_a_problem_in_the_language_asked_for(runs: list[RunRecord], path: str, status: int) -> None:
    answer, english = ask(path), ask(path, **{"Accept-Language": "en-GB,en;q=0.9"})

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status
    assert answer.json()["detail"] != english.json()["detail"]
    assert english["Content-Language"] == "en"


def test_another_method_is_told_which_ones_there_are(runs: list[RunRecord]) -> None:
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(Client(), method)(f"{ROOT}runs")
        assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, PROBLEM, "GET, HEAD, OPTIONS")
    asked = Client().options(f"{ROOT}campaigns/1/values/1")
    assert (asked.status_code, asked["Allow"], asked.content) == (204, "OPTIONS, PUT", b"")
    assert Client().options(f"{ROOT}nulla").status_code == 404


def test_a_head_is_a_get_without_its_body(runs: list[RunRecord]) -> None:
    whole, head = ask("plan"), Client().head(f"{ROOT}plan")

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]
    assert head["Content-Length"] == str(len(whole.content))


def test_what_did_not_change_is_not_sent_again(runs: list[RunRecord], person: Person) -> None:
    first = ask("runs/latest/structures/dcm_milano")
    again = ask("runs/latest/structures/dcm_milano", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60"
    assert ask("runs/latest", key_for(person(Role.OIV)))["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]


def test_who_asks_too_much_is_told_when_to_come_back(
    runs: list[RunRecord], person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FOR_EVERYBODY", 2)
    key = key_for(person(Role.OIV))
    answers = [ask("plan") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2]["Content-Type"] == PROBLEM
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert ask("plan", key)["X-RateLimit-Limit"] == str(limits.WITH_A_KEY)
    assert Client(REMOTE_ADDR="192.0.2.7").get(f"{ROOT}plan").status_code == 200


def test_the_address_of_who_asks_is_what_our_own_proxy_says(
    runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FOR_EVERYBODY", 1)
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, proxies=1))

    assert ask("plan", **{"X-Forwarded-For": "203.0.113.1"}).status_code == 200
    assert ask("plan", **{"X-Forwarded-For": "10.0.0.1, 203.0.113.1"}).status_code == 429
    assert ask("plan", **{"X-Forwarded-For": "203.0.113.2"}).status_code == 200


def test_a_fault_is_a_problem_without_a_trace(runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError("segreto")

    monkeypatch.setattr(endpoints, "find_run", broken)
    answer = ask("runs/latest")

    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert b"segreto" not in answer.content


def test_any_site_may_read_what_is_published(runs: list[RunRecord]) -> None:
    assert ask("plan")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in ask("plan").headers


def test_the_page_lists_every_operation(db: None) -> None:
    page = Client().get("/api/").content.decode()
    document = Client().get(f"{ROOT}openapi.json").json()

    assert all(f"</strong> {path}</code>" in page for path in document["paths"])
    assert "<script>" not in page
    assert "Runs whose results can be read" not in page
    assert "The runs that can be read" in Client().get("/en/api/").content.decode()


def test_the_shapes_of_a_sheet_have_every_field_of_the_declaration() -> None:
    schemas = Client().get(f"{ROOT}openapi.json").json()["components"]["schemas"]
    node = schemas["ScoredNode"]
    assert list(node["properties"]) == [one.name for one in FIELDS]
    assert set(node["required"]) == {one.name for one in FIELDS if one.is_required}
    assert {name: told["description"] for name, told in node["properties"].items()} == {
        one.name: one.words.meaning("en") for one in FIELDS
    }
    own = [one.name for one in FIELDS if one.of is Of.STRUCTURE]
    assert list(schemas["StructureIndex"]["properties"]) == own
    assert set(INDEX_FIELDS) <= set(schemas["Explanation"]["properties"])
    assert "null" not in str(node["properties"]["weight"])
