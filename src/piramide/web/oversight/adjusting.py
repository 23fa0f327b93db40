"""The register of adjustments: proposed, tried, confirmed or withdrawn; what each moved."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.cycle.adjust import Adjustable, adjustable
from piramide.kernel.findings import Refusal
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.oversight import adjustments as register
from piramide.web.oversight.effects import in_words
from piramide.web.oversight.forms import AdjustmentForm, WithdrawalForm
from piramide.web.oversight.models import Adjustment
from piramide.web.oversight.run_wording import find_run
from piramide.web.oversight.value_wording import status_word, written
from piramide.web.oversight.views import done
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

PAGE: Final = 50


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every adjustment, withdrawn ones too."""
    every = Adjustment.objects.select_related("run", "new_run", "proposed_by", "decided_by")
    page = Paginator(every, PAGE).get_page(request.GET.get("pagina"))
    newest = RunRecord.objects.order_by("-ends_on", "-made_at").first()
    context = {
        "page": page,
        "lines": [_line(adjustment) for adjustment in page],
        "open_count": every.filter(state=Adjustment.State.PROPOSED).count(),
        "newest": newest,
        "may_adjust": access(request).may_everywhere(Action.ADJUST),
    }
    return render(request, "oversight/adjustments.html", context)


def _line(adjustment: Adjustment) -> dict[str, Any]:
    """An adjustment in words."""
    tree = organisation_on(adjustment.run.ends_on)
    effect = in_words(adjustment.effect)
    return {
        "adjustment": adjustment,
        "place": tree[adjustment.structure].label if adjustment.structure in tree else adjustment.structure,
        "before": written(adjustment.value_before, adjustment.unit),
        "status": status_word(adjustment.status_before),
        "after": written(adjustment.value_after, adjustment.unit),
        "effect": effect,
        "own": effect.of(adjustment.structure),
    }


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One adjustment: reason, act, value and effect before and after."""
    every = Adjustment.objects.select_related("run", "new_run", "proposed_by", "decided_by")
    found = get_object_or_404(every, pk=number)
    holding = register.holding_run(found)
    context = _line(found) | {
        "holding": holding,
        "is_overtaken": found.is_open and holding.pk != found.run_id,
        "may_adjust": access(request).may_everywhere(Action.ADJUST),
    }
    return render(request, "oversight/adjustment.html", context)


@guarded(Action.ADJUST, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, run: str) -> HttpResponse:
    """Choose a structure, then say which value is another, why and by which act; its effect is shown next."""
    record = find_run(run)
    structures = opened_runs().outline(record.pk).structures
    chosen = request.GET.get("struttura", "")
    context: dict[str, Any] = {"record": record, "structures": structures.values(), "chosen": structures.get(chosen)}
    if chosen not in structures:
        return render(request, "oversight/propose.html", context)
    rows = {row.indicator: row for row in adjustable(opened_runs(), record.pk, chosen)}
    form = AdjustmentForm([(name, _choice(row)) for name, row in rows.items()], request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        known = Adjustment.objects.filter(token=data["token"]).exists()
        proposal = register.Proposal(data["token"], data["value"], data["reason"], data["act"])
        try:
            made = register.propose(user_of(request), record, rows[data["indicator"]], proposal)
        except Refusal as refusal:
            for finding in refusal.told:
                form.add_error("value", finding.message())
        else:
            done(request, not known, _("La rettifica è proposta: ecco che cosa cambierebbe."))
            return redirect("oversight:adjustment", number=made.pk)
    return render(request, "oversight/propose.html", context | {"form": form})


def _choice(row: Adjustable) -> str:
    status = status_word(row.status)
    text = f"{row.label}: {written(row.value, row.unit)}"
    return f"{text} ({status})" if status and row.value else text


@guarded(Action.ADJUST, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, then keep the run that follows."""
    found = get_object_or_404(Adjustment.objects.select_related("run"), pk=number)
    if request.method == "POST":
        was_open = found.is_open
        made = register.confirm(user_of(request), found)
        done(
            request, was_open, _("La rettifica è confermata: c'è una nuova esecuzione, quella di prima resta com'era.")
        )
        return redirect("oversight:adjustment", number=made.pk)
    if not found.is_open:
        return redirect("oversight:adjustment", number=found.pk)
    return render(request, "oversight/confirm.html", _line(found))


@guarded(Action.ADJUST, EVERYWHERE)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Try a proposed adjustment on the run that holds now."""
    found = get_object_or_404(Adjustment.objects.select_related("run"), pk=number)
    before = found.run_id
    made = register.try_again(user_of(request), found)
    done(request, made.run_id != before, _("L'effetto è ricalcolato sull'esecuzione che vale ora."))
    return redirect("oversight:adjustment", number=found.pk)


@guarded(Action.ADJUST, EVERYWHERE)
@never_cache
@require_http_methods(["GET", "POST"])
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a proposed adjustment, with a reason; it stays in the list."""
    found = get_object_or_404(Adjustment.objects.select_related("run"), pk=number)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        was_open = found.is_open
        register.withdraw(user_of(request), found, form.cleaned_data["reason"])
        done(request, was_open, _("La rettifica è ritirata e resta nell'elenco."))
        return redirect("oversight:adjustment", number=found.pk)
    if not found.is_open:
        return redirect("oversight:adjustment", number=found.pk)
    return render(request, "oversight/withdraw.html", _line(found) | {"form": form})
