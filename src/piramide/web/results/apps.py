"""The application of kept runs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ResultsConfig(AppConfig):
    """Kept runs. Every room may say in a module `prepared` which of its pages are made with a run."""

    name = "piramide.web.results"
    label = "results"

    def ready(self) -> None:
        """Know the pages of every room."""
        autodiscover_modules("prepared")
