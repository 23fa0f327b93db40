"""The gates of a draft: each has a page that says what will happen and asks for the act before it is passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from piramide.cycle.plans.drafting.checking import check_draft
from piramide.cycle.plans.drafting.gates import Stage, Step
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.plans.draft_gates import GivenAct, adopt, give_opinion, propose, send_back
from piramide.web.plans.draft_views import CONFLICT, WRONG, sections_of
from piramide.web.plans.drafts import base_of, printed_draft
from piramide.web.plans.forms import ActForm, AdoptionForm, OpinionForm, ReturnForm
from piramide.web.plans.models import Draft
from piramide.web.plans.steps import GATES, Gate

_BY_STEP = {gate.step: gate for gate in GATES}
FORMS: dict[Step, type[ActForm]] = {
    Step.PROPOSAL: ActForm, Step.OPINION: OpinionForm, Step.ADOPTION: AdoptionForm,
}  # fmt: skip
_DONE: dict[Step, str | Promise] = {
    Step.PROPOSAL: _("La bozza è proposta: ora il parere spetta all'OIV."),
    Step.OPINION: _("Il parere è registrato."),
    Step.ADOPTION: _("Il piano è adottato: da ora è una versione del piano e non si modifica più."),
}


@require_http_methods(["GET", "POST"])
@guarded(Action.PROPOSE_PLAN, EVERYWHERE)
def proposal(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Propose a draft; one with errors shows them instead."""
    found = get_object_or_404(Draft, pk=draft_id)

    @cache
    def errors() -> tuple[Finding, ...]:  # asked for by the page alone: whoever proposes well is shown none
        return check_draft(base_of(found).source, printed_draft(found)).errors if found.is_open else ()

    return _gate(request, found, Step.PROPOSAL, propose, {"errors": errors})


@require_http_methods(["GET", "POST"])
@guarded(Action.GIVE_OPINION, EVERYWHERE)
def opinion(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Give the opinion of the OIV."""
    return _gate(request, get_object_or_404(Draft, pk=draft_id), Step.OPINION, give_opinion, {})


@require_http_methods(["GET", "POST"])
@guarded(Action.ADOPT_PLAN, EVERYWHERE)
def adoption(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Adopt a draft, after a page that says what that means."""
    return _gate(request, get_object_or_404(Draft, pk=draft_id), Step.ADOPTION, adopt, {})


def _gate(
    request: HttpRequest,
    found: Draft,
    step: Step,
    pass_on: Callable[[int, User, GivenAct], Draft],
    context: dict[str, Any],
) -> HttpResponse:
    gate: Gate = _BY_STEP[step]
    form = FORMS[step](request.POST or None, label_suffix="", initial=_initial(found, step))
    findings: tuple[object, ...] = ()
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = pass_on(found.pk, user_of(request), form.given())
        except Refusal as refusal:
            findings = tuple(replace(finding, place=Place()) for finding in refusal.told)
            status = CONFLICT
        else:
            messages.success(request, str(_DONE[step]))
            if done.at is Stage.ADOPTED:
                return redirect("plans:version", done.pack)
            return redirect("plans:draft", found.pk)
    elif form.errors:
        status = WRONG
    last = found.passages.filter(circuit=found.circuit).select_related("by").last()
    proposer = found.passages.filter(circuit=found.circuit, step=Step.PROPOSAL.value, by=access(request).user).exists()
    context |= {
        "draft": found,
        "gate": gate,
        "form": form,
        "findings": findings,
        "is_now": found.at is gate.stage,
        "is_own": step is Step.OPINION and proposer,
        "last": last,
        "count": sum(len(section.lines) for section in sections_of(found, access(request))),
        "base": base_of(found).printed,
    }
    return render(request, "plans/gate.html", context, status=status)


def _initial(found: Draft, step: Step) -> dict[str, date]:
    """What a gate's form says before anybody types: a plan of now takes force today, any other on its first day."""
    if step is not Step.ADOPTION:
        return {}
    validity, today = base_of(found).source.validity(found.year), timezone.localdate()
    return {"effective_on": today if validity["since"] <= today < validity["until"] else validity["since"]}


@require_POST
@guarded(Action.PROPOSE_PLAN, EVERYWHERE)
def sending_back(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Return a draft to the planners."""
    found = get_object_or_404(Draft, pk=draft_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Scrivi perché la bozza torna in lavorazione."))
        return redirect("plans:draft", found.pk)
    send_back(found.pk, user_of(request), form.cleaned_data["note"])
    messages.success(request, _("La bozza è di nuovo in lavorazione."))
    return redirect("plans:draft", found.pk)
