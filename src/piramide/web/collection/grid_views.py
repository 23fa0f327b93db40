"""Typing values: a form that is whole without JavaScript, and the address that keeps one cell at a time."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from piramide.kernel.findings import Refusal
from piramide.web.accounts.guards import access, allow, guarded, to_sign_in, user_of
from piramide.web.accounts.roles import Action
from piramide.web.collection.asked import asked_at
from piramide.web.collection.campaigns import campaign_progress, digest, name_of
from piramide.web.collection.cells import Typed, locked, refuse_if_closed, shown, worded, write_cell
from piramide.web.collection.evidence import attach, evidence_of
from piramide.web.collection.grid import cells, remark, version_rows, words_of_status
from piramide.web.collection.models import Ask, Campaign
from piramide.web.collection.views import find_campaign
from piramide.web.fields.whole_numbers import whole_number
from piramide.web.house.receiving import received

_Failed = dict[int, tuple[Typed, str]]


@guarded(Action.READ_RESULTS, "structure")
@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, number: int, structure: str) -> HttpResponse:
    """The grid of one structure: all that a campaign asks of it."""
    campaign, mine = find_campaign(access(request), number)
    if structure not in mine:
        raise Http404(structure)
    failed = _save(request, campaign, {structure}) if request.method == "POST" else {}
    asks = list(_asks(campaign).filter(structure=structure))
    (standing,) = campaign_progress(campaign, {structure}, timezone.localdate())
    order = list(dict.fromkeys(campaign.asks.values_list("structure", flat=True)))
    order = [s for s in order if s in mine]
    place = order.index(structure)
    context = {
        "by_structure": True,
        "title": name_of(structure),
        "structure": structure,
        "standing": standing,
        "digest": digest(asks),
        "may_confirm": campaign.is_open and access(request).may(Action.CONFIRM, structure),
        "before": order[place - 1] if place else "",
        "after": order[place + 1] if place + 1 < len(order) else "",
    }
    return _grid(request, campaign, asks, failed, context)


@guarded(Action.READ_RESULTS)
@never_cache
@require_http_methods(["GET", "POST"])
def indicator(request: HttpRequest, number: int, indicator: str) -> HttpResponse:
    """The grid of one indicator: all the structures of which a campaign asks it."""
    campaign, mine = find_campaign(access(request), number)
    if not campaign.asks.filter(indicator=indicator, structure__in=mine).exists():
        raise Http404(indicator)
    failed = _save(request, campaign, set(mine)) if request.method == "POST" else {}
    asks = list(_asks(campaign).filter(indicator=indicator, structure__in=mine))
    labels = {node: item.label for (_s, node, _p), item in asked_at(campaign.period, campaign.pack).items()}
    context = {"by_structure": False, "title": labels.get(indicator, indicator), "indicator": indicator}
    return _grid(request, campaign, asks, failed, context)


def _asks(campaign: Campaign) -> Any:
    return campaign.asks.select_related("current__by", "campaign")


def _grid(
    request: HttpRequest, campaign: Campaign, asks: list[Ask], failed: _Failed, context: dict[str, Any]
) -> HttpResponse:
    rows = cells(access(request), campaign, asks, failed)
    words = {
        "campaign": campaign,
        "rows": rows,
        "failed": len(failed),
        "statuses": words_of_status(),
        "may_edit": any(row.may_edit for row in rows),
        "answered": sum(row.current is not None and bool(row.current.value or row.current.note) for row in rows),
        **context,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "collection/grid.html", words, status=status)


def _save(request: HttpRequest, campaign: Campaign, structures: set[str]) -> _Failed:
    """Keep every cell that can be kept; what was typed into the others, and why they cannot."""
    failed: _Failed = {}
    kept = 0
    person, user = access(request), user_of(request)
    for ask in _asks(campaign).filter(structure__in=structures):
        if f"value-{ask.pk}" not in request.POST or not person.may(Action.COLLECT, ask.structure):
            continue
        typed = _typed(request, ask.pk)
        try:
            kept += write_cell(user, ask.pk, typed).current_id != ask.current_id
        except Refusal as refusal:
            failed[ask.pk] = (typed, " ".join(worded(finding) for finding in refusal.told))
    if kept:
        text = ngettext("Salvato %(count)s valore.", "Salvati %(count)s valori.", kept)
        messages.success(request, text % {"count": kept})
    return failed


def _typed(request: HttpRequest, key: int) -> Typed:
    return Typed(
        request.POST.get(f"value-{key}", ""),
        request.POST.get(f"status-{key}", ""),
        request.POST.get(f"note-{key}", ""),
        whole_number(request.POST.get(f"seen-{key}", "")) or 0,
    )


@never_cache
@require_POST
def cell(request: HttpRequest, key: int) -> HttpResponse:
    """Keep one cell, asked by the page as it is typed: JSON, and 401 (never a page to sign in) when signed out."""
    person = access(request)
    if person.user is None:
        login = reverse("account_login")
        return JsonResponse({"message": _("La sessione è scaduta."), "login": login}, status=HTTPStatus.UNAUTHORIZED)
    ask = get_object_or_404(Ask.objects.select_related("campaign"), pk=key)
    allow(person, Action.COLLECT, ask.structure)
    typed = _typed(request, key)
    try:
        written = write_cell(person.user, key, typed)
    except Refusal as refusal:
        return _refused(refusal, key)
    current = written.current
    return JsonResponse({
        "seen": written.current_id or 0,
        "value": shown(current.value) if current else "",
        "status": current.status if current else "",
        "remark": remark(written, ask.campaign),
        "message": _stamp(written),
    })  # fmt: skip


def _refused(refusal: Refusal, key: int) -> JsonResponse:
    """Why a cell was not kept; of one that somebody else wrote, their version too."""
    body: dict[str, Any] = {"message": " ".join(worded(finding) for finding in refusal.told)}
    if refusal.findings[0].code != "CO014":
        return JsonResponse(body, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    current = Ask.objects.select_related("current__by").get(pk=key).current
    if current is not None:
        body |= {"seen": current.pk, "theirs": shown(current.value), "status": current.status, "note": current.note}
    return JsonResponse(body, status=HTTPStatus.CONFLICT)


def _stamp(ask: Ask) -> str:
    """Who wrote the version that holds, and when."""
    if ask.current is None:
        return ""
    when = timezone.localtime(ask.current.at)
    return _("Salvato alle %(at)s") % {"at": f"{when:%H:%M:%S}"}


@never_cache
@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest, key: int) -> HttpResponse:
    """Every version of a cell, its documents, and a form to attach one."""
    person = access(request)
    if not person.is_signed_in:
        return to_sign_in(request)
    ask = get_object_or_404(Ask.objects.select_related("campaign", "current"), pk=key)
    allow(person, Action.READ_RESULTS, ask.structure)
    problem = ""
    if request.method == "POST":
        if not ask.campaign.is_open:
            raise PermissionDenied
        allow(person, Action.COLLECT, ask.structure)
        try:
            with transaction.atomic():
                refuse_if_closed(locked(ask.pk))
                attach(user_of(request), f"ask:{ask.pk}", ask.structure, received(request, "file"))
        except Refusal as refusal:
            problem = " ".join(finding.message() for finding in refusal.told)
        else:
            messages.success(request, _("Documento allegato."))
            return redirect("collection:versions", key=key)
    (row,) = cells(person, ask.campaign, [ask])
    context = {
        "campaign": ask.campaign, "row": row, "versions": version_rows(ask), "evidence": evidence_of(f"ask:{ask.pk}"),
        "problem": problem,
    }  # fmt: skip
    return render(request, "collection/versions.html", context, status=422 if problem else 200)
