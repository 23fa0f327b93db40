"""The application of the chain."""

from __future__ import annotations

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """The chain."""

    name = "piramide.web.strategy"
    label = "strategy"
