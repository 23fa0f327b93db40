"""Every structure with its index, and the sheet of each, opened down to its entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from piramide.methodology.phases import OF
from piramide.web.accounts.guards import access, allow, to_sign_in
from piramide.web.accounts.roles import Action
from piramide.web.results.registry import choose
from piramide.web.structures.among import among_body
from piramide.web.structures.comparing import comparison_body, other_from, others_of
from piramide.web.structures.explanation import address_of, explanation_body, is_leaf, label_of
from piramide.web.structures.exports import FORMS, export
from piramide.web.structures.history import history_body
from piramide.web.structures.listing import index_body, wanted_from
from piramide.web.structures.sheet_page import sheet_body
from piramide.web.structures.shown import Shown, may_compare, shown_structure
from piramide.web.structures.tracing import may_trace, source_of, trace_body, trace_file
from piramide.web.structures.where import where


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every structure of the organisation with its index."""
    chosen = choose(request, access(request).tops()[0])
    if chosen is None:
        return render(request, "house/empty.html")
    wanted = wanted_from(request, chosen)
    return render(request, "structures/index.html", {"chosen": chosen, "body": index_body(chosen, wanted)})


Body = Callable[[HttpRequest, Shown], SafeString]


def _page_of_structure(body: Body) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of a structure from what makes its body; in words where nothing may be seen yet, or it has no sheet."""

    @require_safe
    @wraps(body)
    def page(request: HttpRequest, structure: str) -> HttpResponse:
        shown = shown_structure(request, structure)
        if shown is None:
            return render(request, "house/empty.html")
        if not shown.has_sheet:
            return render(request, "structures/no_sheet.html", {"shown": shown, "where": where(shown, "sheet")})
        context = {"shown": shown, "where": where(shown, body.__name__), "body": body(request, shown)}
        return render(request, "structures/page.html", context)

    return page


@_page_of_structure
def sheet(request: HttpRequest, shown: Shown) -> SafeString:
    """The sheet of one structure, as on paper."""
    return sheet_body(shown, may_compare=may_compare(access(request), shown.record))


@_page_of_structure
def history(request: HttpRequest, shown: Shown) -> SafeString:  # noqa: ARG001 - the frame of all four passes it
    """The index of one structure in every period."""
    return history_body(shown)


@_page_of_structure
def among(request: HttpRequest, shown: Shown) -> SafeString:
    """One structure among those like it."""
    return among_body(shown, may_compare=may_compare(access(request), shown.record))


@_page_of_structure
def comparison(request: HttpRequest, shown: Shown) -> SafeString:
    """One structure compared with another period, or under another version of the plan."""
    others = others_of(request, shown)
    return comparison_body(shown, others, other_from(request, shown, others))


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
        "contest": _contest(shown, node) if person.may(Action.CONTEST, structure) else "",
        "verification": address_of("oversight:run", shown.record.run) if person.may(Action.OVERSEE) else "",
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
    if refused := _refused_rows(request, shown, node):
        return refused
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


@require_safe
def entries_file(request: HttpRequest, structure: str, node: str) -> HttpResponseBase:
    """The same sums and rows as a file."""
    shown = _explained(request, structure, node)
    if refused := _refused_rows(request, shown, node):
        return refused
    answer = HttpResponse(trace_file(shown, node).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = f"righe-{structure}-{node}-{shown.record.period}-{shown.record.short}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _refused_rows(request: HttpRequest, shown: Shown, node: str) -> HttpResponseBase | None:
    """Rows are for who may read the structure they come from: others sign in, or get 403; 404 where no data are."""
    source = source_of(shown, node)
    if not source:
        raise Http404(node)
    if not access(request).is_signed_in:
        return to_sign_in(request)
    allow(access(request), Action.READ_RESULTS, source)
    return None


def _contest(shown: Shown, node: str) -> str:
    """Where a figure is contested; empty for one that is computed from others."""
    address = address_of("collection:contest")
    if not address or not is_leaf(shown, node):
        return ""
    query = {"structure": shown.structure, "indicator": node, "run": shown.record.run}
    return f"{address}?{urlencode(query)}"


def _explained(request: HttpRequest, structure: str, node: str) -> Shown:
    shown = shown_structure(request, structure)
    if shown is None or not shown.has_sheet:
        raise Http404(structure)
    objective = node.partition(OF)[0]
    if node != structure and (structure, objective) not in shown.chosen.figures.rows:
        raise Http404(node)
    phases = shown.chosen.run.pack.phases.get((structure, objective), ()) if objective != node else ()
    if objective != node and node not in {phase.name for phase in phases}:
        raise Http404(node)
    return shown
