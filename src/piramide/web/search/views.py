"""The page of search."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from piramide.web.accounts.guards import access
from piramide.web.search.entries import entries
from piramide.web.search.finding import find

LONGEST: Final = 100
TITLES: Final[dict[str, str | Promise]] = {
    "structures": gettext_lazy("Strutture"),
    "indicators": gettext_lazy("Indicatori"),
    "lines": gettext_lazy("Linee strategiche"),
    "acts": gettext_lazy("Atti"),
    "projects": gettext_lazy("Progetti"),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything that the person may find with some words, by kind."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = find(text, entries(access(request))) if text else ()
    groups = [(TITLES[group.kind], group) for group in found]
    context = {"text": text, "groups": groups, "count": sum(group.count for group in found)}
    return render(request, "search/index.html", context)
