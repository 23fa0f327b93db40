"""The application of people and roles."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and roles."""

    name = "piramide.web.accounts"
    label = "accounts"
