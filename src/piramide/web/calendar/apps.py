"""The application of the calendar."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Deadlines, messages, digests."""

    name = "piramide.web.calendar"
    label = "calendar"

    def ready(self) -> None:
        """Tell the house what the calendar asks of people."""
        import_module("piramide.web.calendar.duties")
