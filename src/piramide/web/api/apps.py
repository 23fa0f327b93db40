"""The application of the interface for programs."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The interface for programs."""

    name = "piramide.web.api"
    label = "api"
