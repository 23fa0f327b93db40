"""The chain for programs: the shape of the contract, one line with what carries it, and whose results are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action, Role
from piramide.web.api.keys import Wish, make_key
from piramide.web.results.models import RunRecord

CHAIN = "/api/v1/plan/chain"
People = Callable[..., User]


def get(address: str, key: str = "", **asked: str) -> Any:  # noqa: ANN401 - the client's answer
    """The answer of the interface."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().get(address, asked, headers=headers)


def test_it_answers_in_the_shape_of_the_contract(runs: list[RunRecord]) -> None:
    told = get(CHAIN).json()

    assert set(told) == {"levels", "lines", "loose"}
    assert told["levels"][0] == {"id": "missione", "declared": 8, "listed": 8, "carried": 0}
    assert set(told["lines"][0]) == {"id", "level", "kind", "label", "under", "carries", "standing"}
    assert told["lines"][0]["standing"] is None
    assert len(told["loose"]["lines"]) == 24


@pytest.mark.parametrize("code", ["2021_IS.3", "2021_JS.3"])
def test_it_tells_where_a_line_is(runs: list[RunRecord], code: str) -> None:
    told = get(f"{CHAIN}/{code}", plan="inps-2021").json()

    assert (told["id"], told["plan"], told["level_label"]) == ("2021_IS.3", "inps-2021", "Linee strategiche del CIV")
    assert len(told["carries"]) == 13
    assert len({one["structure"] for one in told["carried_by"]}) == 6
    assert {one["state"] for one in told["carried_by"]} == {None}


def test_a_run_tells_how_what_carries_a_line_stands(runs: list[RunRecord]) -> None:
    told = get(f"{CHAIN}/lgg_6", run=runs[0].run[:12]).json()

    assert sum(told["standing"].values()) == len(told["carried_by"]) == 14
    below = [one for one in told["carried_by"] if one["state"] == "below"]
    assert len(below) == told["standing"]["below"]
    assert all(one["index"] < 100 for one in below)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"plan": "inps-1999"}, 404),
        ({"plan": "inps-2021", "run": "latest"}, 404),
        ({"run": "0" * 12}, 404),
        ({"run": "nothing"}, 422),
        ({"plan": "../inps"}, 422),
    ],
)
def test_what_is_not_there_is_told(runs: list[RunRecord], asked: dict[str, str], status: int) -> None:
    answer = get(CHAIN, **asked)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_line_is_not_found(runs: list[RunRecord]) -> None:
    assert get(f"{CHAIN}/2021_IS.99").status_code == 404


def test_what_is_not_published_is_for_who_reads_all_of_it(runs: list[RunRecord], person: People) -> None:
    def key(role: Role, place: str) -> str:
        until = timezone.localdate() + timedelta(days=1)
        return make_key(person(role, place), Wish("prova", [Action.READ_RESULTS], place, until))[1]

    unpublished = runs[-1].run

    assert get(CHAIN, run=unpublished).status_code == 401
    assert get(CHAIN, key(Role.DIRECTOR, "dcm_milano"), run=unpublished).status_code == 403
    assert get(CHAIN, key(Role.OIV, "nazionale"), run=unpublished).status_code == 200


def test_what_the_plan_asks_of_a_structure_holds_its_part_of_the_chain(runs: list[RunRecord]) -> None:
    told = get("/api/v1/plan/structures/dcm_milano").json()

    assert {link["kind"] for link in told["links"]} >= {"chain", "chapter"}
    assert "links" not in get("/api/v1/plan/structures/piemonte").json()
