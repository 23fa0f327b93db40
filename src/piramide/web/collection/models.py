"""Campaigns, what each asks, every version of every value, signatures, contests, documents, uploads and reminders."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User


class Campaign(models.Model):
    """A round of collection for one period of the plan; closed, its values change no more.

    `run` is the run that scored them, once somebody had it computed.
    """

    title = models.CharField(_("titolo"), max_length=120)
    period = models.CharField(_("periodo"), max_length=10)
    pack = models.CharField(max_length=100)
    due_on = models.DateField(_("scadenza"))
    note = models.TextField(_("istruzioni"), blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    run = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether values may still be entered."""
        return self.closed_at is None


class Ask(models.Model):
    """One figure that a campaign asks: whose, of which node, at which moment; `current` is its last version."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="asks")
    structure = models.CharField(max_length=100)
    indicator = models.CharField(max_length=200)
    period = models.CharField(max_length=10)
    place = models.PositiveIntegerField()
    current = models.ForeignKey("Value", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "structure", "indicator", "period"], name="asked_once")
        ]
        indexes: ClassVar = [models.Index(fields=["campaign", "place"])]

    def __str__(self) -> str:
        return f"{self.structure}/{self.indicator}/{self.period}"


class Value(models.Model):
    """One version of an answer, never changed: exact decimal text, status, note, who, when and how it came."""

    class Origin(TextChoices):
        """How a value came in."""

        TYPED = "typed", _("scritto nella griglia")
        UPLOADED = "uploaded", _("da un file")

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=420, blank=True)
    status = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    origin = models.CharField(max_length=10, choices=Origin)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["ask", "number"], name="one_version_of_each_number")]

    def __str__(self) -> str:
        return f"{self.ask_id} v{self.number}: {self.value or self.status}"


class Signature(models.Model):
    """Somebody answers for the values of a structure: name, time, and the digest of what was signed.

    It holds as long as the values still have that digest; whoever changes one unsigns them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="signatures")
    structure = models.CharField(max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.structure}: {self.name}"


class Contest(models.Model):
    """Somebody says that a figure is wrong, and why; somebody else accepts or rejects it, and why."""

    class State(TextChoices):
        """Where it stands."""

        OPEN = "open", _("aperta")
        ACCEPTED = "accepted", _("accolta")
        REJECTED = "rejected", _("respinta")

    structure = models.CharField(max_length=100)
    indicator = models.CharField(max_length=200)
    run = models.CharField(max_length=64, blank=True)
    period = models.CharField(max_length=10)
    figure = models.CharField(max_length=60, blank=True)
    reason = models.TextField(_("perché il dato è sbagliato"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("motivazione"), blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["structure", "indicator", "period"], condition=Q(state="open"), name="contested_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.structure}/{self.indicator}: {self.get_state_display()}"


class Evidence(models.Model):
    """A document kept outside the database; `subject` names what it proves (`ask:12`, `contest:3`, `step:7`)."""

    subject = models.CharField(max_length=60, db_index=True)
    structure = models.CharField(max_length=100)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=100, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that was judged: its rows wait for the person to confirm them, all together or not at all."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    applied_at = models.DateTimeField(null=True)
    written = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """A reminder that was sent for a structure of a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reminders")
    structure = models.CharField(max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    people = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.structure}: {self.at:%Y-%m-%d}"
