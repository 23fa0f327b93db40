"""Every structure with its index."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from piramide.web.accounts.guards import access
from piramide.web.house.pages import kept
from piramide.web.results.shelf import Chosen, choose


def index(request: HttpRequest) -> HttpResponse:
    """Every structure of the organisation with its index."""
    chosen = choose(request, access(request).tops()[0])
    if chosen is None:
        return render(request, "house/empty.html")
    body = kept(("structures", chosen.record.run), lambda: _index_body(chosen))
    return render(request, "structures/index.html", {"chosen": chosen, "body": body})


def _index_body(chosen: Chosen) -> str:
    return render_to_string("structures/index_body.html", {"structures": chosen.run.scores.structures})
