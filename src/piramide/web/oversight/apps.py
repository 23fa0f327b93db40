"""The application of oversight."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Oversight."""

    name = "piramide.web.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Let the home page know what waits for a decision."""
        import_module("piramide.web.oversight.duties")
