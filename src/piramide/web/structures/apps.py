"""The application of structures' sheets."""

from __future__ import annotations

from django.apps import AppConfig


class StructuresConfig(AppConfig):
    """Sheets of structures."""

    name = "piramide.web.structures"
    label = "structures"
