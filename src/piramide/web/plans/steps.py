"""The gates of a draft as its page shows them: what was done, what comes next, who may do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piramide.cycle.plans.drafting.gates import Stage, Step
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.plans.models import Draft, Passage


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate: the stage in which it is passed, who may, and the words of its button."""

    step: Step
    stage: Stage
    action: Action
    page: str
    title: str | Promise
    button: str | Promise
    waits: str | Promise


GATES = (
    Gate(
        Step.PROPOSAL, Stage.DRAFT, Action.PROPOSE_PLAN, "plans:proposal", _("Proposta"),
        _("Proponi la bozza all'OIV"), _("La propone chi pianifica, quando i controlli non trovano errori."),
    ),
    Gate(
        Step.OPINION, Stage.PROPOSED, Action.GIVE_OPINION, "plans:opinion", _("Parere dell'OIV"),
        _("Registra il parere dell'OIV"), _("Lo dà l'OIV, non chi ha proposto; è vincolante."),
    ),
    Gate(
        Step.ADOPTION, Stage.CLEARED, Action.ADOPT_PLAN, "plans:adoption", _("Adozione"),
        _("Registra l'adozione del piano"), _("Serve il parere favorevole; dopo, il piano non si modifica più."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepLine:
    """A gate on the page of a draft."""

    gate: Gate
    passage: Passage | None
    is_now: bool
    address: str


def may_pass(gate: Gate, draft: Draft, person: Access) -> bool:
    """Whether the person may pass this gate now; who proposed never gives the opinion."""
    if draft.at is not gate.stage or not person.may_everywhere(gate.action):
        return False
    if gate.step is not Step.OPINION or person.user is None:
        return True
    return not draft.passages.filter(circuit=draft.circuit, step=Step.PROPOSAL.value, by=person.user).exists()


def steps_of(draft: Draft, person: Access) -> list[StepLine]:
    """The three gates of a draft in their order."""
    passed = {passage.step: passage for passage in draft.passages.filter(circuit=draft.circuit).select_related("by")}
    return [
        StepLine(
            gate,
            passed.get(gate.step.value),
            draft.at is gate.stage,
            reverse(gate.page, args=[draft.pk]) if may_pass(gate, draft, person) else "",
        )
        for gate in GATES
    ]
