"""What was spent and how good the work was, from the facts behind a run."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from piramide.cycle.spending import ForecastCell, TransitShare
from piramide.kernel.periods import Moment
from piramide.web.accounts.roles import Role
from piramide.web.results.models import RunRecord

SignIn = Callable[..., Client]


@pytest.mark.parametrize(("month", "used", "holds"), [
    (3, "104900", True), (3, "105000", True), (3, "106000", False), (9, "90000", True),
    (12, "90000", False), (12, "95000", True), (12, "106000", False),
])  # fmt: skip
def test_it_judges_a_forecast_as_the_rule_does(month: int, used: str, holds: bool) -> None:
    assert ForecastCell(Moment(2024, month), Decimal(100000), Decimal(used)).holds is holds


def test_it_counts_spending_without_forecast_as_outside() -> None:
    assert not ForecastCell(Moment(2024, 3), Decimal(0), Decimal(1)).holds
    assert ForecastCell(Moment(2024, 3), Decimal(0), Decimal(0)).holds


@pytest.mark.parametrize(("share", "most", "holds"), [(0.039, 0.04, True), (0.041, 0.04, False), (None, 0.04, None)])
def test_it_judges_the_transit_account_at_each_checkpoint(share: float | None, most: float, holds: bool | None) -> None:
    assert TransitShare("Q2", share, most, is_mandatory=False).holds is holds


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
