"""Every address of the site, for every role, on the own part, on another, on the whole, and for nobody.

`access_matrix.csv` is the matrix: a line an address. `who` is `public`, `published` (everybody on published runs, the
roles on what is not published yet), `signed_in`, `guarded` (the roles alone), `inside` (the object found decides) or
`key` (programs: their key decides); the file in `held_by` tests the last two. `on` says where a role must be held:
`anywhere`, on the `structure` of the address, or `everywhere`, on the top. An address without a line fails.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord

HERE = Path(__file__).parent
OWN, OTHER, TOP = "lombardia", "piemonte", "nazionale"
BELOW_OWN = "prov_bergamo"
NODE = "ieep"
REFUSED = {401, 403}
People = Callable[..., User]


@dataclass(frozen=True, slots=True)
class Line:
    """What is expected of an address."""

    page: str
    methods: tuple[str, ...]
    who: str
    on: str
    roles: frozenset[str]
    held_by: str

    def lets_in(self, role: str | None, place: str) -> bool:
        """Whether somebody with `role` held on `place` gets through."""
        if self.who == "signed_in":
            return True
        where = {"anywhere": {OWN, OTHER, TOP}, "structure": {OWN, TOP}, "everywhere": {TOP}}[self.on]
        return role in self.roles and place in where


def _lines() -> list[Line]:
    with (HERE / "access_matrix.csv").open(encoding="utf-8", newline="") as file:
        return [
            Line(
                row["page"], tuple(row["methods"].split()), row["who"], row["on"], frozenset(row["roles"].split()),
                row["held_by"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


LINES = {line.page: line for line in _lines()}


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, before + (f"{pattern.namespace}:" if pattern.namespace else ""))
        else:
            yield f"{before}{pattern.name}", pattern


PATTERNS = dict(_patterns(get_resolver()))


def test_every_address_of_the_site_has_a_line() -> None:
    assert sorted(set(PATTERNS) - set(LINES)) == [], "add their lines to tests/web/access_matrix.csv"
    assert sorted(set(LINES) - set(PATTERNS)) == []


@pytest.mark.parametrize("page", sorted(PATTERNS))
def test_its_guard_is_the_one_of_its_line(page: str) -> None:
    line, guard = LINES[page], getattr(PATTERNS[page].callback, "guarded_structure", "no guard")
    if line.who == "guarded":
        assert guard == {"anywhere": None, "everywhere": "*", "structure": "structure"}[line.on]
    else:
        assert guard == "no guard"


@pytest.mark.parametrize("page", sorted(page for page, line in LINES.items() if line.who in {"inside", "key"}))
def test_what_an_object_decides_is_tested_where_the_line_says(page: str) -> None:
    assert (HERE / LINES[page].held_by).is_file()


def _address(page: str, runs: list[RunRecord]) -> str:
    samples = {
        "structure": BELOW_OWN, "node": NODE, "indicator": NODE, "run": runs[0].run, "form": "md", "language": "it",
        "provider_id": "accesso", "uidb36": "1", "key": "x", "period": "2024-Q2",
    }  # fmt: skip
    converters = PATTERNS[page].pattern.converters
    groups = getattr(PATTERNS[page].pattern, "regex").groupindex  # noqa: B009 - of either kind of pattern
    arguments = {}
    for name in {*converters, *groups}:
        kind = type(converters[name]).__name__ if name in converters else ""
        arguments[name] = {"IntConverter": 999_999, "UUIDConverter": uuid.UUID(int=1)}.get(kind, samples.get(name, "x"))
    address = reverse(page, kwargs=arguments)
    return f"{address}?run={runs[-1].run}" if LINES[page].who == "published" else address


def _is_turned_away(answer: HttpResponseBase) -> bool:
    is_asked_to_sign_in = answer.status_code == 302 and "/accesso/login/" in answer.headers["Location"]
    return answer.status_code in REFUSED or is_asked_to_sign_in


def _ask(client: Client, method: str, address: str) -> HttpResponseBase:
    return client.generic(method, address, b"", "application/x-www-form-urlencoded")


WALKED = sorted(line.page for line in LINES.values() if line.who in {"guarded", "published", "signed_in"})


@pytest.mark.parametrize("role", list(Role.values))
def test_it_lets_each_role_do_what_its_line_says_and_no_more(role: str, runs: list[RunRecord], person: People) -> None:
    wrong = []
    for place in (OWN, OTHER, TOP):
        client = Client()
        client.force_login(person(Role(role), place))
        for page in WALKED:
            address = _address(page, runs)
            for method in LINES[page].methods:
                answer = _ask(client, method, address)
                expected = LINES[page].lets_in(role, place)
                if _is_turned_away(answer) is expected or answer.status_code >= 500:
                    wrong.append(f"{method} {page} as {role} of {place}: {answer.status_code}, expected {expected}")
    assert wrong == []


def test_it_lets_nobody_without_a_role_do_more_than_sign_in(runs: list[RunRecord], person: People) -> None:
    nobody, signed_in, wrong = Client(), Client(), []
    signed_in.force_login(person())
    for page in WALKED:
        address = _address(page, runs)
        for method in LINES[page].methods:
            if not _is_turned_away(_ask(nobody, method, address)):
                wrong.append(f"{method} {page} as nobody")
            if _is_turned_away(_ask(signed_in, method, address)) is (LINES[page].who == "signed_in"):
                wrong.append(f"{method} {page} as somebody without a role")
    assert wrong == []


@pytest.mark.parametrize("page", sorted(page for page, line in LINES.items() if line.who in {"public", "published"}))
def test_what_is_public_asks_nobody_to_sign_in(page: str, runs: list[RunRecord]) -> None:
    cache.clear()
    caches["requests"].clear()
    address = _address(page, runs).partition("?")[0]
    for method in LINES[page].methods:
        answer = _ask(Client(), method, address)
        assert answer.status_code < 500
        assert LINES[page].who == "public" or not _is_turned_away(answer)


@pytest.mark.parametrize("page", sorted(page for page, line in LINES.items() if line.who == "inside"))
def test_what_an_object_decides_is_not_for_nobody(page: str, runs: list[RunRecord]) -> None:
    for method in LINES[page].methods:
        assert _ask(Client(), method, _address(page, runs)).status_code in {302, 401, 403, 404, 405}


def test_it_finds_no_structure_that_does_not_exist(sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.PLANNER).get("/strutture/inesistente/").status_code == 404
