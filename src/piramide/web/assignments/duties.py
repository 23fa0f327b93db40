"""What assignments ask of a director: the sheets that they have not acknowledged yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.assignments.models import AssignedSheet
from piramide.web.assignments.standing import Offices, State, standings
from piramide.web.house.duties import Duty, register


@register
def duties(person: Access) -> Iterator[Duty]:
    """A sheet to acknowledge, for each structure that the person directs or stands in for."""
    if person.user is None or not person.may(Action.ACKNOWLEDGE):
        return
    today = timezone.localdate()
    offices = Offices.on(today, person.organisation)
    mine = {held.structure for held in person.roles}
    sheets = AssignedSheet.objects.filter(is_current=True).select_related("issue").prefetch_related("acknowledgements")
    for found in standings(sheets, offices, today):
        structure = found.sheet.structure
        if found.state not in {State.ISSUED, State.UNANSWERED} or structure not in person.organisation:
            continue
        directed = any(office.structure in mine for office in offices.of(structure))
        if directed and person.may(Action.ACKNOWLEDGE, structure):
            label = _("Prendi visione della scheda degli obiettivi di %(structure)s") % {
                "structure": person.organisation[structure].label
            }
            yield Duty(label, reverse("assignments:sheet", args=[found.sheet.pk]), found.due)
