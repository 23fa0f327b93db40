"""The application of the plan."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Versions and drafts of the plan."""

    name = "piramide.web.plans"
    label = "plans"

    def ready(self) -> None:
        """Tell the home page what waits here: models can be read only now."""
        import_module("piramide.web.plans.duties")
