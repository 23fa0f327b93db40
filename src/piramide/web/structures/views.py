"""Every structure with its index, and the sheet of each, opened down to its entries."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from piramide.web.accounts.guards import access, allow
from piramide.web.accounts.roles import Action
from piramide.web.results.shelf import choose
from piramide.web.structures.exports import FORMS, export
from piramide.web.structures.listing import index_body, wanted_from
from piramide.web.structures.sheet_page import sheet_body
from piramide.web.structures.shown import Shown, shown_structure
from piramide.web.structures.told import address_of, explanation_body, label_of
from piramide.web.structures.tracing import may_trace, source_of, trace_body
from piramide.web.structures.where import where


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every structure of the organisation with its index."""
    chosen = choose(request, access(request).tops()[0])
    if chosen is None:
        return render(request, "house/empty.html")
    wanted = wanted_from(request, chosen)
    return render(request, "structures/index.html", {"chosen": chosen, "body": index_body(chosen, wanted)})


@require_safe
def sheet(request: HttpRequest, structure: str) -> HttpResponse:
    """The sheet of one structure, as on paper."""
    shown = shown_structure(request, structure)
    if shown is None or not shown.has_sheet:
        return _without_sheet(request, shown)
    context = {"shown": shown, "where": where(shown, "sheet"), "body": sheet_body(shown)}
    return render(request, "structures/page.html", context)


@require_safe
def sheet_file(request: HttpRequest, structure: str, form: str) -> HttpResponse:
    """The sheet as a file: PDF, XLSX or CSV."""
    shown = shown_structure(request, structure)
    if shown is None or not shown.has_sheet or form not in FORMS:
        raise Http404(form)
    return export(shown, form)


@require_safe
def explanation(request: HttpRequest, structure: str, node: str) -> HttpResponse:
    """One number told: a page, or its content alone when it opens beside another page."""
    shown = _explained(request, structure, node)
    is_beside = request.headers.get("HX-Target") == "beside"
    person = access(request)
    context = {
        "shown": shown,
        "label": label_of(shown, node),
        "is_beside": is_beside,
        "body": explanation_body(shown, node, level=2 if is_beside else 1),
        "entries": may_trace(person, shown, node),
        "contest": address_of("collection:contest", structure, node) if person.may(Action.CONTEST, structure) else "",
        "node": node,
    }
    if is_beside:
        answer = render(request, "structures/explanation_beside.html", context)
    else:
        answer = render(request, "structures/explanation.html", context | {"where": where(shown, "sheet")})
    patch_vary_headers(answer, ["HX-Target"])
    return answer


@require_safe
def entries(request: HttpRequest, structure: str, node: str) -> HttpResponseBase:
    """What stands behind a value: measures, sums by office and month, rows."""
    shown = _explained(request, structure, node)
    source = source_of(shown, node)
    if not source:
        raise Http404(node)
    if not access(request).is_signed_in:
        return redirect_to_login(request.get_full_path())
    allow(access(request), Action.READ_RESULTS, source)
    is_beside = request.headers.get("HX-Target") == "beside"
    context = {
        "shown": shown,
        "label": label_of(shown, node),
        "body": trace_body(shown, node, level=2 if is_beside else 1),
        "node": node,
    }
    if is_beside:
        answer = render(request, "structures/entries_beside.html", context)
    else:
        answer = render(request, "structures/entries.html", context | {"where": where(shown, "sheet")})
    patch_vary_headers(answer, ["HX-Target"])
    return answer


def _explained(request: HttpRequest, structure: str, node: str) -> Shown:
    shown = shown_structure(request, structure)
    if shown is None or not shown.has_sheet:
        raise Http404(structure)
    if node != structure and (structure, node) not in shown.chosen.figures.rows:
        raise Http404(node)
    return shown


def _without_sheet(request: HttpRequest, shown: Shown | None) -> HttpResponse:
    if shown is None:
        return render(request, "house/empty.html")
    return render(request, "structures/no_sheet.html", {"shown": shown, "where": where(shown, "sheet")})
