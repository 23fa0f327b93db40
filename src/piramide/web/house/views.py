"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from piramide.web.accounts.guards import access
from piramide.web.results.shelf import choose


def home(request: HttpRequest) -> HttpResponse:
    """How the administration is doing."""
    top = access(request).tops()[0]
    chosen = choose(request, top)
    if chosen is None:
        return render(request, "house/empty.html")
    return render(request, "house/home.html", {"chosen": chosen, "standing": chosen.figures.standing(top)})
