"""Campaigns: which there are, how far each is, opening, reminding, confirming, closing, computing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.kernel.findings import Refusal
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.collection.asked import asked_at, indicator_of, without_data
from piramide.web.collection.campaigns import (
    CampaignProgress,
    Opening,
    campaign_progress,
    name_of,
    open_campaign,
    people_for,
    remind,
    set_open,
    sign,
)
from piramide.web.collection.forms import CampaignForm, PeriodForm
from piramide.web.collection.models import Campaign, Contest
from piramide.web.fields.texts import printable
from piramide.web.jobs.running import start_once

LOG = logging.getLogger("piramide.collection")
ORDER = {"late": 0, "begun": 1, "waiting": 2, "complete": 3, "signed": 4}


def find_campaign(person: Access, number: int) -> tuple[Campaign, list[str]]:
    """A campaign with the structures of it that a person may read; 404 where there are none."""
    campaign = get_object_or_404(Campaign, pk=number)
    structures = list(dict.fromkeys(campaign.asks.values_list("structure", flat=True)))
    mine = [structure for structure in structures if person.may(Action.READ_RESULTS, structure)]
    if not mine:
        raise Http404(str(number))
    return campaign, mine


@guarded(Action.READ_RESULTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every campaign that concerns me, the open ones first."""
    person = access(request)
    rows = []
    for campaign in Campaign.objects.select_related("opened_by"):
        stands = _progress(person, campaign)
        if stands:
            rows.append({"campaign": campaign, **_summary(stands)})
    rows.sort(key=lambda row: (not row["campaign"].is_open, row["campaign"].due_on))
    waiting = Contest.objects.filter(state=Contest.State.OPEN).values_list("structure", flat=True)
    context = {
        "rows": rows,
        "open_rows": [row for row in rows if row["campaign"].is_open],
        "contests": sum(person.may(Action.READ_RESULTS, structure) for structure in waiting),
        "may_open": person.may_everywhere(Action.MANAGE_CAMPAIGNS),
    }
    return render(request, "collection/index.html", context)


def _progress(person: Access, campaign: Campaign) -> list[CampaignProgress]:
    structures = {s for s in campaign.asks.values_list("structure", flat=True) if person.may(Action.READ_RESULTS, s)}
    return campaign_progress(campaign, structures, timezone.localdate())


