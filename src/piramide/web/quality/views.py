"""The quality dashboard: elementary indices, areas, production areas; against the budget and against last year."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.cycle.boards.quality import quality_dashboard
from piramide.kernel.organisation import Structure
from piramide.web.accounts.guards import access, find_structure
from piramide.web.house.pages import kept
from piramide.web.house.templatetags.piramide import side
from piramide.web.results.choosing import to_structure
from piramide.web.results.measures import facts_of, measures_of
from piramide.web.results.registry import Chosen, choose


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The dashboard of the whole administration."""
    return to_structure(request, "quality:show")


@require_safe
def show(request: HttpRequest, structure: str) -> HttpResponse:
    """The dashboard of one structure."""
    person = access(request)
    place = find_structure(person, structure)
    chosen = choose(request, structure)
    if chosen is None:
        return render(request, "house/empty.html")
    body = kept(chosen.key("quality", structure, facts_of(chosen.record.run)), lambda: _body(chosen, place))
    choices = [s for s in person.organisation.structures.values() if s.additive]
    context = {"chosen": chosen, "structure": place, "body": body, "choices": choices}
    return render(request, "quality/show.html", context)


def _body(chosen: Chosen, place: Structure) -> SafeString:
    measures = measures_of(chosen.record.run)
    if measures is None or place.id not in measures.measured.tree.ids or not chosen.run.pack.boards.quality.areas:
        return render_to_string("quality/nothing.html", {"structure": place})
    dashboard = quality_dashboard(measures, place.id)
    if not dashboard.is_measured:
        return render_to_string("quality/nothing.html", {"structure": place})
    known = [area for area in dashboard.areas if area.index.budget is not None]
    worst = min(known, key=lambda area: area.index.budget or 0, default=None)
    below = sum(side(area.index.budget) == "down" for area in known)
    context = {"structure": place, "dashboard": dashboard, "worst": worst, "below": below, "count": len(known)}
    context["cap"] = chosen.pack.cap
    return render_to_string("quality/body.html", context)
