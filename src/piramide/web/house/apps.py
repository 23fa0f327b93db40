"""The application of the frame."""

from __future__ import annotations

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The frame of every page."""

    name = "piramide.web.house"
    label = "house"
