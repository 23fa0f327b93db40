"""The application of assignments."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    """The sheets that were handed out."""

    name = "piramide.web.assignments"
    label = "assignments"

    def ready(self) -> None:
        """Tell people what they owe; what tells it reads models, which are there only now."""
        import_module("piramide.web.assignments.duties")
