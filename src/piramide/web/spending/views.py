"""Spending: chapters with their forecasts, the tolerance of each checkpoint, the transit account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.cycle.boards.spending import spending_of, transit_shares
from piramide.kernel.organisation import Structure
from piramide.kernel.periods import parse_period
from piramide.methodology.carried import codes_of_chapters
from piramide.web.accounts.guards import access, find_structure
from piramide.web.house.pages import kept
from piramide.web.results.choosing import to_structure
from piramide.web.results.measures import facts_of, measures_of
from piramide.web.results.registry import Chosen, choose


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The spending of the whole administration."""
    return to_structure(request, "spending:show")


@require_safe
def show(request: HttpRequest, structure: str) -> HttpResponse:
    """The spending of one structure and what is below it."""
    person = access(request)
    place = find_structure(person, structure)
    chosen = choose(request, structure)
    if chosen is None:
        return render(request, "house/empty.html")
    body = kept(chosen.key("spending", structure, facts_of(chosen.record.run)), lambda: _body(chosen, place))
    choices = [s for s in person.organisation.structures.values() if s.additive]
    return render(
        request, "spending/show.html", {"chosen": chosen, "structure": place, "body": body, "choices": choices}
    )


def _body(chosen: Chosen, place: Structure) -> SafeString:
    measures, pack = measures_of(chosen.record.run), chosen.run.pack
    spending = spending_of(measures, place.id) if measures else None
    context = {
        "structure": place,
        "spending": spending,
        "shares": transit_shares(measures, place.id) if measures else (),
        "year": str(parse_period(chosen.record.period).moment.year),
        "used": sum(cell.used for cell in spending.latest) if spending else None,
        "forecast": sum(cell.forecast for cell in spending.latest) if spending else None,
        "purposes": frozenset(codes_of_chapters(pack)),
        "plan": pack,
    }
    return render_to_string("spending/body.html", context)
