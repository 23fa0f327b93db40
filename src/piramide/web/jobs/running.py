"""Asking for work and doing it."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from piramide.kernel.findings import Refusal
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, one_writer, record
from piramide.web.jobs.kinds import KINDS, Cancelled, Outcome, Progress, SignsOfLife
from piramide.web.jobs.models import LIVE, Job, State

log = logging.getLogger("piramide.jobs")


@transaction.atomic
def start(
    user: User | None, kind: str, arguments: dict[str, Any], structure: str = "", again: Job | None = None
) -> Job:
    """Ask for work of a registered kind; it begins when this transaction is kept.

    Raises `KeyError` for no such kind.
    """
    asked = KINDS[kind]
    job = Job.objects.create(kind=asked.id, arguments=arguments, structure=structure, asked_by=user, again=again)
    record(named(user), Change("job.asked", f"job:{job.pk}", structure, after={"kind": kind, "arguments": arguments}))
    transaction.on_commit(lambda: run_job.enqueue(str(job.pk)))
    return job


@transaction.atomic
def start_once(
    user: User, kind: str, arguments: dict[str, Any], structure: str, *, whoever: tuple[str, ...] = ("user", "reason")
) -> Job:
    """Ask for work unless it is under way: asked twice, by a double click or by two people, it is done once.

    `whoever` names the arguments that do not make it other work.
    """
    one_writer()
    same = {f"arguments__{name}": value for name, value in arguments.items() if name not in whoever}
    live = Job.objects.filter(kind=kind, state__in=LIVE, cancel_asked=False, **same).first()
    return live or start(user, kind, arguments, structure)


@task()
def run_job(job_id: str) -> str:
    """Do the work of a job, once; the state it ended in. A job that is not waiting any more is left alone."""
    key = UUID(job_id)
    now = timezone.now()
    if not Job.objects.filter(pk=key, state=State.WAITING, cancel_asked=False).update(
        state=State.RUNNING, started_at=now, heard_at=now
    ):
        Job.objects.filter(pk=key, state=State.WAITING).update(state=State.CANCELLED, ended_at=now)
        return str(State.CANCELLED)
    job = Job.objects.get(pk=key)
    state, outcome = _attempt(job)
    ended = {"state": state, "ended_at": timezone.now(), "outcome": outcome.text, "address": outcome.address}
    after = {"state": state, "outcome": outcome.text}
    with transaction.atomic():
        # A job that was thought dead and came back has done its work all the same: what it kept is whole.
        Job.objects.filter(pk=key).update(**ended)
        record(named(job.asked_by), Change("job.ended", f"job:{key}", job.structure, after=after))
    return str(state)


def _attempt(job: Job) -> tuple[State, Outcome]:
    try:
        with SignsOfLife(job.pk):
            return State.DONE, KINDS[job.kind].work(Progress(job.pk), job.arguments)
    except Cancelled:
        return State.CANCELLED, Outcome(_("Annullato prima della fine: non ha lasciato nulla a metà."))
    except Refusal as refusal:
        return State.REFUSED, Outcome(str(refusal))
    except Exception:
        log.exception("job %s of kind %s failed", job.pk, job.kind)
        return State.FAILED, Outcome(_("Un errore imprevisto, annotato per chi amministra il sito. Nulla è a metà."))


@transaction.atomic
def cancel(user: User, job: Job) -> None:
    """Ask a job to stop: at once when it waits, at its next step when it runs."""
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=State.WAITING).update(state=State.CANCELLED, ended_at=timezone.now())
    record(named(user), Change("job.cancelled", f"job:{job.pk}", job.structure))


def repeat(user: User, job: Job) -> Job:
    """Ask for the same work again."""
    return start(user, job.kind, job.arguments, job.structure, again=job)
