"""Pages and files of open data: nobody signs in, and only published runs are there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from piramide.web.audit.chain import head
from piramide.web.house.pages import PageKey, kept_text
from piramide.web.opendata import files
from piramide.web.opendata.catalogue import FORMS as CATALOGUE_FORMS
from piramide.web.opendata.catalogue import catalogue
from piramide.web.opendata.columns import COLUMNS
from piramide.web.opendata.datasets import DATASETS, OF_RUN, Dataset, published
from piramide.web.opendata.licences import licence
from piramide.web.plans_in_force import plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs, run_called

NEWEST = 6


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The datasets, and the newest runs."""
    records = published()
    context = _about(records) | {
        "datasets": [(one, _files(one, None)) for one in DATASETS.values()],
        "runs": records[:NEWEST],
        "others": records[NEWEST:],
        "catalogues": [(form, files.address("catalogue", form)) for form in CATALOGUE_FORMS],
    }
    return render(request, "opendata/index.html", context)


def _about(records: tuple[RunRecord, ...]) -> dict[str, object]:
    return {
        "records": records,
        "first": records[-1] if records else None,
        "last": records[0] if records else None,
        "licence": licence(),
    }


def _files(dataset: Dataset, record: RunRecord | None) -> list[tuple[str, str]]:
    """Forms and addresses of a dataset, of one run or of what is published."""
    if record is None:
        return [(form, files.address("file", dataset.id, form)) for form in files.FORMS]
    return [(form, files.address("run_file", record.run, dataset.id, form)) for form in files.FORMS]


@require_safe
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """What a dataset holds, column by column."""
    found = _dataset(name)
    context = _about(published()) | {
        "dataset": found,
        "files": _files(found, None),
        "columns": [(column, COLUMNS[column]) for column in found.columns],
    }
    return render(request, "opendata/dataset.html", context)


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """The data-quality statement of every indicator of the plan."""
    pack = plan()
    indicators = [(one, pack.acts.get(one.citation.act)) for one in pack.indicators.values()]
    return render(request, "opendata/quality.html", {"plan_label": pack.label, "indicators": indicators})


@require_safe
def recompute(request: HttpRequest) -> HttpResponse:
    """How anybody can compute a published run again."""
    records = published()
    context = _about(records) | {"archive": _archive(records[0]) if records else ""}
    return render(request, "opendata/recompute.html", context)


def _archive(record: RunRecord) -> str:
    return files.address("run_archive", record.run, absolute=True)


@require_safe
def run(request: HttpRequest, run: str) -> HttpResponse:
    """A published run: what it was made from, and its files for ever."""
    record = _published(run)
    if record.run != run:
        return redirect("opendata:run", record.run)
    manifest = opened_runs().run(record.run).manifest
    context = {
        "record": record,
        "manifest": manifest,
        "passed_over": record.passed_over.all(),
        "hashes": manifest["inputs"] | {"results": manifest["results"]},
        "datasets": [(one, _files(one, record)) for one in OF_RUN],
        "archive": files.address("run_archive", record.run),
        "archive_name": files.file_name("esecuzione", "tar", record),
        "licence": licence(),
    }
    return render(request, "opendata/run.html", context)


@require_safe
@gzip_page
def file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A dataset of what is published: every run, or the plan in force."""
    found = _dataset(name)
    _refuse_unknown(form)
    return files.answer_with(request, found, form, None)


RunView = Callable[..., HttpResponseBase]


def _under_its_whole_id(name: str) -> Callable[[RunView], RunView]:
    """A file has one address: the beginning of an id leads to it."""

    def decorate(view: RunView) -> RunView:
        @wraps(view)
        def found(request: HttpRequest, run: str, **arguments: str) -> HttpResponseBase:
            record = _published(run)
            if record.run != run:
                return redirect(files.address(name, record.run, *arguments.values()))
            return view(request, record, **arguments)

        return found

    return decorate


@require_safe
@gzip_page
@_under_its_whole_id("run_file")
def run_file(request: HttpRequest, record: RunRecord, name: str, form: str) -> HttpResponseBase:
    """A dataset of one run: it never changes."""
    found = _dataset(name)
    _refuse_unknown(form)
    if found.of_run is None:
        raise Http404(name)
    return files.answer_with(request, found, form, record)


@require_safe
@_under_its_whole_id("run_archive")
def run_archive(request: HttpRequest, record: RunRecord) -> HttpResponseBase:
    """A run whole."""
    return files.answer_with_archive(request, record)


@require_safe
def catalogue_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The catalogue, for portals that gather catalogues."""
    if form not in CATALOGUE_FORMS:
        raise Http404(form)
    configuration = settings.CONFIGURATION
    kind, write = CATALOGUE_FORMS[form]
    records, today = published(), timezone.localdate().isoformat()
    told = " ".join(f"{record.run} {record.published_at}" for record in records)
    choices = (form, str(head()), licence().name, "" if records else today)
    key = PageKey(page="opendata.catalogue", run="", published=told, rights="", choices=choices)
    return files.answer_with_text(request, kept_text(key, lambda: write(catalogue(configuration, records))), kind)


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise Http404(name)
    return DATASETS[name]


def _refuse_unknown(form: str) -> None:
    if form not in files.FORMS:
        raise Http404(form)


def _published(run: str) -> RunRecord:
    """The published run of an id or of the beginning of one; 404 where there is none, or more than one."""
    return run_called(run, RunRecord.objects.exclude(published_at=None))
