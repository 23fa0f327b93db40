"""The application of charts."""

from __future__ import annotations

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """Charts of every page."""

    name = "piramide.web.charts"
    label = "charts"
