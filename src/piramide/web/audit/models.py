"""One row of the register of changes."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One change. `hash` covers every other field and `previous`, the hash of the row before: the chain.

    `number` counts from 1 without holes; `before` and `after` are what changed, as JSON; `act` names the act that
    decided it, where one did. People stand as e-mail and name of that day, so that the row outlives the account.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("quando"))
    who = models.CharField(_("chi"), max_length=400)
    verb = models.CharField(_("che cosa"), max_length=60)
    subject = models.CharField(_("su che cosa"), max_length=300)
    structure = models.CharField(_("struttura"), max_length=100, blank=True)
    before = models.JSONField(_("prima"), null=True)
    after = models.JSONField(_("dopo"), null=True)
    reason = models.TextField(_("perché"), blank=True)
    act = models.CharField(_("atto"), max_length=300, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        verbose_name = _("modifica")
        verbose_name_plural = _("registro delle modifiche")

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append; a row that is there is never written again."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: the register only grows."""
        raise TypeError("The register of changes only grows")
