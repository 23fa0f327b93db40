"""What this room asks of a person: to propose, to judge, to adopt the drafts that wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from piramide.cycle.plans.drafting.gates import Stage, Step
from piramide.web.accounts.access import Access
from piramide.web.house.duties import Duty, register
from piramide.web.plans.models import Draft
from piramide.web.plans.steps import GATES


@register
def waiting_drafts(person: Access) -> Iterator[Duty]:
    """A duty for each draft whose next gate the person may pass."""
    gates = {gate.stage.value: gate for gate in GATES if person.may_everywhere(gate.action)}
    if not gates:
        return
    drafts = Draft.objects.filter(stage__in=gates).prefetch_related("passages")
    for draft in drafts:
        gate = gates[draft.stage]
        last = [p for p in draft.passages.all() if p.circuit == draft.circuit and p.step == Step.PROPOSAL.value]
        own = {passage.by_id for passage in last}
        if draft.at is Stage.PROPOSED and person.user is not None and person.user.pk in own:
            continue
        address = reverse("plans:draft" if draft.is_open else gate.page, args=[draft.pk])
        labels = {
            Stage.DRAFT: _("Bozza del piano «%(label)s»: completala e proponila all'OIV"),
            Stage.PROPOSED: _("Bozza del piano «%(label)s»: dai il parere dell'OIV"),
            Stage.CLEARED: _("Bozza del piano «%(label)s»: registra l'adozione"),
        }
        yield Duty(labels[draft.at] % {"label": draft.label}, address)
