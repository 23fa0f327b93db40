"""Keys for programs: made on one's own account, shown once, kept as a digest, ended at will, always registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role
from piramide.web.api.keys import MOST_KEYS, Wish, make_key
from piramide.web.api.models import Key
from piramide.web.audit.models import Entry

pytestmark = pytest.mark.databases

KEYS = "/api/chiavi/"
WISHED = {"label": "carico di notte", "actions": ["read_results"], "structure": "dcm_milano", "days": "90"}
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _fresh_windows(db: None) -> None:
    cache.clear()
    caches["requests"].clear()


def made_by(client: Client, **changes: object) -> str:
    page = client.post(KEYS, WISHED | changes).content.decode()
    found = re.search(r'class="api-key">(pir_[^<]+)<', page)
    return found[1] if found else ""


def opens(text: str) -> int:
    return Client().get("/api/v1/key", headers={"Authorization": f"Bearer {text}"}).status_code


def test_a_key_is_shown_once_and_kept_as_a_digest(sign_in: SignIn) -> None:
    client = sign_in(Role.DIRECTOR, "dcm_milano")
    text = made_by(client)
    key = Key.objects.get()

    assert opens(text) == 200
    assert text not in client.get(KEYS).content.decode()
    assert "carico di notte" in client.get(KEYS).content.decode()
    assert text not in {str(value) for value in vars(key).values()}
    assert key.ends_on == timezone.localdate() + timedelta(days=90)
    assert "no-store" in client.post(KEYS, WISHED)["Cache-Control"]


def test_a_key_tells_what_it_lets_do_and_not_whose_it_is(sign_in: SignIn) -> None:
    text = made_by(sign_in(Role.DIRECTOR, "dcm_milano"))
    told = Client().get("/api/v1/key", headers={"Authorization": f"Bearer {text}"}).json()

    assert told["actions"] == ["read_results"]
    assert told["structure"] == "dcm_milano"
    assert set(told) == {"label", "actions", "structure", "ends_on"}


def test_making_and_ending_a_key_is_written_in_the_register(sign_in: SignIn) -> None:
    client = sign_in(Role.DIRECTOR, "dcm_milano")
    text = made_by(client)
    key = Key.objects.get()
    assert "Revocare la chiave" in client.get(f"{KEYS}{key.pk}/revoca/").content.decode()
    client.post(f"{KEYS}{key.pk}/revoca/")

    assert opens(text) == 401
    assert [entry.verb for entry in Entry.objects.order_by("number")] == ["key.made", "key.revoked"]
    assert not [entry for entry in Entry.objects.all() if text in str(vars(entry))]
    assert client.post(f"{KEYS}{key.pk}/revoca/").status_code == 404


def test_a_key_ends_by_itself_and_with_its_owner(person: Callable[..., User]) -> None:
    owner = person(Role.OIV)
    today = timezone.localdate()
    _over, ended = make_key(owner, Wish("finita", ["read_results"], "nazionale", today))
    _live, text = make_key(owner, Wish("viva", ["read_results"], "nazionale", today + timedelta(days=1)))

    assert (opens(ended), opens(text)) == (401, 200)
    assert Key.objects.get(label="viva").used_on == today
    User.objects.update(is_active=False)
    assert opens(text) == 401


def test_nobody_makes_a_key_for_more_than_they_may(sign_in: SignIn) -> None:
    client = sign_in(Role.DIRECTOR, "dcm_milano")

    assert not made_by(client, structure="liguria")
    assert not made_by(client, actions=["adopt_plan"])
    assert not made_by(client, days="5000")
    assert not made_by(client, actions=[])
    assert not Key.objects.exists()


def test_who_has_no_role_is_told_that_none_is_needed(sign_in: SignIn) -> None:
    assert "Ciò che è pubblicato si legge senza" in sign_in().get(KEYS).content.decode()


def test_nobody_sees_or_ends_the_keys_of_somebody_else(sign_in: SignIn) -> None:
    made_by(sign_in(Role.DIRECTOR, "dcm_milano"))
    other = sign_in(Role.PLANNER)
    key = Key.objects.get()

    assert "carico di notte" not in other.get(KEYS).content.decode()
    assert other.post(f"{KEYS}{key.pk}/revoca/").status_code == 404
    assert Client().get(KEYS).status_code == 302
    assert Client().post(f"{KEYS}{key.pk}/revoca/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is None


def test_there_is_an_end_to_how_many_keys_one_has(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(Role.PLANNER)
    monkeypatch.setattr("piramide.web.api.views.MOST_KEYS", 1)

    assert made_by(client)
    assert not made_by(client)
    assert "Hai già troppe chiavi" in client.post(KEYS, WISHED).content.decode()
    assert MOST_KEYS > 1
