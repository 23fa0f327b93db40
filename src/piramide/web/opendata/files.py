"""The files: their names, their addresses, and answering with one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import override

from piramide.cycle.open_data import write_run_archive
from piramide.web.opendata.datasets import FORMAT, Dataset, Source, method_of
from piramide.web.opendata.licences import licence
from piramide.web.opendata.remembered import Remembered
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

FORMS: Final = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
ARCHIVE: Final = "application/x-tar"
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_NOW: Final = "public, max-age=300"


def address(name: str, *arguments: str, absolute: bool = False) -> str:
    """The one address of something, whatever the language of the page that names it."""
    path = _path(name, *arguments)
    return f"{settings.CONFIGURATION.origin}{path}" if absolute else path


@lru_cache(maxsize=1024)
def _path(name: str, *arguments: str) -> str:
    with override("it"):
        return reverse(f"opendata:{name}", args=arguments)


def file_name(dataset: str, form: str, record: RunRecord | None = None) -> str:
    """The name a browser saves it under: it says when data are invented, the period and the run."""
    is_invented = settings.CONFIGURATION.demonstration if record is None else record.is_demonstration
    parts = ("dimostrazione" if is_invented else "", dataset, *((record.period, record.short) if record else ()))
    return f"{'-'.join(part for part in parts if part)}.{form}"


def stamp(dataset: str, form: str, sources: Sequence[Source]) -> str:
    """The ETag of a file: it changes when the runs or the plan in it, how it is written or its licence do."""
    text = repr((FORMAT, licence().name, dataset, form, [_told(source) for source in sources]))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _told(source: Source) -> tuple[str, ...]:
    if source is not None:
        return source.run, str(source.published_at), source.publication_act
    pack, day = method_of(None)
    return pack.hash, day.isoformat()


def answer_with(request: HttpRequest, dataset: Dataset, form: str, record: RunRecord | None) -> HttpResponseBase:
    """A dataset of one run, kept for ever by who asks, or the dataset as it is now."""
    sources = dataset.current() if record is None else (record,)
    tag = stamp(dataset.id, form, sources)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if answer is None:
        alone = record is not None or sources == (None,)
        pieces = dataset.csv(sources) if form == "csv" else dataset.json(sources, alone=alone)
        if record is not None:
            answer = _remembered(request, Remembered(f"{dataset.id}-{record.run}.{form}", tag), pieces)
        elif dataset.keeps_history:
            answer = _remembered(request, Remembered(f"{dataset.id}.{form}", tag), pieces)
        else:
            answer = StreamingHttpResponse(pieces)
        answer["Content-Type"] = FORMS[form]
        answer["Content-Disposition"] = f'attachment; filename="{file_name(dataset.id, form, record)}"'
    return marked(answer, tag, FOR_EVER if record else FOR_NOW)


def _remembered(request: HttpRequest, file: Remembered, pieces: Iterable[bytes]) -> HttpResponseBase:
    """A file of runs: the first who asks has it made, the others get what was kept, compressed if they read that."""
    if not file.path.is_file():
        return StreamingHttpResponse(file.keeping(pieces))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return StreamingHttpResponse(file.read())
    answer = FileResponse(file.path.open("rb"))
    answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def answer_with_archive(request: HttpRequest, record: RunRecord) -> HttpResponseBase:
    """A run whole, as `piramide verify` reads it."""
    tag = stamp("esecuzione", "tar", (record,))
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if answer is None:
        held = io.BytesIO()  # a plan and its results: a few megabytes
        write_run_archive(opened_runs().run(record.run), held)
        held.seek(0)
        name = file_name("esecuzione", "tar", record)
        answer = FileResponse(held, as_attachment=True, filename=name, content_type=ARCHIVE)
    return marked(answer, tag, FOR_EVER)


def answer_with_text(request: HttpRequest, text: str, kind: str) -> HttpResponseBase:
    """A text for machines."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    return marked(answer or HttpResponse(text, content_type=kind), tag, FOR_NOW)


def marked(answer: HttpResponseBase, tag: str, keeping: str) -> HttpResponseBase:
    """The answer with what every file says: its tag, how long it may be kept, its licence; any site may read it."""
    answer["ETag"] = tag
    answer["Cache-Control"] = keeping
    answer["Link"] = f'<{licence().address}>; rel="license"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
