"""Finding what a request names, under the same guard as the pages: published for everybody, the rest by role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import access
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.api.problems import Problem
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import run_called


def may_read(request: HttpRequest, record: RunRecord, structure: str) -> bool:
    """Whether the results of a structure in a run may be read."""
    return record.is_published or access(request).may(Action.READ_RESULTS, structure)


def readable(request: HttpRequest, record: RunRecord, structures: Iterable[str]) -> list[str]:
    """Those of `structures` whose results may be read."""
    if record.is_published:
        return list(structures)
    return [structure for structure in structures if may_read(request, record, structure)]


def visible_runs(request: HttpRequest) -> list[RunRecord]:
    """The runs in which something may be read, the newest first."""
    records = RunRecord.objects.all()
    if not access(request).may(Action.READ_RESULTS):
        records = records.exclude(published_at=None)
    return list(records)


def find_run(request: HttpRequest, run: str) -> RunRecord:
    """The run that a request names. 404 where there is none, 401 or 403 where it may not be read."""
    if run == "latest":
        records = visible_runs(request)
        if not records:
            raise Http404(run)
        return records[0]
    found = run_called(run, RunRecord.objects.all())
    if not found.is_published and not access(request).may(Action.READ_RESULTS):
        refuse_reading(access(request))
    return found


def guard_results(request: HttpRequest, record: RunRecord, structure: str) -> None:
    """Refuse who may not read the results of a structure in a run."""
    if not may_read(request, record, structure):
        refuse_reading(access(request))


def refuse_reading(person: Access) -> None:
    """401 for who showed no key, 403 for who did."""
    if not person.is_signed_in:
        raise Problem(401)
    raise PermissionDenied


def signed(request: HttpRequest) -> User:
    """Whose key it is; 401 without one."""
    user = access(request).user
    if user is None:
        raise Problem(401)
    return user


def found_in(known: Any, name: str) -> Any:
    """What a mapping holds under a name; 404 where it holds nothing."""
    if name not in known:
        raise Http404(name)
    return known[name]
