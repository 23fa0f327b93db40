"""The application of the demonstration."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """What a site with invented data does by itself."""

    name = "piramide.web.demonstration"
    label = "demonstration"
