"""From the form that chooses a structure to the address of its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from piramide.web.accounts.guards import access, find_structure


def to_structure(request: HttpRequest, page: str) -> HttpResponse:
    """Lead to `page` of the structure asked for (`?struttura=`), else of the whole; the run or period chosen stays."""
    person = access(request)
    wanted = find_structure(person, request.GET.get("struttura", "") or person.tops()[0])
    kept = {name: request.GET[name] for name in ("run", "periodo") if request.GET.get(name)}
    return redirect(f"{reverse(page, args=[wanted.id])}{'?' if kept else ''}{urlencode(kept)}")
