"""The home page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.cycle.runs.standing import Standing
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.house.duties import duties_of
from piramide.web.house.pages import kept, kept_text
from piramide.web.house.templatetags.piramide import share
from piramide.web.pyramid.home import Home, home_of
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import Chosen, choose, opened_runs, visible_records

PIECES = ("first", "map", "rest")
"""Parts of the page that depend on the run alone, in their order."""

MOST_OWN: Final = 6


@dataclass(frozen=True, slots=True)
class Own:
    """A structure on which the person holds a role, in the newest run that they may read."""

    structure: str
    label: str
    record: RunRecord
    standing: Standing


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How the administration is doing, what moved and why, where to look."""
    person = access(request)
    top = person.tops()[0]
    chosen = choose(request, top)
    if chosen is None:
        return render(request, "house/empty.html", {"duties": duties_of(person)})
    pieces = {name: make() for name, make in pieces_of(chosen, top).items()}
    alarms = _alarms_address() if person.may(Action.OVERSEE) else ""
    cap = kept_text(chosen.key("home", "cap"), lambda: share(chosen.pack.cap))
    context = {"chosen": chosen, "duties": duties_of(person), "alarms": alarms, "own": own(person), "cap": cap}
    return render(request, "pyramid/home.html", context | pieces)


def pieces_of(chosen: Chosen, top: str) -> dict[str, Callable[[], SafeString]]:
    """What makes each part of the page that depends on the run alone, once for everybody."""
    told = cache(partial(home_of, chosen, top))
    return {name: partial(kept, chosen.key("home", name), partial(_piece, name, chosen, told)) for name in PIECES}


def own(person: Access) -> list[Own]:
    """The structures of the person, but for the whole, which the page is about."""
    found = []
    held = dict.fromkeys(role.structure for role in person.roles)
    below = [name for name in held if name in person.organisation and name not in person.tops()]
    for name in below[:MOST_OWN]:
        if records := visible_records(person, name):
            standing = opened_runs().figures(records[0].run).standing(name)
            found.append(Own(name, person.organisation[name].label, records[0], standing))
    return found


def _piece(name: str, chosen: Chosen, told: Callable[[], Home]) -> SafeString:
    return render_to_string(f"pyramid/home_{name}.html", {"chosen": chosen, "home": told()})


def _alarms_address() -> str:
    """Where the integrity alarms are heard; they take too long to be heard here. Nothing without their room."""
    try:
        return reverse("oversight:alarms")
    except NoReverseMatch:
        return ""
