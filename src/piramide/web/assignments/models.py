"""What people do with sheets: they issue them by an act, and acknowledge them. The files are in the store."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import Grant, User


class Issue(models.Model):
    """An act that gave sheets: `assignment` is its id in the store, `answer_by` the last day to acknowledge them."""

    assignment = models.CharField(max_length=64, unique=True)
    plan = models.CharField(_("piano"), max_length=100)
    plan_hash = models.CharField(max_length=80)
    number = models.CharField(_("numero dell'atto"), max_length=100)
    act_day = models.DateField(_("data dell'atto"))
    issuer = models.CharField(_("organo"), max_length=200, blank=True)
    protocol = models.CharField(_("protocollo"), max_length=100, blank=True)
    signed_by = models.CharField(_("firmato da"), max_length=200, blank=True)
    is_signed = models.BooleanField(default=False)
    holds_from = models.DateField(_("gli obiettivi valgono dal"))
    answer_by = models.DateField(_("presa visione entro il"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.act_day}"


class AssignedSheet(models.Model):
    """The sheet of a structure for a year, as one act gave it; `content` is the digest of what it asks.

    Of a structure and a year one is current; each other names the one that replaced it.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="sheets")
    structure = models.CharField(_("struttura"), max_length=100)
    year = models.PositiveSmallIntegerField(_("anno"))
    content = models.CharField(max_length=80)
    is_current = models.BooleanField(default=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["structure", "year"], condition=Q(is_current=True), name="one_current_sheet_a_year"
            ),
            models.UniqueConstraint(fields=["issue", "structure"], name="one_sheet_of_an_act"),
        ]

    def __str__(self) -> str:
        return f"{self.structure} {self.year}"


class Acknowledgement(models.Model):
    """That a person in office saw a sheet, with a reservation or without; never changed.

    `office` is the role they held it by: once that has ended, whoever follows is served again.
    """

    sheet = models.ForeignKey(AssignedSheet, on_delete=models.PROTECT, related_name="acknowledgements")
    office = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    reservation = models.TextField(_("riserva"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "office"], name="acknowledged_once")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.at:%Y-%m-%d}"
