"""The application of open data."""

from __future__ import annotations

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    """Open data."""

    name = "piramide.web.opendata"
    label = "opendata"
