"""One row per structure, indicator and month."""

from __future__ import annotations

from django.db import models


class Result(models.Model):
    """A weighted index."""

    structure = models.CharField(max_length=100, db_index=True)
    node = models.CharField(max_length=100)
    label = models.CharField(max_length=300)
    month = models.DateField(db_index=True)
    weight = models.FloatField()
    index = models.FloatField(null=True)

    class Meta:
        """In an application of its own."""

        app_label = "web_plain"

    def __str__(self) -> str:
        """Structure, node and month."""
        return f"{self.structure} {self.node} {self.month}"
