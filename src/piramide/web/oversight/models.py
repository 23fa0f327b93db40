"""What people and checks said of runs: verifications, findings, alarms, adjustments, validations."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.models import User
from piramide.web.results.models import RunRecord

NOW: Final = timedelta(minutes=10)
"""A verification is of now for so long."""


class Verification(models.Model):
    """One recomputation of a run: whether every figure came out the same, else the first difference."""

    run = models.ForeignKey(RunRecord, on_delete=models.PROTECT, related_name="verifications")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="verifications")
    is_whole = models.BooleanField()
    difference = models.JSONField(null=True)
    made_with = models.CharField(max_length=40, blank=True)
    verified_with = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.run_id[:8]} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_of_now(self) -> bool:
        """Whether it ran in the last minutes: only such a one gets a seal."""
        return timezone.now() - self.at < NOW


class PlanFindings(models.Model):
    """The findings of a plan that can be read, by its hash: the same bytes always say the same."""

    pack = models.CharField(max_length=100)
    hash = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    relations = models.PositiveIntegerField(default=0)
    failing = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.pack} {self.hash}"


class AlarmReport(models.Model):
    """What every alarm heard in a period, as `cycle.alarms` answers; computed again, the newest takes its place."""

    period = models.CharField(primary_key=True, max_length=10)
    ends_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_chance = models.FloatField()
    alarms = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-ends_on", "-at"]

    def __str__(self) -> str:
        return self.period

    @property
    def evidence(self) -> list[tuple[str, dict[str, Any]]]:
        """All evidence with its key, the rarest first."""
        found = [row for examined in self.alarms for row in examined["evidence"]]
        found.sort(key=lambda row: (row["probability"], row["code"], row["structure"]))
        return [(evidence_key(row), row) for row in found]


def evidence_key(row: dict[str, Any]) -> str:
    """What names an alarm of one office in one period, however often it is computed."""
    text = "\0".join((row["alarm"], row["about"], row["structure"], row["period"]))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class AlarmNote(models.Model):
    """What a person wrote beside an alarm. Notes are only added; none says who is right."""

    class Kind(models.TextChoices):
        """What the note says."""

        SEEN = "seen", _("presa visione")
        ASKED = "asked", _("chiesta una spiegazione all'ufficio")
        REASON = "reason", _("ragione riferita dall'ufficio")

    token = models.UUIDField(unique=True)
    report = models.ForeignKey(AlarmReport, on_delete=models.PROTECT, related_name="notes")
    key = models.CharField(max_length=16)
    structure = models.CharField(max_length=100)
    kind = models.CharField(_("che cosa"), max_length=10, choices=Kind)
    text = models.TextField(_("motivo"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="alarm_notes")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["report", "key"])]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key} {self.kind}"


class Adjustment(models.Model):
    """Another value in the place of one of a run: proposed with its reason and act, tried, then confirmed or withdrawn.

    `effect` is what it moved when it was tried on `run`: `index` before and after of the row, and of every structure
    whose index changes. `new_run` is the run that followed; `run` stays as it was. Nothing is ever deleted.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _("proposta")
        CONFIRMED = "confirmed", _("confermata")
        WITHDRAWN = "withdrawn", _("ritirata")

    token = models.UUIDField(unique=True)
    run = models.ForeignKey(RunRecord, on_delete=models.PROTECT, related_name="adjustments")
    structure = models.CharField(max_length=100)
    indicator = models.CharField(max_length=200)
    label = models.CharField(max_length=300)
    unit = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=10)
    value_before = models.CharField(max_length=60, blank=True)
    status_before = models.CharField(max_length=20)
    value_after = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    act = models.CharField(max_length=300)
    effect = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="adjustments_proposed")
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="adjustments_decided")
    decided_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)
    new_run = models.ForeignKey(RunRecord, on_delete=models.PROTECT, null=True, related_name="made_by_adjustment")

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.structure} {self.indicator} {self.period}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == self.State.PROPOSED


class ResultsValidation(models.Model):
    """The OIV's document on a run. The last one holds; earlier ones stay."""

    class Outcome(models.TextChoices):
        """What the OIV says."""

        VALIDATED = "validated", _("validati")
        REMARKS = "remarks", _("validati con osservazioni")
        REFUSED = "refused", _("non validati")

    token = models.UUIDField(unique=True)
    run = models.ForeignKey(RunRecord, on_delete=models.PROTECT, related_name="validations")
    outcome = models.CharField(_("esito"), max_length=10, choices=Outcome)
    act = models.CharField(_("atto"), max_length=300)
    day = models.DateField(_("data dell'atto"))
    text = models.TextField(_("testo"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="validations")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.run_id[:8]} {self.outcome}"

    @property
    def opens(self) -> bool:
        """Whether payment and publication may go on."""
        return self.outcome != self.Outcome.REFUSED


class PassedOver(models.Model):
    """A line of the checklist that somebody passed over, and why: kept with the act, published with the run.

    `line` is its id, `count` how many things it had found. Rows are only added, in the transaction of their act.
    """

    class Step(models.TextChoices):
        """Which act it was."""

        VALIDATION = "validation", _("validazione dell'OIV")
        PUBLICATION = "publication", _("pubblicazione")

    run = models.ForeignKey(RunRecord, on_delete=models.PROTECT, related_name="passed_over")
    step = models.CharField(_("passo"), max_length=12, choices=Step)
    validation = models.ForeignKey(ResultsValidation, on_delete=models.PROTECT, null=True, related_name="passed_over")
    line = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    reason = models.TextField(_("motivo"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.run_id[:8]} {self.step} {self.line}"
