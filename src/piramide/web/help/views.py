"""Help pages, the glossary, and the statements of the installation."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from piramide.web.accounts.attempts import longest
from piramide.web.accounts.devices import DAYS_KNOWN
from piramide.web.help.glossary import sections, words
from piramide.web.help.topics import TOPICS


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every help page with the question that its page answers."""
    return render(request, "help/index.html", {"topics": TOPICS.values()})


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponse:
    """The help of one page."""
    if name not in TOPICS:
        raise Http404(name)
    found = TOPICS[name]
    return render(request, "help/topic.html", {"topic": found, "words": words(found.words)})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the pages and of the acts, each with what it means here."""
    return render(request, "help/glossary.html", {"sections": sections()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement on accessibility, in the order of AgID's model."""
    return render(request, "help/accessibility.html", {"installation": settings.CONFIGURATION})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the site keeps about people, why and until when."""
    hours = settings.SESSION_COOKIE_AGE // 3600
    context = {"installation": settings.CONFIGURATION, "hours": hours, "minutes": longest(), "device_days": DAYS_KNOWN}
    return render(request, "help/privacy.html", context)
