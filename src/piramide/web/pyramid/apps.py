"""The application of the home page."""

from __future__ import annotations

from django.apps import AppConfig


class PyramidConfig(AppConfig):
    """The home page."""

    name = "piramide.web.pyramid"
    label = "pyramid"
