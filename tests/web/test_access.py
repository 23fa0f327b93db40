"""Roles hold on a subtree for a time; a run that is not published is for who may read the structure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.access import access_of
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Action, Role
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord

DAY = date(2024, 12, 31)
People = Callable[..., User]


def test_it_lets_a_director_act_on_the_own_subtree_only(person: People) -> None:
    mine = access_of(person(Role.DIRECTOR, "lombardia"), DAY, organisation_on(DAY))
    assert mine.may(Action.CONFIRM, "lombardia")
    assert mine.may(Action.CONFIRM, "prov_bergamo")
    assert not mine.may(Action.CONFIRM, "piemonte")
    assert not mine.may(Action.CONFIRM, "nazionale")
    assert not mine.may(Action.PUBLISH)


def test_nobody_may_anything_everywhere_where_there_is_no_organisation() -> None:
    nowhere = access_of(None, DAY, OrganisationOnDay(DAY, {}))
    assert not any(nowhere.may_everywhere(action) for action in Action)


def test_the_organisation_is_kept_for_days_of_the_plan_alone() -> None:
    assert organisation_on(date(1, 1, 1)) is organisation_on(date(1000, 1, 1))
    assert organisation_on(date(9999, 12, 31)) is organisation_on(date(5000, 1, 1))


@pytest.mark.parametrize(("since", "until", "holds"), [
    (date(2024, 1, 1), None, True),
    (date(2024, 1, 1), date(2024, 12, 31), False),
    (date(2024, 1, 1), date(2025, 1, 1), True),
    (date(2025, 1, 1), None, False),
])  # fmt: skip
def test_it_holds_from_the_first_day_until_the_one_excluded(
    person: People, since: date, until: date | None, holds: bool
) -> None:
    user = person(Role.DIRECTOR, "lombardia", since=since, until=until)
    assert access_of(user, DAY, organisation_on(DAY)).may(Action.READ_RESULTS) is holds


def test_it_ends_a_delegation_with_the_role_it_comes_from(person: People) -> None:
    giver = person(Role.DIRECTOR, "lombardia", until=date(2024, 6, 30))
    deputy = person()
    Grant.objects.create(
        user=deputy,
        role=Role.DIRECTOR,
        structure="prov_bergamo",
        since=date(2024, 1, 1),
        delegated_from=giver.grants.get(),
    )
    organisation = organisation_on(DAY)
    assert access_of(deputy, date(2024, 6, 29), organisation).may(Action.CONFIRM, "prov_bergamo")
    assert not access_of(deputy, DAY, organisation).may(Action.CONFIRM, "prov_bergamo")


def test_it_shows_everybody_the_newest_published_run_and_a_director_the_one_still_to_publish(
    runs: list[RunRecord], sign_in: Callable[..., Client]
) -> None:
    assert "3° trimestre 2024" in Client().get("/strutture/").content.decode()
    assert "4° trimestre 2024" in sign_in(Role.PLANNER).get("/strutture/").content.decode()
    assert Client().get("/strutture/", {"run": runs[-1].run[:12]}).status_code == 403
    assert Client().get("/strutture/", {"run": "f" * 12}).status_code == 404
