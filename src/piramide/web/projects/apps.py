"""The application of projects."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The register of projects."""

    name = "piramide.web.projects"
    label = "projects"

    def ready(self) -> None:
        """Tell people what they owe; what tells it reads models, which are there only now."""
        import_module("piramide.web.projects.duties")
