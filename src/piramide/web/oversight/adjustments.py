"""Adjustments from proposal to the run that follows; what was adjusted stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from piramide.cycle.adjust import Adjustable, AdjustedValue, keep_adjusted, try_adjustment
from piramide.cycle.runs.holding import holding
from piramide.kernel.findings import Place, refuse
from piramide.kernel.note import note
from piramide.kernel.statuses import Status
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.oversight.effects import as_kept
from piramide.web.oversight.models import Adjustment
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs, register_runs


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person proposes; `token` is of the form, so that a form sent twice counts once."""

    token: UUID
    value: str
    reason: str
    act: str


def propose(user: User, run: RunRecord, row: Adjustable, proposal: Proposal) -> Adjustment:
    """Try an adjustment on a run and keep it as proposed. Refuses what cannot be scored, and (OV006) no change."""
    if known := Adjustment.objects.filter(token=proposal.token).first():
        return known
    if proposal.value == row.value and row.status == Status.ADJUSTED:
        raise refuse("OV006", Place(run.short), row.label)
    adjusted = AdjustedValue(row.structure, row.indicator, proposal.value, note("OV101", act=proposal.act))
    effect = as_kept(try_adjustment(opened_runs(), run.pk, adjusted))
    with transaction.atomic():
        made, is_new = Adjustment.objects.get_or_create(
            token=proposal.token,
            defaults={
                "run": run,
                "structure": row.structure,
                "indicator": row.indicator,
                "label": row.label,
                "unit": row.unit,
                "period": run.period,
                "value_before": row.value,
                "status_before": row.status,
                "value_after": proposal.value,
                "reason": proposal.reason,
                "act": proposal.act,
                "effect": effect,
                "proposed_by": user,
            },
        )
        if is_new:
            _record(user, made, "adjustment.proposed", None, {"run": run.pk, "value": made.value_after})
    return made


def try_again(user: User, adjustment: Adjustment) -> Adjustment:
    """Try a proposed adjustment on the run that holds for its period now. Refuses (OV005) one that was decided."""
    run = holding_run(adjustment)
    effect = as_kept(try_adjustment(opened_runs(), run.pk, adjusted_value(adjustment)))
    with transaction.atomic():
        held = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
        _refuse_decided(held)
        if held.run_id != run.pk:
            before = held.run_id
            held.run, held.effect = run, effect
            held.save(update_fields=["run", "effect"])
            _record(user, held, "adjustment.tried", {"run": before}, {"run": run.pk})
    return held


def confirm(user: User, adjustment: Adjustment) -> Adjustment:
    """Keep the run that follows from an adjustment; the one it was tried on stays.

    Confirmed twice it is confirmed once. Raises `Refusal`: OV005 when it was withdrawn, OV007 when another run holds
    for the period since it was tried.
    """
    if adjustment.state == Adjustment.State.CONFIRMED:
        return adjustment
    _refuse_decided(adjustment)
    _refuse_overtaken(adjustment)
    scored = keep_adjusted(opened_runs(), adjustment.run_id, adjusted_value(adjustment))
    with transaction.atomic():
        held = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
        if held.state == Adjustment.State.CONFIRMED:
            return held
        _refuse_decided(held)
        _refuse_overtaken(held, besides=scored.run_id)
        register_runs()
        RunRecord.objects.filter(pk=scored.run_id, made_by=None).update(made_by=user, reason=held.reason[:300])
        held.state, held.decided_by, held.decided_at = Adjustment.State.CONFIRMED, user, timezone.now()
        held.new_run_id = scored.run_id
        held.save(update_fields=["state", "decided_by", "decided_at", "new_run"])
        before = {"state": "proposed", "value": held.value_before, "run": held.run_id}
        _record(user, held, "adjustment.confirmed", before, {"value": held.value_after, "run": scored.run_id})
    return held


@transaction.atomic
def withdraw(user: User, adjustment: Adjustment, reason: str) -> Adjustment:
    """Withdraw a proposed adjustment; it stays in the list. Refuses (OV005) one that was confirmed."""
    held = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if held.state == Adjustment.State.WITHDRAWN:
        return held
    _refuse_decided(held)
    held.state, held.decided_by, held.decided_at = Adjustment.State.WITHDRAWN, user, timezone.now()
    held.withdrawal_reason = reason
    held.save(update_fields=["state", "decided_by", "decided_at", "withdrawal_reason"])
    change = {"state": "proposed"}, {"state": "withdrawn"}
    record(named(user), Change("adjustment.withdrawn", f"adjustment:{held.pk}", held.structure, *change, reason))
    return held


def holding_run(adjustment: Adjustment) -> RunRecord:
    """The run that holds now for the plan and the period of an adjustment: the latest made."""
    of_the_period = RunRecord.objects.filter(pack=adjustment.run.pack, period=adjustment.period)
    return holding(of_the_period).get((adjustment.run.pack, adjustment.period), adjustment.run)


def adjusted_value(adjustment: Adjustment) -> AdjustedValue:
    """What is scored in the place of the value."""
    return AdjustedValue(
        adjustment.structure, adjustment.indicator, adjustment.value_after, note("OV101", act=adjustment.act)
    )


def _refuse_decided(adjustment: Adjustment) -> None:
    if not adjustment.is_open:
        raise refuse("OV005", Place(adjustment.label), adjustment.structure)


def _refuse_overtaken(adjustment: Adjustment, besides: str = "") -> None:
    """Refuse (OV007) when the run it was tried on holds no more."""
    holding = holding_run(adjustment)
    if holding.pk not in {adjustment.run_id, besides}:
        raise refuse("OV007", Place(adjustment.run.short), holding.short)


def _record(user: User, adjustment: Adjustment, verb: str, before: Any, after: Any) -> None:
    subject = f"adjustment:{adjustment.pk}"
    record(named(user), Change(verb, subject, adjustment.structure, before, after, adjustment.reason, adjustment.act))
