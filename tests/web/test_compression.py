"""Answers are compressed where nothing stands before the site, once for the same bytes, and never where a secret is."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from piramide.web.accounts.roles import Role
from piramide.web.house import compression
from piramide.web.results.models import RunRecord

pytestmark = pytest.mark.django_db
GZIP = {"Accept-Encoding": "gzip, deflate"}
SHEET = "/strutture/dcm_milano/"
HEAVIEST = 350 * 1024
"""What a page may weigh the first time, compressed, without fonts."""


def test_it_compresses_a_page_for_who_accepts_it(runs: list[RunRecord]) -> None:
    plain, packed = Client().get(SHEET), Client().get(SHEET, headers=GZIP)

    assert runs
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) * 3 < len(plain.content)
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity", "gzip;q=0.0, br"])
def test_it_sends_the_page_as_it_is_to_who_does_not(runs: list[RunRecord], accepted: str) -> None:
    assert runs
    assert "Content-Encoding" not in Client().get(SHEET, headers={"Accept-Encoding": accepted}).headers


def test_it_knows_a_page_again_in_both_forms(runs: list[RunRecord]) -> None:
    plain, packed = Client().get(SHEET), Client().get(SHEET, headers=GZIP)

    assert runs
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        for form in ({}, GZIP):
            again = Client().get(SHEET, headers={"If-None-Match": tag, **form})
            assert (again.status_code, again.content) == (304, b"")


def test_it_compresses_the_same_bytes_once(runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    compression.COMPRESSED.clear()
    made: list[int] = []
    whole = gzip.compress

    def counted(content: bytes, level: int, *, mtime: float) -> bytes:
        made.append(len(content))
        return whole(content, level, mtime=mtime)

    monkeypatch.setattr("gzip.compress", counted)
    answers = [Client().get(SHEET, headers=GZIP).content for _time in range(3)]

    assert runs
    assert len(made) == 1
    assert len(set(answers)) == 1


@pytest.mark.parametrize("address", ["/accesso/login/", "/accesso/password/dimenticata/"])
def test_it_sends_pages_with_a_token_as_they_are(address: str) -> None:
    client = Client()
    for _time in range(2):  # with the cookie and without it
        answer = client.get(address, headers=GZIP)
        assert "Content-Encoding" not in answer.headers
        assert b"csrfmiddlewaretoken" in answer.content


def test_it_sends_forms_of_who_signed_in_as_they_are(runs: list[RunRecord], sign_in: Callable[..., Client]) -> None:
    client = sign_in(Role.PLANNER)
    seen = {"gzip": 0, "": 0}
    for address in ("/", SHEET, "/piano/", "/piano/bozze/nuova/", "/raccolta/apri/", "/lavori/", "/calendario/nuova/"):
        answer = client.get(address, headers=GZIP)
        coding = answer.headers.get("Content-Encoding", "")
        body = gzip.decompress(answer.content) if coding else answer.content
        seen[coding] += 1
        assert (b"csrfmiddlewaretoken" in body) <= (coding == ""), address

    assert runs
    assert min(seen.values()) > 0


def test_it_leaves_files_that_are_compressed_already(runs: list[RunRecord]) -> None:
    assert runs
    for form in ("pdf", "xlsx"):
        assert "Content-Encoding" not in Client().get(f"{SHEET}scheda.{form}", headers=GZIP).headers
    assert Client().get(f"{SHEET}scheda.csv", headers=GZIP).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("address", ["/", SHEET, "/indicatori/indice_deflusso/", "/strutture/", "/piano/confronto/"])
def test_a_page_weighs_little_the_first_time(runs: list[RunRecord], address: str) -> None:
    packed = Client().get(address, headers=GZIP)
    page = gzip.decompress(packed.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    found = [finders.find(name) for name in linked]

    assert runs
    assert len(linked) > 3
    assert None not in found
    files = sum(len(gzip.compress(Path(path).read_bytes(), 6)) for path in found if isinstance(path, str))
    assert len(packed.content) + files < HEAVIEST
