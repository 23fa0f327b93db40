"""Recording steps: who may, in which order, with which proof."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from piramide.cycle.boards.projects import ATTESTED, COLUMNS, PLANNED, REFUSED, VALIDATED, Deliverable, Step, may_follow
from piramide.cycle.collected import decimal_text, write_whole
from piramide.kernel.findings import refuse
from piramide.reports.formulas import harmless
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, one_writer, record
from piramide.web.collection.evidence import attach
from piramide.web.jobs.models import Job
from piramide.web.jobs.running import start_once
from piramide.web.projects.models import ProjectRecord, ProjectStep
from piramide.web.projects.registry import not_in_facts, projects


@dataclass(frozen=True, slots=True)
class Said:
    """A step that somebody records; `day` is the due day of a planned one, else the last day of its quarter."""

    project: str
    structure: str
    deliverable: str
    kind: str
    day: date
    progress: Decimal
    note: str = ""


@transaction.atomic
def add_project(user: User, said: ProjectRecord) -> ProjectRecord:
    """Add a project to the register. Refuses CO020 one that is there."""
    one_writer()
    if (said.code, said.structure) in projects():
        raise refuse("CO020", subject=said.code)
    said.by = user
    said.save()
    after = {"title": said.title, "programme": said.programme}
    record(named(user), Change("project.registered", f"project:{said.code}", said.structure, after=after))
    return said


@transaction.atomic
def add_step(user: User, said: Said, file: UploadedFile[Any] | None = None) -> ProjectStep:
    """Record a step with its document.

    Refuses CO013 an attestation without document, CO015 a judgement by who attested, CO016 a step out of order, CO020 a
    deliverable planned twice.
    """
    one_writer()  # what may follow is what the last one left
    project = projects()[said.project, said.structure]
    deliverable = next((item for item in project.deliverables if item.code == said.deliverable), None)
    _refuse_if_unfit(user, said, deliverable)
    if said.kind == ATTESTED and file is None:
        raise refuse("CO013")
    place = {name: getattr(said, name) for name in ("project", "structure", "deliverable", "kind")}
    made = ProjectStep.objects.create(
        **place, day=_free_day(said, deliverable), progress=said.progress, note=said.note, by=user
    )
    after = {"kind": said.kind, "day": said.day.isoformat(), "progress": str(said.progress)}
    subject = f"project:{said.project}/{said.deliverable}"
    before = {"reached": deliverable.last, "progress": decimal_text(deliverable.progress)} if deliverable else None
    record(named(user), Change(f"deliverable.{said.kind}", subject, said.structure, before, after, said.note))
    if file is not None:
        attach(user, f"step:{made.pk}", said.structure, file)
    return made


def _free_day(said: Said, deliverable: Deliverable | None) -> date:
    """The day of a step; the nearest before it when the same thing happened that day already."""
    taken = {step.day for step in deliverable.steps if step.kind == said.kind} if deliverable else set()
    day = said.day
    while day in taken:
        day -= timedelta(days=1)
    return day


def _refuse_if_unfit(user: User, said: Said, deliverable: Deliverable | None) -> None:
    if said.kind == PLANNED:
        if deliverable is not None:
            raise refuse("CO020", subject=said.deliverable)
        return
    if deliverable is None or not may_follow(deliverable, said.kind):
        kind = ProjectStep.Kind(said.kind).label
        raise refuse("CO016", subject=said.deliverable, step=str(kind))
    if said.kind in {VALIDATED, REFUSED} and attested(user, deliverable):
        raise refuse("CO015", subject=said.deliverable)


def attested(user: User, deliverable: Deliverable) -> bool:
    """Whether a person attested a deliverable, ever."""
    return any(step.kind == ATTESTED and step.by == user.pk for step in deliverable.steps)


def dataset_text(steps: list[Step]) -> str:
    """Steps as a file of the dataset `projects`, which `facts load` takes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for step in steps:
        progress = f"{float(step.progress):.2f}"
        writer.writerow(
            (step.project, step.deliverable, step.structure, step.day, step.kind, progress, harmless(step.who))
        )
    return text.getvalue()


def load_steps(user: User, structure: str) -> Job | None:
    """Have the steps that facts do not tell yet loaded into the ledger; nothing when there are none."""
    steps = not_in_facts()
    if not steps:
        return None
    data = dataset_text(steps).encode()
    path = Path(settings.MEDIA_ROOT) / "uploads" / f"{hashlib.sha256(data).hexdigest()[:32]}-projects.csv"
    write_whole(path, data)
    today = timezone.localdate().isoformat()
    return start_once(user, "load", {"dataset": "projects", "path": str(path), "learned_on": today}, structure)
