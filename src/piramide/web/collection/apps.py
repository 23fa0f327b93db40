"""The application of the collection."""

from __future__ import annotations

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """Collection by hand."""

    name = "piramide.web.collection"
    label = "collection"
