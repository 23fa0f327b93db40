"""Long work: ask, watch, cancel, run again."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.kernel.durable import whole_file
from piramide.kernel.findings import Place, refuse
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.house.receiving import upload_fault
from piramide.web.jobs.forms import LoadForm, ScoreForm
from piramide.web.jobs.kinds import KINDS
from piramide.web.jobs.models import Job, bury_the_dead
from piramide.web.jobs.running import cancel, repeat, start, start_once
from piramide.web.results.models import RunRecord

PAGE = 50


@guarded(Action.RUN_JOBS, EVERYWHERE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was asked for, newest first."""
    bury_the_dead()
    jobs = Paginator(Job.objects.select_related("asked_by"), PAGE).get_page(request.GET.get("pagina"))
    rows = [{"job": job, "kind": KINDS.get(job.kind)} for job in jobs]
    return render(request, "jobs/index.html", {"rows": rows, "jobs": jobs})


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def ask_score(request: HttpRequest) -> HttpResponse:
    """Measure and score a period."""
    form = ScoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = user_of(request)
        job = start_once(user, "score", {**form.cleaned_data, "user": user.pk}, access(request).tops()[0])
        return redirect("jobs:show", job=job.pk)
    return render(request, "jobs/ask.html", {"form": form, "title": _("Calcola un periodo"), "button": _("Calcola")})


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def ask_load(request: HttpRequest) -> HttpResponse:
    """Load a file of facts."""
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and (fault := upload_fault(request)):
        form.full_clean()
        form.errors["file"] = form.error_class([fault])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        path = _kept_upload(data["file"])
        arguments = {"dataset": data["dataset"], "path": str(path), "learned_on": data["learned_on"].isoformat()}
        job = start(user_of(request), "load", arguments, access(request).tops()[0])
        return redirect("jobs:show", job=job.pk)
    return render(request, "jobs/ask.html", {"form": form, "title": _("Carica fatti"), "button": _("Carica")})


def _kept_upload(file: UploadedFile[Any]) -> Path:
    """Keep an upload whole under its own name, or refuse (SI003) when the disk has no room."""
    folder = settings.MEDIA_ROOT / "uploads"
    target = folder / f"{uuid.uuid4()}-{Path(str(file.name)).suffix.lower()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as draft, draft.open("wb") as out:
            shutil.copyfileobj(file, out)
    except OSError as error:
        raise refuse("SI003", Place(str(file.name)), problem=error.strerror or str(error)) from error
    return target


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_POST
def ask_sheets(request: HttpRequest, run: str) -> HttpResponse:
    """Print every sheet of a run."""
    record = get_object_or_404(RunRecord, run=run)
    language = spoken()
    arguments = {"run": record.run, "language": language}
    job = start_once(user_of(request), "sheets", arguments, access(request).tops()[0])
    return redirect("jobs:show", job=job.pk)


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_safe
def sheets(request: HttpRequest, run: str, language: str) -> FileResponse:  # noqa: ARG001 - the guard uses it
    """The archive of every sheet of a run."""
    record = get_object_or_404(RunRecord, run=run)
    path = settings.MEDIA_ROOT / "sheets" / f"{record.run}-{language[:2]}.zip"
    if language not in dict(settings.LANGUAGES) or not path.is_file():
        raise Http404(run)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"schede-{record.period}-{record.short}.zip")


@never_cache
@require_safe
def show(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """One job; asked by the page itself, only the part that moves."""
    bury_the_dead()
    found = _mine(request, job)
    template = "jobs/state.html" if request.headers.get("HX-Request") else "jobs/show.html"
    return render(request, template, {"job": found, "kind": KINDS.get(found.kind)})


@require_POST
def ask_cancel(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """Stop a job."""
    found = _mine(request, job)
    if found.is_live:
        cancel(user_of(request), found)
        messages.success(request, _("Il lavoro si ferma al prossimo passo."))
    return redirect("jobs:show", job=found.pk)


@require_POST
def ask_repeat(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """Run a job again that did not do its work."""
    found = _mine(request, job)
    if not found.can_repeat:
        return redirect("jobs:show", job=found.pk)
    return redirect("jobs:show", job=repeat(user_of(request), found).pk)


def _mine(request: HttpRequest, job: uuid.UUID) -> Job:
    """The job, for who may ask for its kind where it was asked; 404 for everybody else."""
    person = access(request)
    found = get_object_or_404(Job.objects.select_related("asked_by"), pk=job)
    kind = KINDS.get(found.kind)
    action = kind.action if kind else Action.RUN_JOBS
    if not person.may(action, found.structure or None):
        raise Http404(str(job))
    return found
