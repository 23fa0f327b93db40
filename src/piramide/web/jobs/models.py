"""A piece of long work and what became of it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User

SILENCE: Final = timedelta(seconds=30)
"""A worker that has said nothing for so long while a job runs is dead."""


class State(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("in attesa")
    RUNNING = "running", _("in corso")
    DONE = "done", _("fatto")
    REFUSED = "refused", _("non fatto")
    FAILED = "failed", _("interrotto da un errore")
    CANCELLED = "cancelled", _("annullato")
    DEAD = "dead", _("interrotto: chi lo svolgeva non risponde più")


LIVE: Final = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One piece of work of a kind: who asked for it and with which arguments, how far it is, what came of it.

    `heard_at` is when the worker last gave a sign of life. `again` names the job that this one repeats.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    structure = models.CharField(max_length=100, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="jobs")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    outcome = models.TextField(blank=True)
    address = models.CharField(max_length=400, blank=True)
    again = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="repeats")

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [models.Index(fields=["state", "heard_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE

    @property
    def can_repeat(self) -> bool:
        """Whether it ended without doing its work."""
        return self.state in {State.REFUSED, State.FAILED, State.CANCELLED, State.DEAD}

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; `None` while that is unknown."""
        return min(100, 100 * self.done // self.total) if self.total else None


def bury_the_dead() -> int:
    """Mark running jobs whose worker fell silent; their number."""
    silent = Job.objects.filter(state=State.RUNNING, heard_at__lt=timezone.now() - SILENCE)
    return silent.update(state=State.DEAD, ended_at=timezone.now())
