"""The application of the collection."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """Collection by hand."""

    name = "piramide.web.collection"
    label = "collection"

    def ready(self) -> None:
        """Tell people what they owe; what tells it reads models, which are there only now."""
        import_module("piramide.web.collection.duties")
