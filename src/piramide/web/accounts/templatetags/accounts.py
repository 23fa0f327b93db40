"""The invented people on the page of signing in, and structures by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.roles import Role
from piramide.web.plans_in_force import organisation_on

register = template.Library()


@dataclass(frozen=True, slots=True)
class Invented:
    """One of the people of the demonstration, with the address that fills the form."""

    name: str
    email: str
    role: str | Promise
    structure: str
    address: str
    is_chosen: bool


@register.simple_tag(takes_context=True)
def demonstration_people(context: dict[str, Any]) -> dict[str, Any]:
    """Everybody who can sign in to the demonstration, and the password of all."""
    request = context["request"]
    chosen = request.GET.get("persona", "")
    tree = organisation_on(timezone.localdate())
    found = []
    for person in settings.INVENTED_PEOPLE:
        query = request.GET.copy()
        query["persona"] = person.email
        found.append(
            Invented(
                person.name,
                person.email,
                Role(person.role).label,
                label_of(tree, person.structure),
                f"?{query.urlencode(safe='/@')}",
                person.email == chosen,
            )
        )
    return {"password": settings.INVENTED_PASSWORD, "people": found}


@register.filter
def structure_label(structure: str) -> str:
    """The label of a structure in the organisation of today; its id where it is not there any more."""
    return label_of(organisation_on(timezone.localdate()), structure)


def label_of(tree: OrganisationOnDay, structure: str) -> str:
    """The label of a structure of `tree`, else its id."""
    return tree[structure].label if structure in tree else structure
