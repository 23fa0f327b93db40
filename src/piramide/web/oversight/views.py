"""Runs: what was made, verified, validated, published; what differs between two of them; findings of the plans."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from piramide.cycle.runs.comparison import compare_runs
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.jobs.running import start_once
from piramide.web.oversight.overview import counts
from piramide.web.oversight.plan_findings import LEVELS, findings_of, lines_for, packs
from piramide.web.oversight.run_wording import (
    INPUTS,
    every_run,
    find_run,
    inputs_of,
    lines_of,
    run_in_words,
    why_not_validate,
)
from piramide.web.oversight.value_wording import value_changes
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

PAGE: Final = 50
MOST_SHOWN: Final = 100


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How many runs, findings, alarms and adjustments there are, and what waits."""
    return render(request, "oversight/index.html", {"counts": counts()})


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Every run."""
    page = Paginator(every_run(), PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page": page,
        "lines": lines_of(list(page)),
        "published": RunRecord.objects.exclude(published_at=None).count(),
    }
    return render(request, "oversight/runs.html", context)


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def run(request: HttpRequest, run: str) -> HttpResponse:
    """One run: what it was made from, whether it recomputes, who may do what with it."""
    record = find_run(run)
    found = run_in_words(record)
    person = access(request)
    context = {
        "told": found,
        "record": record,
        "inputs": inputs_of(record),
        "count": len(opened_runs().outline(record.pk).structures),
        "permanent": f"{settings.CONFIGURATION.origin}{reverse('oversight:run', args=[record.pk])}",
        "may_verify": person.may_everywhere(Action.VERIFY),
        "may_validate": person.may_everywhere(Action.VALIDATE_RESULTS),
        "may_publish": person.may_everywhere(Action.PUBLISH),
        "may_adjust": person.may_everywhere(Action.ADJUST),
        "may_print": person.may_everywhere(Action.RUN_JOBS),
        "why_not": why_not_validate(person.user, found),
    }
    return render(request, "oversight/run.html", context)


@guarded(Action.VERIFY, EVERYWHERE)
@require_POST
def ask_verify(request: HttpRequest, run: str) -> HttpResponse:
    """Recompute a run now; asked twice while it is under way, it is done once."""
    record = find_run(run)
    user = user_of(request)
    arguments = {"run": record.pk, "user": user.pk}
    job = start_once(user, "verify", arguments, access(request).tops()[0], whoever=())  # everybody signs their own
    return redirect("jobs:show", job=job.pk)


@guarded(Action.OVERSEE, EVERYWHERE)
@require_safe
def ask_comparison(request: HttpRequest) -> HttpResponse:
    """Lead from the form of a run to the address of the comparison."""
    before, after = (find_run(request.GET.get(name, "")) for name in ("da", "a"))
    return redirect("oversight:comparison", before=before.run[:16], after=after.run[:16])


@guarded(Action.OVERSEE, EVERYWHERE)
@require_safe
def comparison(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """What differs between two runs: inputs, values, scores."""
    one, other = find_run(before), find_run(after)
    found = compare_runs(opened_runs(), one.pk, other.pk)
    context = {
        "before": one,
        "after": other,
        "found": found,
        "inputs": [(INPUTS.get(change.name, change.name), change) for change in found.inputs],
        "values": value_changes(found, organisation_on(other.ends_on), MOST_SHOWN),
        "moved": found.moved[:MOST_SHOWN],
        "whole": [move for move in found.moved if not move.is_partial],
        "most": MOST_SHOWN,
    }
    return render(request, "oversight/comparison.html", context)


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Published runs that took the place of published ones: what was corrected, by which act, what moved."""
    last: dict[tuple[str, str], RunRecord] = {}
    rows = []
    for record in every_run().exclude(published_at=None).order_by("made_at"):
        key = record.pack, record.period
        if key in last:
            rows.append((last[key], record, compare_runs(opened_runs(), last[key].pk, record.pk).moved))
        last[key] = record
    rows.reverse()
    return render(request, "oversight/corrections.html", {"rows": rows})


@guarded(Action.OVERSEE, EVERYWHERE)
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What the checks found in a plan as it is printed."""
    known = packs()
    chosen = request.GET.get("piano") or next(iter(known))
    if chosen not in known:
        raise Http404(chosen)
    level = request.GET.get("gravita", "")
    report = findings_of(chosen)
    every = lines_for(report)
    wanted = [line for line in every if level not in LEVELS or line.level == level]
    context = {
        "report": report,
        "packs": known,
        "chosen": chosen,
        "level": level if level in LEVELS else "",
        "levels": [(name, label, sum(line.level == name for line in every)) for name, label in LEVELS.items()],
        "total": len(every),
        "page": Paginator(wanted, PAGE).get_page(request.GET.get("pagina")),
    }
    return render(request, "oversight/findings.html", context)


def done(request: HttpRequest, is_new: bool, text: str) -> None:  # noqa: FBT001 - the answer of an act
    """Say what was done, or that it had been done already."""
    if is_new:
        messages.success(request, text)
    else:
        messages.info(request, _("Era già stato fatto: non è cambiato altro."))