def _summary(stands: Sequence[CampaignProgress]) -> dict[str, Any]:
    asked, answered = sum(s.asked for s in stands), sum(s.answered for s in stands)
    return {
        "structures": len(stands),
        "signed": sum(s.signature is not None for s in stands),
        "late": sum(s.is_late for s in stands),
        "asked": asked,
        "answered": answered,
        "share": Fraction(answered, asked) if asked else None,
        "only": stands[0].structure if len(stands) == 1 else "",
    }


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a campaign: first the period, then what no data give there."""
    chosen = PeriodForm(request.GET if "periodo" in request.GET else None)
    if not chosen.is_valid():
        return render(request, "collection/open_period.html", {"form": chosen})
    period = chosen.cleaned_data["periodo"]
    form = CampaignForm(request.POST or None)
    candidates = _candidates(period)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            campaign = open_campaign(user_of(request), _opening(request, form, period))
        except Refusal as refusal:
            problem = " ".join(finding.message() for finding in refusal.told)
        else:
            messages.success(request, _("Campagna aperta: chi deve inserire la trova in «Raccolta»."))
            return redirect("collection:campaign", number=campaign.pk)
    ticked = set(request.POST.getlist("indicator")) if request.method == "POST" else {c["id"] for c in candidates}
    context = {
        "form": form, "period": period, "candidates": candidates, "problem": problem, "ticked": ticked,
        "below": request.POST.get("below", access(request).tops()[0]),
        "areas": _areas(access(request), period),
    }  # fmt: skip
    return render(request, "collection/open.html", context)


def _opening(request: HttpRequest, form: CampaignForm, period: str) -> Opening:
    data = form.cleaned_data
    organisation = access(request).organisation
    below = request.POST.get("below", "")
    structures = frozenset(s for s in organisation.structures if s == below or below in organisation.ancestors(s))
    return Opening(
        data["title"], period, data["due_on"], data["note"], structures, frozenset(request.POST.getlist("indicator"))
    )


def _candidates(period: str) -> list[dict[str, Any]]:
    """The indicators that no data give somewhere, with how many figures that is and how many the plan asks."""
    missing: dict[str, set[str]] = {}
    for structure, node, _moment in without_data(period):
        missing.setdefault(node, set()).add(structure)
    asked: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    for (structure, node, _moment), item in asked_at(period).items():
        asked.setdefault(node, set()).add(structure)
        labels.setdefault(node, item.label)
    rows = []
    for node, structures in missing.items():
        indicator = indicator_of(node)
        rows.append({
            "id": node, "label": labels[node], "missing": len(structures), "asked": len(asked[node]),
            "source": indicator.source if indicator else "", "owner": name_of(indicator.owner) if indicator else "",
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["missing"], row["label"]))


def _areas(person: Access, period: str) -> list[tuple[str, str]]:
    """Structures below which something is missing, the whole organisation first."""
    concerned = {structure for structure, _node, _moment in without_data(period)}
    organisation = person.organisation
    above = {a for s in concerned if s in organisation for a in (s, *organisation.ancestors(s))}
    return [(s.id, s.label) for s in organisation.structures.values() if s.id in above]


@guarded(Action.READ_RESULTS)
@require_safe
def campaign(request: HttpRequest, number: int) -> HttpResponse:
    """One campaign: what is due, from whom, by when, what is late."""
    person = access(request)
    found, mine = find_campaign(person, number)
    stands = sorted(campaign_progress(found, mine, timezone.localdate()), key=lambda s: ORDER[s.state])
    people = people_for([s.structure for s in stands])
    rows = [{"standing": s, "label": name_of(s.structure), "people": people[s.structure]} for s in stands]
    nodes: dict[str, list[int]] = {}
    for ask in found.asks.filter(structure__in=mine).select_related("current"):
        counts = nodes.setdefault(ask.indicator, [0, 0])
        counts[0] += 1
        counts[1] += ask.current is not None and bool(ask.current.value or ask.current.note)
    labels = {node: item.label for (_s, node, _p), item in asked_at(found.period, found.pack).items()}
    context = {
        "campaign": found,
        "rows": rows,
        "indicators": [
            {"id": node, "label": labels.get(node, node), "asked": a, "answered": d} for node, (a, d) in nodes.items()
        ],
        "days_left": (found.due_on - timezone.localdate()).days,
        "may_manage": person.may_everywhere(Action.MANAGE_CAMPAIGNS),
        "may_compute": person.may_everywhere(Action.RUN_JOBS),
        "may_collect": found.is_open and any(person.may(Action.COLLECT, s) for s in mine),
        **_summary(stands),
    }
    return render(request, "collection/campaign.html", context)


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_POST
def send_reminders(request: HttpRequest, number: int) -> HttpResponse:
    """Write to who has still to confirm; with `structure`, for that one alone."""
    found, mine = find_campaign(access(request), number)
    wanted = [s for s in request.POST.getlist("structure") if s in mine] or mine
    try:
        sent = remind(user_of(request), found, wanted)
    except OSError:  # what the server of mail refuses, and its silence
        LOG.exception("reminders of campaign %s did not leave", found.pk)
        messages.error(request, _("Il promemoria non è partito: il server di posta non risponde. Riprova più tardi."))
        return redirect("collection:campaign", number=number)
    if sent:
        text = ngettext("Promemoria inviato a %(count)s persona.", "Promemoria inviato a %(count)s persone.", sent)
        messages.success(request, text % {"count": sent})
    else:
        messages.warning(request, _("Nessuno da avvisare: o tutto è confermato, o nessuno ha il ruolo per inserire."))
    return redirect("collection:campaign", number=number)


@guarded(Action.CONFIRM, "structure")
@require_POST
def confirm(request: HttpRequest, number: int, structure: str) -> HttpResponse:
    """Sign the values of a structure."""
    found, mine = find_campaign(access(request), number)
    if structure not in mine:
        raise Http404(structure)
    if not request.POST.get("signed"):
        messages.error(request, _("Per confermare spunta la casella della firma."))
    else:
        try:
            signature = sign(user_of(request), found, structure, request.POST.get("digest", ""))
        except Refusal as refusal:
            for finding in refusal.told:
                messages.error(request, finding.message())
        else:
            when = timezone.localtime(signature.at)
            words = {"name": signature.name, "at": f"{when:%d/%m/%Y %H:%M}", "label": name_of(structure)}
            messages.success(request, _("%(label)s: confermato da %(name)s il %(at)s.") % words)
    return redirect("collection:sheet", number=number, structure=structure)


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a campaign, or open it again."""
    found, _mine = find_campaign(access(request), number)
    again = request.POST.get("open") == "yes"
    reason = printable(request.POST.get("reason", "")).strip()
    if again and not reason:
        messages.error(request, _("Per riaprire la campagna scrivi perché."))
        return redirect("collection:campaign", number=number)
    set_open(user_of(request), found, is_open=again, reason=reason[:300])
    text = _("Campagna riaperta.") if again else _("Campagna chiusa: i valori non cambiano più. Ora si può calcolare.")
    messages.success(request, text)
    return redirect("collection:campaign", number=number)


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_POST
def compute_values(request: HttpRequest, number: int) -> HttpResponse:
    """Score what was collected, in the background."""
    person = access(request)
    found, _mine = find_campaign(person, number)
    if found.is_open:
        messages.error(request, _("Prima di calcolare chiudi la campagna: finché è aperta i valori cambiano."))
        return redirect("collection:campaign", number=number)
    user = user_of(request)
    job = start_once(user, "collected", {"campaign": found.pk, "user": user.pk}, person.tops()[0])
    return redirect("jobs:show", job=job.pk)
