"""What projects ask of a person: deliverables to attest and to validate."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from piramide.cycle.boards.projects import ATTESTED, DELIVERED
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.house.duties import Duty, register
from piramide.web.projects.registry import projects
from piramide.web.projects.steps import attested


@register
def duties(person: Access) -> Iterator[Duty]:
    """What was delivered and waits for me."""
    if person.user is None or not (person.may(Action.ATTEST) or person.may(Action.VALIDATE_PROJECT)):
        return
    to_attest = to_validate = 0
    for (_code, structure), project in projects().items():
        for item in project.deliverables:
            if item.last == DELIVERED and person.may(Action.ATTEST, structure):
                to_attest += 1
            elif item.last == ATTESTED and person.may(Action.VALIDATE_PROJECT, structure):
                to_validate += not attested(person.user, item)
    address = reverse("projects:index")
    if to_attest:
        text = ngettext("%(count)s consegna da attestare", "%(count)s consegne da attestare", to_attest)
        yield Duty(text % {"count": to_attest}, f"{address}?stato=attestare")
    if to_validate:
        text = ngettext("%(count)s consegna da validare", "%(count)s consegne da validare", to_validate)
        yield Duty(text % {"count": to_validate}, f"{address}?stato=validare")
