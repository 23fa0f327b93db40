"""The map of the site is whole and true: what is new in the site must be put in it, and so is walked."""

from __future__ import annotations

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from piramide.web.accounts.models import Grant
from piramide.web.accounts.roles import Role
from tests.web.browser import site_map
from tests.web.browser.furniture import Furnished


def test_every_address_of_the_site_is_in_the_map() -> None:
    known = site_map.mapped()

    assert [name for name in site_map.names() if name not in known and not name.startswith(site_map.MACHINES)] == []
    assert sorted(known - set(site_map.names())) == []


@pytest.fixture
def everybody(furnished: Furnished) -> Client:
    """Somebody who holds every role, everywhere."""
    user = furnished.site.person(Role.PLANNER)
    for role in Role:
        Grant.objects.create(user=user, role=role, structure="nazionale", since="2024-01-01")
    client = Client()
    client.force_login(user)
    return client


def is_page(answer: HttpResponseBase) -> bool:
    """Whether somebody reads it in a browser."""
    return answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_the_map_calls_no_page_is_none(everybody: Client, furnished: Furnished) -> None:
    def asked(addresses: tuple[str, ...]) -> dict[str, HttpResponseBase]:
        return {address: everybody.get(site_map.fill(address, furnished.made)) for address in addresses}

    posted, elsewhere, files = asked(site_map.POSTED), asked(site_map.ELSEWHERE), asked(site_map.FILES)

    assert [address for address, answer in posted.items() if answer.status_code != 405] == []
    assert [address for address, answer in elsewhere.items() if answer.status_code != 302] == []
    assert [address for address, answer in files.items() if answer.status_code != 200 or is_page(answer)] == []
    for picture, page in site_map.DRAWN.items():
        shown = everybody.get(site_map.fill(page, furnished.made)).content.decode()
        address = site_map.fill(picture, furnished.made)
        assert (everybody.get(address).status_code == 200) == (f'src="{address}' in shown)
