"""The OIV's document on a run, and its publication: the gate of payment, each behind the checklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piramide.kernel.findings import Finding, Refusal
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.oversight.decisions import Document, publish_results, validate_results
from piramide.web.oversight.forms import PublicationForm, ValidationForm
from piramide.web.oversight.last_look.checklist import Answers, Checklist, checklist_of
from piramide.web.oversight.last_look.line import Seen
from piramide.web.oversight.models import ResultsValidation
from piramide.web.oversight.run_wording import RunInWords, find_run, run_in_words, why_not_validate
from piramide.web.oversight.views import done


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line on the page, with what the person wrote and what is wrong with it."""

    seen: Seen
    reason: str
    error: str


@guarded(Action.VALIDATE_RESULTS, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def validation(request: HttpRequest, run: str) -> HttpResponse:
    """Write the OIV's document on a run."""
    record = find_run(run)
    found = run_in_words(record)
    form = ValidationForm(request.POST or None)
    why_not = why_not_validate(user_of(request), found)
    faults: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        known = ResultsValidation.objects.filter(token=data["token"]).exists()
        try:
            validate_results(user_of(request), record, Document(**data), answers_of(request))
        except Refusal as refusal:
            if why_not:
                raise
            faults = refusal.told
        else:
            done(request, not known, _("Il documento di validazione è registrato."))
            return redirect("oversight:run", run=record.pk)
    checklist = None if why_not else checklist_of(record)
    return _page(request, "oversight/validation.html", found, form, checklist, faults, why_not=why_not)


@guarded(Action.PUBLISH, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, run: str) -> HttpResponse:
    """Publish a run, with its act."""
    record = find_run(run)
    form = PublicationForm(request.POST or None)
    faults: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            is_new = publish_results(user_of(request), record, form.cleaned_data["act"], answers_of(request))
        except Refusal as refusal:
            faults = refusal.told
        else:
            done(request, is_new, _("L'esecuzione è pubblicata: ora la legge chiunque."))
            return redirect("oversight:run", run=record.pk)
    found = run_in_words(record)
    is_readable = found.gate == "open" and not any(fault.code in TOUCHED for fault in faults)
    checklist = checklist_of(record) if is_readable else None
    return _page(request, "oversight/publication.html", found, form, checklist, faults)


TOUCHED = frozenset({"CY001", "CY007", "CY019", "CY071"})
"""Refusals of a run whose files are not what was kept: there is nothing of it to look at."""


def answers_of(request: HttpRequest) -> Answers:
    """What the person wrote beside the lines."""
    mark = "reason."
    reasons = {name.removeprefix(mark): str(text) for name, text in request.POST.items() if name.startswith(mark)}
    return Answers(str(request.POST.get("seen", "")), reasons)


def _page(
    request: HttpRequest,
    template: str,
    found: RunInWords,
    form: forms.Form,
    checklist: Checklist | None,
    faults: tuple[Finding, ...],
    **more: object,
) -> HttpResponse:
    """The page, with one message beside each line that wants something and the others above the form."""
    at_lines = {fault.place.cell: fault.reason(spoken()) for fault in faults if fault.place.cell and checklist}
    for fault in faults:
        if fault.place.cell not in at_lines:
            form.add_error(None, fault.message(spoken()))
    lines: list[LineShown] = []
    if checklist is not None:
        written = answers_of(request).reasons
        lines = [
            LineShown(seen, written.get(seen.line.id, ""), at_lines.get(seen.line.id, "")) for seen in checklist.lines
        ]
    context = {
        "record": found.record,
        "told": found,
        "form": form,
        "checklist": checklist,
        "lines": lines,
        "wrong": sum(bool(line.error) for line in lines),
        "may_verify": access(request).may_everywhere(Action.VERIFY),
        **more,
    }
    return render(request, template, context, status=409 if faults else 200)
