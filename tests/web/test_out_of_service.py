"""The database gone or held too long: said in words, to people and to programs, without its own words."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client

from piramide.web.api import problems
from piramide.web.results.models import RunRecord
from piramide.web.structures import views as structures_views


@pytest.mark.parametrize("failure", [OperationalError("database is locked"), InterfaceError("connection closed")])
def test_a_page_says_that_nothing_was_saved_and_when_to_ask_again(
    runs: list[RunRecord], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(structures_views, "access", fail)
        answer = Client(raise_request_exception=False).get("/strutture/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "non è stato salvato" in page
    assert str(failure) not in page

    assert Client().get("/strutture/").status_code == 200


def test_the_interface_for_programs_says_so_too() -> None:
    answer = problems.on_fault(HttpRequest(), OperationalError("database is locked"))

    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "60", problems.MEDIA)
    assert b"locked" not in answer.content
