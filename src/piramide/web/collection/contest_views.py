"""Contests: saying that a figure is wrong, and deciding on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from piramide.kernel.findings import Refusal
from piramide.reports.labels import labels
from piramide.web.accounts.guards import access, allow, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.collection.asked import asked_at, indicator_of
from piramide.web.collection.campaigns import name_of
from piramide.web.collection.contests import Figure, contest, decide, figure_of
from piramide.web.collection.evidence import evidence_of
from piramide.web.collection.forms import ContestForm, DecisionForm
from piramide.web.collection.models import Contest
from piramide.web.fields.language import spoken
from piramide.web.house.receiving import is_sent, received
from piramide.web.results.registry import choose


@guarded(Action.CONTEST)
@require_http_methods(["GET", "POST"])
def contest_figure(request: HttpRequest, structure: str = "", indicator: str = "") -> HttpResponse:
    """Contest the figure that `?structure=`, `?indicator=` and `?run=` name; without a run, the newest."""
    structure, node = structure or request.GET.get("structure", ""), indicator or request.GET.get("indicator", "")
    allow(access(request), Action.CONTEST, structure)
    figure = _figure(request, structure, node)
    already = Contest.objects.filter(
        structure=structure, indicator=node, period=figure.period, state=Contest.State.OPEN
    ).first()
    if already is not None:
        return redirect("collection:contested", number=already.pk)
    form = ContestForm(request.POST or None, request.FILES or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            file = received(request, "file") if is_sent(request) else None
            made = contest(user_of(request), figure, form.cleaned_data["reason"], file)
        except Refusal as refusal:
            problem = " ".join(finding.message() for finding in refusal.told)
        else:
            messages.success(request, _("Contestazione registrata: chi decide la trova tra le cose da fare."))
            return redirect("collection:contested", number=made.pk)
    context = {"form": form, "figure": figure, "problem": problem, **_words(figure)}
    return render(request, "collection/contest.html", context, status=422 if problem else 200)


def _figure(request: HttpRequest, structure: str, node: str) -> Figure:
    """What the run says of a node; 404 for a node that it does not hold."""
    chosen = choose(request, structure)
    found = figure_of(chosen, structure, node) if chosen is not None else None
    if found is None:
        raise Http404(node or structure)
    return found


def _words(figure: Figure | Contest) -> dict[str, Any]:
    """Names of what is contested."""
    item = asked_at(figure.period).get((figure.structure, figure.indicator, figure.period))
    indicator = indicator_of(figure.indicator)
    label = item.label if item else indicator.label if indicator else figure.indicator
    return {"label": label, "name": name_of(figure.structure), "say": labels(spoken())}


@guarded(Action.READ_RESULTS)
@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """Every contest on what I may read."""
    person = access(request)
    found = [c for c in Contest.objects.select_related("by") if person.may(Action.READ_RESULTS, c.structure)]
    rows = [{"contest": c, **_words(c)} for c in found]
    waiting = [row for row in rows if row["contest"].state == Contest.State.OPEN]
    return render(request, "collection/contests.html", {"rows": rows, "waiting": len(waiting)})


@guarded(Action.READ_RESULTS)
@require_http_methods(["GET", "POST"])
def contested(request: HttpRequest, number: int) -> HttpResponse:
    """One contest with its documents; who manages campaigns decides on it, unless it is their own."""
    person = access(request)
    found = get_object_or_404(Contest.objects.select_related("by", "decided_by"), pk=number)
    allow(person, Action.READ_RESULTS, found.structure)
    may_decide = person.may(Action.MANAGE_CAMPAIGNS, found.structure) and found.by_id != user_of(request).pk
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        if form.is_valid():
            accepted = form.cleaned_data["outcome"] == Contest.State.ACCEPTED
            if decide(user_of(request), found.pk, accepted=accepted, decision=form.cleaned_data["decision"]):
                messages.success(request, _("Decisione registrata."))
            else:
                messages.info(request, _("Era già decisa: la decisione che vale è qui sotto."))
            return redirect("collection:contested", number=number)
    context = {
        "contest": found, "form": form, "evidence": evidence_of(f"contest:{found.pk}"),
        "may_decide": may_decide and found.state == Contest.State.OPEN, **_words(found),
    }  # fmt: skip
    return render(request, "collection/contested.html", context)
