"""Keys that programs show instead of a person."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User


class Key(models.Model):
    """A key that a person made for a program: what it may do, on which structure, until when.

    The key itself is kept nowhere: `digest` is its SHA-256, `beginning` its first characters, to tell keys apart. It
    never lets do what its owner may not do that day.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(_("a che cosa serve"), max_length=100)
    beginning = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    actions = models.JSONField(_("che cosa permette"))
    structure = models.CharField(_("struttura"), max_length=100)
    made_at = models.DateTimeField(_("creata"), auto_now_add=True)
    ends_on = models.DateField(_("scade"))
    used_on = models.DateField(_("usata"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.beginning}…)"

    def holds_on(self, day: date) -> bool:
        """Whether it opens anything on `day`."""
        return self.revoked_at is None and day < self.ends_on and self.user.is_active

    @property
    def is_live(self) -> bool:
        """Whether it opens anything today."""
        return self.holds_on(timezone.localdate())
