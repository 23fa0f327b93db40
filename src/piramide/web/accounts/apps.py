"""The application of people and roles."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and roles."""

    name = "piramide.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Have the register told who comes in."""
        import_module("piramide.web.accounts.entries").connect()  # its models are there only now
