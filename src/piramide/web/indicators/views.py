"""The list of indicators, the page of one, and its values as a file."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.methodology.model import Indicator, Pack
from piramide.web.accounts.guards import access
from piramide.web.house.pages import kept
from piramide.web.indicators import listing, ranking
from piramide.web.indicators.page import page_of
from piramide.web.indicators.values_file import values_csv
from piramide.web.results.registry import Chosen, choose, opened_runs

LONGEST_SEARCH = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every indicator of the plan, by dimension."""
    top = access(request).tops()[0]
    chosen = choose(request, top)
    if chosen is None:
        return render(request, "house/empty.html")
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    body = _index_body(chosen, top, text) if text else every_indicator(chosen, top)
    return render(request, "indicators/index.html", {"chosen": chosen, "body": body, "text": text})


def every_indicator(chosen: Chosen, top: str) -> SafeString:
    """The list of all indicators, made once for a run."""
    return kept(chosen.key("indicators"), partial(_index_body, chosen, top, ""))


def _index_body(chosen: Chosen, top: str, text: str) -> SafeString:
    found = listing.sections(chosen, top, chosen.pack, text)
    context = {"sections": found, "lead": listing.lead(found), "text": text}
    return render_to_string("indicators/index_body.html", context)


@require_safe
def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """What an indicator is and how every structure stands in it."""
    top = access(request).tops()[0]
    chosen = choose(request, top)
    if chosen is None:
        return render(request, "house/empty.html")
    found = _find(chosen.pack, indicator)
    body = one_indicator(chosen, top, found)
    return render(request, "indicators/indicator.html", {"chosen": chosen, "indicator": found, "body": body})


def one_indicator(chosen: Chosen, top: str, found: Indicator) -> SafeString:
    """The page of an indicator, made once for a run."""
    return kept(chosen.key("indicator", found.id), partial(_indicator_body, chosen, top, found))


def _indicator_body(chosen: Chosen, top: str, found: Indicator) -> SafeString:
    context = {"page": page_of(chosen, top, found, chosen.pack), "chosen": chosen, "cap": chosen.pack.cap}
    return render_to_string("indicators/indicator_body.html", context)


@require_safe
def values(request: HttpRequest, indicator: str) -> HttpResponse:
    """The values of every structure as CSV."""
    chosen = choose(request, access(request).tops()[0])
    if chosen is None:
        raise Http404(indicator)
    found = _find(chosen.pack, indicator)
    rows = ranking.rows_of(opened_runs().outline(chosen.record.run), chosen.figures, found)
    answer = HttpResponse(values_csv(chosen, found, rows), content_type="text/csv; charset=utf-8")
    invented = "dati-dimostrativi-" if chosen.record.is_demonstration else ""
    answer["Content-Disposition"] = f'attachment; filename="{invented}{found.id}-{chosen.record.period}.csv"'
    return answer


def _find(pack: Pack, name: str) -> Indicator:
    if name not in pack.indicators:
        raise Http404(name)
    return pack.indicators[name]
