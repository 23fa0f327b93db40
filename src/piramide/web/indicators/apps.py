"""The application of indicators."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators."""

    name = "piramide.web.indicators"
    label = "indicators"
