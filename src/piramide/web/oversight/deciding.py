"""The OIV's document on a run, and its publication: the gate of payment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piramide.kernel.findings import Refusal
from piramide.web.accounts.guards import EVERYWHERE, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.oversight.acts import Document, publish_results, validate_results
from piramide.web.oversight.forms import PublicationForm, ValidationForm
from piramide.web.oversight.models import ResultsValidation
from piramide.web.oversight.runs_told import find_run, told, why_not_validate
from piramide.web.oversight.views import done


@guarded(Action.VALIDATE_RESULTS, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def validation(request: HttpRequest, run: str) -> HttpResponse:
    """Write the OIV's document on a run."""
    record = find_run(run)
    found = told(record)
    form = ValidationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        known = ResultsValidation.objects.filter(token=data["token"]).exists()
        validate_results(user_of(request), record, Document(**data))
        done(request, not known, _("Il documento di validazione è registrato."))
        return redirect("oversight:run", run=record.pk)
    context = {"record": record, "told": found, "form": form, "why_not": why_not_validate(user_of(request), found)}
    return render(request, "oversight/validation.html", context)


@guarded(Action.PUBLISH, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, run: str) -> HttpResponse:
    """Publish a run, with its act."""
    record = find_run(run)
    form = PublicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            is_new = publish_results(user_of(request), record, form.cleaned_data["act"])
        except Refusal as refusal:
            for finding in refusal.findings:
                form.add_error(None, finding.message())
        else:
            done(request, is_new, _("L'esecuzione è pubblicata: ora la legge chiunque."))
            return redirect("oversight:run", run=record.pk)
    status = 409 if form.is_bound and form.non_field_errors() else 200
    return render(
        request, "oversight/publication.html", {"told": told(record), "record": record, "form": form}, status=status
    )
