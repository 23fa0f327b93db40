"""Making, finding and revoking keys, and what a key lets do."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from piramide.web.accounts.access import Access, access_of
from piramide.web.accounts.models import User, named
from piramide.web.accounts.roles import Action
from piramide.web.api.models import Key
from piramide.web.audit.chain import Change, record
from piramide.web.plans_in_force import organisation_on

PREFIX: Final = "pir_"
BEGINNING: Final = 10
LONGEST_DAYS: Final = 365
MOST_KEYS: Final = 20
ACTIONS: Final = (Action.READ_RESULTS, Action.COLLECT)
"""What a key can be made for: what the interface does. Confirming values is a signature, which a person puts."""


@dataclass(frozen=True, slots=True)
class KeyAccess(Access):
    """What a person may do, narrowed to the actions of a key and to its structure and what is below."""

    actions: frozenset[str] = frozenset()
    below: str = ""

    def may(self, action: Action, structure: str | None = None) -> bool:
        """Whether the key and its owner are both allowed."""
        if action.value not in self.actions:
            return False
        if structure is not None:
            return self._covers(self.below, structure) and Access.may(self, action, structure)
        within = (s for s in self.organisation.structures if self._covers(self.below, s))
        return any(Access.may(self, action, one) for one in within)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks a key to be."""

    label: str
    actions: Sequence[str]
    structure: str
    ends_on: date


@transaction.atomic
def make_key(user: User, wish: Wish) -> tuple[Key, str]:
    """A new key and its text, which is shown once and kept nowhere."""
    text = PREFIX + secrets.token_urlsafe(32)
    key = Key.objects.create(
        user=user, label=wish.label, beginning=text[:BEGINNING], digest=digest(text), actions=sorted(wish.actions),
        structure=wish.structure, ends_on=wish.ends_on,
    )  # fmt: skip
    after = {"label": key.label, "actions": key.actions, "ends_on": key.ends_on.isoformat()}
    record(named(user), Change("key.made", f"key:{key.pk}", key.structure, after=after))
    return key, text


@transaction.atomic
def revoke_key(user: User, key: Key) -> None:
    """End a key for good; one that ended is left."""
    key = Key.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        return
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    record(named(user), Change("key.revoked", f"key:{key.pk}", key.structure, {"label": key.label}))


def digest(text: str) -> str:
    """What is kept of a key: its 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(text: str) -> Key | None:
    """The key with this text, if it opens anything today; the day of its use is noted."""
    if not text.startswith(PREFIX):
        return None
    today = timezone.localdate()
    key = Key.objects.select_related("user").filter(digest=digest(text)).first()
    if key is None or not key.holds_on(today):
        return None
    if key.used_on != today:
        Key.objects.filter(pk=key.pk).update(used_on=today)
    return key


def access_with(key: Key | None) -> Access:
    """What a request may do: with a key what it allows its owner, without one what everybody may."""
    today = timezone.localdate()
    organisation = organisation_on(today)
    if key is None:
        return access_of(None, today, organisation)
    own = access_of(key.user, today, organisation)
    return KeyAccess(own.user, own.roles, own.organisation, frozenset(key.actions), key.structure)
