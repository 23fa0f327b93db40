"""The application of quality."""

from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The quality dashboard."""

    name = "piramide.web.quality"
    label = "quality"
