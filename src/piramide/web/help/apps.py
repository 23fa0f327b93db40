"""The application of help and of the statements that the law asks for."""

from __future__ import annotations

from django.apps import AppConfig


class HelpConfig(AppConfig):
    """Help, glossary, accessibility, privacy."""

    name = "piramide.web.help"
    label = "help"
