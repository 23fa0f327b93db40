"""What people do with a plan: drafts, each thing they edit, and the gates a draft passes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from piramide.cycle.plans.drafting.edits import EditKind
from piramide.cycle.plans.drafting.gates import Opinion, Stage, Step
from piramide.web.accounts.models import User

STAGES = (
    (Stage.DRAFT.value, _("in lavorazione")),
    (Stage.PROPOSED.value, _("proposta, in attesa del parere")),
    (Stage.CLEARED.value, _("con parere favorevole, da adottare")),
    (Stage.ADOPTED.value, _("adottata")),
)
STEPS = (
    (Step.PROPOSAL.value, _("Proposta")),
    (Step.OPINION.value, _("Parere dell'OIV")),
    (Step.ADOPTION.value, _("Adozione")),
    (Step.RETURN.value, _("Ritorno in lavorazione")),
)
OPINIONS = (
    (Opinion.FAVOURABLE.value, _("favorevole")),
    (Opinion.WITH_REMARKS.value, _("favorevole con osservazioni")),
    (Opinion.UNFAVOURABLE.value, _("sfavorevole")),
)
EDITS = (
    (EditKind.WEIGHT.value, _("peso")),
    (EditKind.TARGET.value, _("obiettivo")),
    (EditKind.ADDED.value, _("indicatore assegnato")),
    (EditKind.REMOVED.value, _("indicatore tolto")),
)


class Draft(models.Model):
    """A draft over a plan that is there: `pack` is the id it will have, `base` the one it starts from, by its hash.

    `revision` counts what was saved or undone; `circuit` how often it has been proposed, so that each proposal has
    its own opinion. `adopted_hash` is the hash of the plan that was written when it was adopted, `effective_on` the
    day from which it is the plan in force (without one, the first day that it holds for).
    """

    pack = models.SlugField(_("nome del piano"), max_length=60, unique=True)
    label = models.CharField(_("titolo"), max_length=200)
    year = models.PositiveSmallIntegerField(_("anno"))
    base = models.CharField(_("parte da"), max_length=100)
    base_hash = models.CharField(max_length=80)
    stage = models.CharField(_("stato"), max_length=10, choices=STAGES, default=Stage.DRAFT.value)
    revision = models.PositiveIntegerField(default=0)
    circuit = models.PositiveSmallIntegerField(default=1)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts_opened")
    opened_at = models.DateTimeField(auto_now_add=True)
    adopted_hash = models.CharField(max_length=80, blank=True)
    effective_on = models.DateField(_("in vigore dal"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def at(self) -> Stage:
        """Where it stands."""
        return Stage(self.stage)

    @property
    def is_open(self) -> bool:
        """Whether planners may edit it."""
        return self.at is Stage.DRAFT


class DraftEdit(models.Model):
    """One thing that somebody edited, in machine notation as `cycle.drafting` reads it; undone, it stays written.

    `before` is what stood there, `revision` the save it belongs to, `undone_in` the revision that took it back.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField()
    kind = models.CharField(_("che cosa"), max_length=10, choices=EDITS)
    structure = models.CharField(_("struttura"), max_length=100)
    node = models.CharField(max_length=300)
    label = models.CharField(max_length=500)
    before = models.CharField(_("prima"), max_length=100, blank=True)
    value = models.CharField(_("dopo"), max_length=100, blank=True)
    parent = models.CharField(max_length=300, blank=True)
    indicator = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=100, blank=True)
    place = models.CharField(_("dove nell'atto"), max_length=100, blank=True)
    reason = models.CharField(_("perché"), max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="draft_edits")
    at = models.DateTimeField(auto_now_add=True)
    undone_in = models.PositiveIntegerField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="edits_undone")

    class Meta:
        ordering: ClassVar = ["revision", "pk"]
        indexes: ClassVar = [models.Index(fields=["draft", "structure"])]

    def __str__(self) -> str:
        return f"{self.structure}, {self.label}: {self.get_kind_display()}"


class Passage(models.Model):
    """A gate that a draft passed: which, with which act, what the OIV said, who recorded it.

    `content` is the hash of the plan as it was then: what was proposed is what was judged and adopted.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="passages")
    circuit = models.PositiveSmallIntegerField()
    step = models.CharField(_("passo"), max_length=10, choices=STEPS)
    opinion = models.CharField(_("parere"), max_length=20, choices=OPINIONS, blank=True)
    act = models.CharField(_("numero dell'atto"), max_length=100, blank=True)
    act_day = models.DateField(_("data dell'atto"))
    issuer = models.CharField(_("organo"), max_length=200, blank=True)
    note = models.TextField(_("nota"), blank=True)
    content = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="passages")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "circuit", "step"], name="gate_passed_once_a_circuit")
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.act}"
