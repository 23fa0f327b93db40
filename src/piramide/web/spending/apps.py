"""The application of spending."""

from __future__ import annotations

from django.apps import AppConfig


class SpendingConfig(AppConfig):
    """Chapters, forecasts and the transit account."""

    name = "piramide.web.spending"
    label = "spending"
