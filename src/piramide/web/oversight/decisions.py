"""What people decide about runs: each act refuses what may not be, changes its rows and writes the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from piramide.cycle.runs.holding import later_than
from piramide.cycle.runs.seals import proven_in_full
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, head_of, one_writer, record
from piramide.web.oversight.last_look.checklist import Answers, checklist_of
from piramide.web.oversight.models import Adjustment, AlarmNote, AlarmReport, PassedOver, ResultsValidation
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs


@dataclass(frozen=True, slots=True)
class Document:
    """What the OIV writes of a run; `token` is of the form, so that a form sent twice counts once."""

    token: UUID
    outcome: str
    act: str
    day: date
    text: str


@transaction.atomic
def validate_results(user: User, run: RunRecord, document: Document, answers: Answers) -> ResultsValidation:
    """Keep the OIV's document on a run; one that does not validate it needs no answer to the checklist.

    Raises `Refusal`: OV002 for who made it or its adjustments, OV003 published, OV008 to OV010 as the checklist says.
    """
    held = RunRecord.objects.select_for_update().get(pk=run.pk)
    if known := ResultsValidation.objects.filter(token=document.token).first():
        return known
    if user.pk in people_behind(held):
        raise refuse("OV002", Place(held.short))
    if held.is_published:
        raise refuse("OV003", Place(held.short))
    before = held.validations.first()
    passed = () if document.outcome == ResultsValidation.Outcome.REFUSED else _passed_over(held, answers)
    made = ResultsValidation.objects.create(
        token=document.token,
        run=held,
        outcome=document.outcome,
        act=document.act,
        day=document.day,
        text=document.text,
        by=user,
    )
    _keep(passed, user, PassedOver.Step.VALIDATION, made)
    after = {"outcome": document.outcome, "day": document.day.isoformat()} | _told(passed)
    told = {"outcome": before.outcome, "day": before.day.isoformat()} if before else None
    record(named(user), Change("results.validated", f"run:{held.pk}", "", told, after, document.text, document.act))
    return made


def people_behind(run: RunRecord) -> set[int]:
    """Ids of who made a run, and of who proposed or confirmed an adjustment that it carries."""
    people: set[int | None] = {run.made_by_id}
    for adjustment in adjustments_in(run):
        people |= {adjustment.proposed_by_id, adjustment.decided_by_id}
    return {person for person in people if person is not None}


def adjustments_in(run: RunRecord) -> list[Adjustment]:
    """Confirmed adjustments that a run carries: those it was made by, and those of the runs it came from."""
    by_run: dict[str, list[Adjustment]] = {}
    confirmed = Adjustment.objects.filter(state=Adjustment.State.CONFIRMED, period=run.period).select_related(
        "proposed_by", "decided_by"
    )
    for adjustment in confirmed:
        if adjustment.new_run_id is not None:
            by_run.setdefault(adjustment.new_run_id, []).append(adjustment)
    found, waiting, seen = [], [run.pk], set()
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        for adjustment in by_run.get(key, ()):
            found.append(adjustment)
            waiting.append(adjustment.run_id)
    return found


def _passed_over(run: RunRecord, answers: Answers) -> tuple[PassedOver, ...]:
    """The lines that the answers pass over, not kept yet. Raises `Refusal` OV008 to OV010 where they do not do."""
    checklist = checklist_of(run)
    if faults := checklist.faults(answers):
        raise Refusal(*faults)
    return tuple(
        PassedOver(run=run, line=seen.line.id, count=len(seen.items), reason=answers.reasons[seen.line.id].strip())
        for seen in checklist.asking
    )


def _keep(
    passed: Sequence[PassedOver], user: User, step: PassedOver.Step, validation: ResultsValidation | None = None
) -> None:
    for one in passed:
        one.by, one.step, one.validation = user, step, validation
        one.save()


def _told(passed: Sequence[PassedOver]) -> dict[str, Any]:
    """What the register says of them."""
    return {"passed_over": {one.line: one.reason for one in passed}} if passed else {}


@transaction.atomic
def publish_results(user: User, run: RunRecord, act: str, answers: Answers) -> bool:
    """Let everybody read a run; whether it was not so before.

    Raises `Refusal`: OV001 not validated, OV004 when a later run of the period is published already, CY007, CY071 when
    a file of the run is not the one that was kept: all of them are read for it; OV008 to OV010 as the checklist says.
    """
    one_writer()  # what is looked at stays so until it is public
    held = RunRecord.objects.select_for_update().get(pk=run.pk)
    if held.is_published:
        return False
    validation = held.validations.first()
    if validation is None or not validation.opens:
        raise refuse("OV001", Place(held.short))
    proven_in_full(opened_runs().store.folder(run.pk))
    published = RunRecord.objects.filter(pack=held.pack, period=held.period).exclude(published_at=None)
    if newer := later_than(held, published):
        raise refuse("OV004", Place(held.short), newer.short)
    passed = _passed_over(held, answers)
    now = timezone.now()
    changed = RunRecord.objects.filter(pk=held.pk, published_at=None).update(
        published_at=now, published_by=user, publication_act=act
    )
    if changed:
        _keep(passed, user, PassedOver.Step.PUBLICATION)
        after = {"published_at": now.isoformat(timespec="seconds"), "validation": validation.act} | _told(passed)
        row = record(
            named(user), Change("results.published", f"run:{held.pk}", "", {"published_at": None}, after, act=act)
        )
        RunRecord.objects.filter(pk=held.pk).update(register_head=str(head_of(row)))
    return bool(changed)


@transaction.atomic
def note_alarm(user: User, report: AlarmReport, structure: str, content: dict[str, Any]) -> AlarmNote:
    """Keep what a person writes beside an alarm; `content` holds token, key, kind and text."""
    one_writer()  # a form sent twice counts once
    known = AlarmNote.objects.filter(token=content["token"]).first()
    if known is not None:
        return known
    note = AlarmNote.objects.create(report=report, structure=structure, by=user, **content)
    after = {"kind": note.kind, "key": note.key, "period": report.pk}
    record(named(user), Change("alarm.noted", f"alarm:{note.key}", structure, after=after, reason=note.text))
    return note
