"""What was spent and how good the work was, from the facts behind a run."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.test import Client

from piramide.cycle.boards.spending import ForecastCell, TransitShare
from piramide.kernel.periods import Moment
from piramide.methodology.model import Checkpoint
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord
from tests.web.browser.furniture import FACTS

SignIn = Callable[..., Client]


@pytest.mark.parametrize(("share", "holds"), [
    ("0.039", True), ("0.04", True), ("0.041", False), ("-0.041", False), ("-0.039", True), (None, None),
])  # fmt: skip
def test_it_judges_the_transit_account_by_the_checkpoint_of_the_plan(share: str | None, holds: bool | None) -> None:
    point = Checkpoint("Q2", Fraction(-4, 100), Fraction(4, 100))
    assert TransitShare(point, None if share is None else Fraction(share)).holds is holds


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "told"), [
    ("/spesa/dcm_milano/", ("1 su 2 (1° trimestre 2024)", "1 su 2 (4° trimestre 2024)", "non passa", "9Z0000001")),
    ("/en/spesa/dcm_milano/", ("1 of 2 (", "does not pass", "Transit account")),
])  # fmt: skip
def test_the_page_tells_every_checkpoint_and_each_chapter(
    runs: list[RunRecord], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, address: str, told: tuple[str, ...]
) -> None:
    for name in ("measures_of", "spending_of", "transit_shares"):
        monkeypatch.setattr(f"piramide.web.spending.views.{name}", FACTS[f"piramide.web.spending.views.{name}"])
    cache.clear()

    page = sign_in(Role.DIRECTOR, "dcm_milano").get(address, {"run": runs[-1].run[:12]}).content.decode()

    assert [words for words in told if words not in page] == []
    cache.clear()


def test_it_says_that_a_chapter_without_forecast_and_use_was_not_judged() -> None:
    cell = ForecastCell(Moment(2024, 3), Decimal(0), Decimal(0), judged=0, passed=0)
    assert (cell.holds, cell.deviation) == (None, None)


@pytest.mark.parametrize("page", ["/qualita/nazionale/", "/spesa/piemonte/", "/en/qualita/nazionale/"])
def test_it_says_what_to_do_where_no_facts_were_loaded(runs: list[RunRecord], page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 200
    assert "lead" in answer.content.decode()


def test_it_knows_no_structure_that_does_not_exist(runs: list[RunRecord]) -> None:
    assert Client().get("/qualita/atlantide/").status_code == 404
    assert Client().get("/spesa/?struttura=atlantide").status_code == 404


@pytest.mark.parametrize("page", ["/spesa/", "/qualita/"])
def test_it_leads_to_the_structure_that_was_chosen_in_the_same_period(runs: list[RunRecord], page: str) -> None:
    answer = Client().get(page, {"struttura": "piemonte", "periodo": runs[0].period})
    assert answer.headers["Location"] == f"{page}piemonte/?periodo={runs[0].period}"
    odd = Client().get(page, {"struttura": "piemonte", "periodo": "2024-Q4&run=x", "altro": "y"})
    assert odd.headers["Location"] == f"{page}piemonte/?periodo=2024-Q4%26run%3Dx"


def test_it_keeps_an_unpublished_run_from_who_may_not_read_it(runs: list[RunRecord], sign_in: SignIn) -> None:
    wanted = {"run": runs[-1].run[:12]}
    director = sign_in(Role.DIRECTOR, "dcm_milano")
    assert director.get("/spesa/dcm_milano/", wanted).status_code == 200
    assert director.get("/spesa/piemonte/", wanted).status_code == 403
