"""The application of kept runs."""

from __future__ import annotations

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """Kept runs."""

    name = "piramide.web.results"
    label = "results"
