"""Passing a draft through its gates: what was proposed is what is judged and adopted, and it then is a plan."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from piramide.cycle.plans.drafting.checking import check_draft
from piramide.cycle.plans.drafting.edits import Heading
from piramide.cycle.plans.drafting.gates import (
    Opinion,
    Stage,
    Step,
    after,
    refuse_out_of_time,
    refuse_out_of_validity,
    refuse_own_opinion,
)
from piramide.cycle.plans.drafting.writing import write_plan
from piramide.kernel.findings import Finding, Refusal, refuse
from piramide.methodology.model import Act, Pack
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, one_writer, record
from piramide.web.plans.adoptions import note_adoptions
from piramide.web.plans.drafts import act_id, as_edits, base_of, heading, locked, rows_at
from piramide.web.plans.models import Draft, Passage
from piramide.web.plans.versions import adopted_folder, is_taken, version_called


@dataclass(frozen=True, slots=True)
class GivenAct:
    """The act of a gate as somebody writes it down."""

    number: str
    day: date
    issuer: str = ""
    note: str = ""
    opinion: Opinion | None = None
    effective_on: date | None = None


@transaction.atomic
def open_draft(user: User, base: str, name: str, label: str, year: int) -> Draft:
    """Open a draft over a version of the plan. Raises `Refusal` (DR006) when the name is taken."""
    one_writer()  # of two with one name, one is told so
    version = version_called(base)
    if is_taken(name):
        raise refuse("DR006", subject=name)
    draft = Draft.objects.create(
        pack=name, label=label, year=year, base=base, base_hash=version.printed.hash, opened_by=user
    )
    record(named(user), Change("plan.draft_opened", name, after={"label": label, "year": year, "base": base}))
    return draft


@transaction.atomic
def propose(draft_id: int, user: User, given: GivenAct) -> Draft:
    """Propose the draft. Raises `Refusal`: DR013 nothing is changed, DR010 with every error it has."""
    draft = locked(draft_id)
    if _is_repeated(draft, user, Step.PROPOSAL, given):
        return draft
    stage = after(draft.at, Step.PROPOSAL)
    refuse_out_of_time(given.day, None, timezone.localdate())
    rows = rows_at(draft)
    if not rows:
        raise refuse("DR013")
    plan = written_draft(draft)
    if errors := check_draft(base_of(draft).source, plan).errors:
        raise Refusal(Finding("DR010", fields={"count": len(errors)}), *errors)
    return _pass(draft, user, Step.PROPOSAL, given, (stage, plan.hash))


@transaction.atomic
def give_opinion(draft_id: int, user: User, given: GivenAct) -> Draft:
    """Give the binding opinion; an unfavourable one sends the draft back. Raises `Refusal`: DR009 for who proposed."""
    draft = locked(draft_id)
    if _is_repeated(draft, user, Step.OPINION, given):
        return draft
    stage = after(draft.at, Step.OPINION, given.opinion)
    proposal = draft.passages.get(circuit=draft.circuit, step=Step.PROPOSAL.value)
    refuse_own_opinion(proposal.by.email, user.email)
    refuse_out_of_time(given.day, proposal.act_day, timezone.localdate())
    return _pass(draft, user, Step.OPINION, given, (stage, proposal.content))


@transaction.atomic
def adopt(draft_id: int, user: User, given: GivenAct) -> Draft:
    """Adopt the draft: from its date of effect it is the plan in force. What is adopted already stays as it is.

    Without a date of effect it is the first day that the plan holds for. Raises `Refusal` (DR014) for a day outside.
    """
    draft = locked(draft_id)
    if draft.at is Stage.ADOPTED:
        transaction.on_commit(note_adoptions)
        return draft
    stage = after(draft.at, Step.ADOPTION)
    opinion = draft.passages.get(circuit=draft.circuit, step=Step.OPINION.value)
    refuse_out_of_time(given.day, opinion.act_day, timezone.localdate())
    validity = base_of(draft).source.validity(draft.year)
    draft.effective_on = given.effective_on or validity["since"]
    refuse_out_of_validity(draft.effective_on, validity["since"], validity["until"])
    act = Act(act_id(draft), draft.label, "", given.number, given.issuer, given.day)
    said = Heading(draft.pack, draft.label, draft.year, act)
    folder = adopted_folder() / draft.pack
    _clear_stopped_adoption(folder)
    plan = write_plan(base_of(draft).source, as_edits(rows_at(draft)), said, folder)
    draft.adopted_hash = plan.hash
    transaction.on_commit(note_adoptions)
    _pass(draft, user, Step.ADOPTION, given, (stage, plan.hash))
    shutil.rmtree(_drafts_of(draft), ignore_errors=True)
    return draft


def _clear_stopped_adoption(folder: Path) -> None:
    """Remove what an adoption left that was stopped before it was kept: no adopted plan has that folder.

    The name of a draft is its own, and whoever adopts holds its row: nobody else is writing there.
    """
    if folder.is_dir() and not Draft.objects.filter(pack=folder.name).exclude(adopted_hash="").exists():
        shutil.rmtree(folder)


@transaction.atomic
def send_back(draft_id: int, user: User, note: str) -> Draft:
    """Return a draft to the planners before it is adopted; it will be proposed and judged anew."""
    draft = locked(draft_id)
    if draft.at is Stage.DRAFT:
        return draft
    stage = after(draft.at, Step.RETURN)
    return _pass(draft, user, Step.RETURN, GivenAct("", timezone.localdate(), note=note), (stage, ""))


def written_draft(draft: Draft) -> Pack:
    """The draft as a folder of its own, read back: what is checked is what will be adopted."""
    folder = _drafts_of(draft) / str(draft.revision) / draft.pack
    return write_plan(base_of(draft).source, as_edits(rows_at(draft)), heading(draft), folder)


def _drafts_of(draft: Draft) -> Path:
    return adopted_folder() / ".drafts" / draft.pack


def _is_repeated(draft: Draft, user: User, step: Step, given: GivenAct) -> bool:
    """Whether this is the last gate again: a form sent twice."""
    last = draft.passages.order_by("-pk").first()
    said = (step.value, given.number, given.day, given.opinion.value if given.opinion else "", user.pk)
    return last is not None and (last.step, last.act, last.act_day, last.opinion, last.by_id) == said


def _pass(draft: Draft, user: User, step: Step, given: GivenAct, reached: tuple[Stage, str]) -> Draft:
    """Write down a gate and the stage it leads to, in the table and in the register."""
    stage, content = reached
    before = draft.stage
    opinion = given.opinion.value if given.opinion else ""
    Passage.objects.create(
        draft=draft, circuit=draft.circuit, step=step.value, opinion=opinion, act=given.number, act_day=given.day,
        issuer=given.issuer, note=given.note, content=content, by=user,
    )  # fmt: skip
    draft.stage = stage.value
    if stage is Stage.DRAFT:
        draft.circuit += 1
    draft.save()
    told = {"stage": stage.value, "content": content} | ({"opinion": opinion} if opinion else {})
    if stage is Stage.ADOPTED and draft.effective_on is not None:
        told["effective_on"] = draft.effective_on.isoformat()
    act = f"{given.number} · {given.day:%Y-%m-%d}" if given.number else ""
    record(named(user), Change(f"plan.{step.value}", draft.pack, "", {"stage": before}, told, given.note, act))
    return draft
