"""What people did with runs. The runs themselves are in the store."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User


class RunRecord(models.Model):
    """A kept run as the site knows it: who made it and why, and since when everybody may read it.

    `ends_on` is the last day of its period (the order of periods); of two runs of one period the later one holds, but
    for one that `is_partial`: asked for some structures alone.
    `register_head` is that of the register of changes after the publication, which whoever downloads it keeps.
    """

    run = models.CharField(primary_key=True, max_length=64)
    pack = models.CharField(max_length=100)
    period = models.CharField(_("periodo"), max_length=10)
    ends_on = models.DateField()
    is_demonstration = models.BooleanField(default=False)
    is_partial = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("eseguita"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="runs_made")
    reason = models.CharField(_("motivo"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("pubblicata"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="runs_published"
    )
    publication_act = models.CharField(_("atto"), max_length=300, blank=True)
    register_head = models.CharField(_("testa del registro"), max_length=90, blank=True)

    class Meta:
        ordering: ClassVar = ["-ends_on", "-made_at"]
        indexes: ClassVar = [
            models.Index(fields=["-ends_on", "-made_at"]),
            models.Index(fields=["published_at", "made_at"], name="results_runs_that_moved"),  # see `known_runs`
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.run[:8]}"

    @property
    def short(self) -> str:
        """The id as pages print it."""
        return self.run[:8]

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.published_at is not None
