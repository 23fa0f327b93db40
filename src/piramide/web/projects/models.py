"""What people register of projects; what facts tell of them stays in the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User


class ProjectRecord(models.Model):
    """A project that people add to those that the plan prints."""

    code = models.CharField(_("codice"), max_length=60)
    structure = models.CharField(_("struttura"), max_length=100)
    title = models.CharField(_("titolo"), max_length=200)
    programme = models.CharField(_("programma"), max_length=60, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "structure"], name="registered_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ProjectStep(models.Model):
    """A step that somebody recorded, never changed: in the shape of the dataset `projects`, and who, when, why."""

    class Kind(TextChoices):
        """What happened."""

        PLANNED = "planned", _("prevista")
        DELIVERED = "delivered", _("consegnata")
        ATTESTED = "attested", _("attestata")
        VALIDATED = "validated", _("validata")
        REFUSED = "refused", _("respinta")

    project = models.CharField(max_length=60)
    structure = models.CharField(max_length=100)
    deliverable = models.CharField(max_length=60)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    progress = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(progress__gte=0) & Q(progress__lte=100), name="progress_from_0_to_100"),
            models.UniqueConstraint(
                fields=["project", "structure", "deliverable", "kind", "day"], name="one_step_of_a_kind_a_day"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "structure"])]

    def __str__(self) -> str:
        return f"{self.project}/{self.deliverable} {self.kind} {self.day}"
