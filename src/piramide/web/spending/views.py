"""Spending: chapters with their forecasts, the tolerance of each checkpoint, account 1005."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.cycle.measured_from import kept_with
from piramide.cycle.run_figures import RunMeasures
from piramide.cycle.spending import TransitShare, chapter_labels, chapters, transit_rule
from piramide.kernel.organisation import Structure
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack
from piramide.web.accounts.guards import access, find_structure
from piramide.web.house.pages import kept
from piramide.web.results.choosing import to_structure
from piramide.web.results.measures import facts_of, measures_of
from piramide.web.results.shelf import Chosen, choose

TOP, BOTTOM = "transit_account_balance", "operating_cost_total"


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
    opened = chosen.run
    made = kept_with(opened.run.folder)
    period = parse_period(chosen.record.period)
    tree = opened.pack.organisation.on(opened.as_of)
    loads = dict(made.loads) if made else None
    rows = chapters(settings.CONFIGURATION.store, opened.pack, tree, place.id, period, loads)
    shares = _shares(opened.pack, measures_of(chosen.record.run), place.id)
    last = [row.cells[-1] for row in rows if row.cells and row.cells[-1] is not None]
    context = {
        "structure": place,
        "rows": rows,
        "has_labels": bool(chapter_labels(opened.pack)),
        "year": str(period.moment.year),
        "moments": [str(moment) for moment in period.quarter_checkpoints()],
        "shares": shares,
        "outside": sum(not cell.holds for cell in last),
        "count": len(last),
        "used": sum(cell.used for cell in last),
        "forecast": sum(cell.forecast for cell in last),
    }
    return render_to_string("spending/body.html", context)


def _shares(pack: Pack, measures: RunMeasures | None, structure: str) -> list[TransitShare]:
    """Account 1005 at every checkpoint of its rule that has been reached, and what is allowed at the others."""
    if measures is None or structure not in measures.measured.tree.ids:
        return []
    places = {moment.checkpoint: place for place, moment in enumerate(measures.moments[:-1])}
    shares = []
    for point in transit_rule(pack):
        place = places.get(point.moment)
        top = None if place is None else measures.figure(TOP, structure, place)
        bottom = None if place is None else measures.figure(BOTTOM, structure, place)
        share = top / bottom if top is not None and bottom else None
        most = None if point.most is None else float(point.most)
        shares.append(TransitShare(point.moment, share, most, point.mandatory, float(point.tolerance)))
    return shares
