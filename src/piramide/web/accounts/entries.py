"""What the register says of coming in: entries, failures, passwords and second factors. Never a secret, nor an address.

A failure has a row only where it was for somebody who is registered: what strangers type is not kept for ever.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.http import HttpRequest

from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record


def connect() -> None:
    """Have the register told; once, when the site starts."""
    account.user_logged_in.connect(_entered, dispatch_uid="register.entered")
    for signal, how in ((account.password_changed, "changed"), (account.password_reset, "reset"),
                        (account.password_set, "set")):  # fmt: skip
        signal.connect(_password(how), weak=False, dispatch_uid=f"register.password.{how}")
    for signal, how in ((mfa.authenticator_added, "added"), (mfa.authenticator_removed, "removed"),
                        (mfa.authenticator_reset, "reset")):  # fmt: skip
        signal.connect(_second_factor(how), weak=False, dispatch_uid=f"register.second_factor.{how}")
    mfa.authentication_failed.connect(_second_factor_failed, dispatch_uid="register.second_factor.failed")


def entry_failed(email: str) -> None:
    """Note that somebody failed to come in as `email`, if that is a registered person."""
    if user := User.objects.filter(email=email.lower()).first():
        _note(None, user, "person.entry_failed")


def provider_connected(user: User, provider: str) -> None:
    """Note that a person came in through the institute's provider for the first time."""
    _note(user, user, "person.provider_connected", {"provider": provider})


def _entered(user: User, request: HttpRequest, **more: Any) -> None:  # noqa: ARG001 - the signal's signature
    _note(user, user, "person.entered", {"by": "provider" if more.get("sociallogin") else "password"})


def _password(how: str) -> Any:
    def noted(user: User, **_more: Any) -> None:
        _note(user, user, "person.password_changed", {"how": how})

    return noted


def _second_factor(how: str) -> Any:
    def noted(user: User, authenticator: Any = None, **_more: Any) -> None:
        _note(user, user, "person.second_factor_changed", {"how": how, "kind": str(getattr(authenticator, "type", ""))})

    return noted


def _second_factor_failed(user: User, **_more: Any) -> None:
    _note(None, user, "person.second_factor_failed")


def _note(who: User | None, user: User, verb: str, after: Any = None) -> None:
    record(named(who), Change(verb, f"person:{user.pk}", after=after))
