"""Deadlines of the house, messages to people, and how each wants to be told."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action


class Appointment(models.Model):
    """A deadline that the installation sets: by `day` who may do `duty` on `structure` does what `title` says."""

    title = models.CharField(_("che cosa"), max_length=200)
    day = models.DateField(_("entro il"))
    duty = models.CharField(_("di chi può"), max_length=30, choices=Action)
    structure = models.CharField(_("struttura"), max_length=100)
    act = models.CharField(_("atto"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.title}"


class Message(models.Model):
    """Something a person is told once (`key`): in their language, with the page where it is done."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=200)
    text = models.CharField(max_length=400)
    address = models.CharField(max_length=300, blank=True)
    due = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]

    def __str__(self) -> str:
        return self.text


class Preference(models.Model):
    """How a person wants to be told, and in which language. Without one: one mail a day, in the site's language."""

    class Rhythm(TextChoices):
        """How often mail leaves."""

        IMMEDIATE = "immediate", _("un messaggio per ogni cosa, appena c'è")
        DAILY = "daily", _("un riepilogo al giorno, solo se c'è qualcosa")
        NONE = "none", _("nessuna posta: leggo qui")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preference")
    rhythm = models.CharField(_("per posta"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    language = models.CharField(_("lingua"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    def __str__(self) -> str:
        return f"{self.user} {self.rhythm}"


class Digest(models.Model):
    """The mail of a day to a person: the row is taken before it leaves, so that two senders send one."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
