"""The application of background jobs."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Background jobs. Every room may say what it does in a module `work`."""

    name = "piramide.web.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Know the work of every room."""
        autodiscover_modules("work")
