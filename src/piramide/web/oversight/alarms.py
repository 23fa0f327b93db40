"""Integrity alarms as cards of evidence: what was seen, how rare it is, what an honest reason could be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from piramide.kernel import wording
from piramide.web.accounts.guards import EVERYWHERE, access, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.jobs.running import start_once
from piramide.web.oversight.decisions import note_alarm
from piramide.web.oversight.forms import NoteForm, PeriodForm
from piramide.web.oversight.models import AlarmNote, AlarmReport
from piramide.web.oversight.views import done
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord

CERTAIN_ENOUGH = 1_000_000


@dataclass(frozen=True, slots=True)
class Card:
    """One alarm for one office; shares are fractions, `odds` one office in so many."""

    key: str
    code: str
    title: str
    structure: str
    place: str
    seen: str
    honest: str
    statistic: float
    expected: float
    odds: int
    is_rarer: bool
    query: str
    notes: tuple[AlarmNote, ...]


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The periods in which alarms were listened for."""
    reports = list(AlarmReport.objects.select_related("by"))
    newest = RunRecord.objects.values_list("period", flat=True).first()
    form = PeriodForm(initial={"period": newest or ""})
    return render(request, "oversight/alarms.html", {"reports": reports, "form": form})


@guarded(Action.OVERSEE, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def listen(request: HttpRequest) -> HttpResponse:
    """Listen in a period, in the background; asked twice while it is under way, it is done once."""
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, period = user_of(request), form.cleaned_data["period"]
        job = start_once(user, "alarms", {"period": period, "user": user.pk}, access(request).tops()[0])
        return redirect("jobs:show", job=job.pk)
    reports = list(AlarmReport.objects.select_related("by"))
    return render(request, "oversight/alarms.html", {"reports": reports, "form": form})


@guarded(Action.OVERSEE, EVERYWHERE)
@never_cache
@require_safe
def report(request: HttpRequest, period: str) -> HttpResponse:
    """What every alarm heard in a period."""
    found = get_object_or_404(AlarmReport.objects.select_related("by"), pk=period)
    cards = cards_of(found)
    titles = wording.catalogue(_language())
    context = {
        "report": found,
        "cards": cards,
        "noted": sum(bool(card.notes) for card in cards),
        "alarms": [
            (row, titles[row["code"]]["title"], _about(row["about"]), len(row["evidence"])) for row in found.alarms
        ],
    }
    return render(request, "oversight/alarms_of.html", context)


@guarded(Action.OVERSEE, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, period: str, key: str) -> HttpResponse:
    """Write beside an alarm."""
    found = get_object_or_404(AlarmReport, pk=period)
    card = next((card for card in cards_of(found) if card.key == key), None)
    if card is None:
        raise Http404(key)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        known = AlarmNote.objects.filter(token=form.cleaned_data["token"]).exists()
        note_alarm(user_of(request), found, card.structure, {"key": key, **form.cleaned_data})
        done(request, not known, _("Annotato."))
        return redirect("oversight:alarms_of", period=found.pk)
    return render(request, "oversight/note.html", {"report": found, "card": card, "form": form})


def cards_of(report: AlarmReport) -> list[Card]:
    """The evidence of a report, the rarest first, in the language of the page."""
    notes: dict[str, list[AlarmNote]] = {}
    for one in report.notes.select_related("by"):
        notes.setdefault(one.key, []).append(one)
    tree, language = organisation_on(report.ends_on), _language()
    cards = []
    for key, row in report.evidence:
        place = tree[row["structure"]].label if row["structure"] in tree else row["structure"]
        seen, honest = _told(row, language, place)
        odds = min(round(1 / max(row["probability"], 1 / CERTAIN_ENOUGH)), CERTAIN_ENOUGH)
        cards.append(
            Card(
                key=key,
                code=row["code"],
                title=wording.catalogue(language)[row["code"]]["title"],
                structure=row["structure"] if row["structure"] in tree else "",
                place=place,
                seen=seen,
                honest=honest,
                statistic=row["statistic"],
                expected=row["expected"],
                odds=odds,
                is_rarer=odds == CERTAIN_ENOUGH,
                query=row["query"],
                notes=tuple(notes.get(key, ())),
            )
        )
    return cards


def _language() -> str:
    return spoken()


def _about(text: str) -> str:
    """The indicator of an alarm, or its indicator and counter-indicator, in words."""
    about, _mark, counter = text.partition(" / ")
    first = wording.word("about", about, _language()) or about.replace("_", " ")
    if not counter:
        return first
    return f"{first} / {wording.word('counter', counter, _language()) or counter.replace('_', ' ')}"


def _told(row: dict[str, Any], language: str, place: str) -> tuple[str, str]:
    """What was seen and what an honest reason could be: the sentence of the catalogue in its two parts."""
    sentence = str(row.get(f"message_{language}", row["message_it"]))
    honest = wording.catalogue(language)[row["code"]]["remedy"]
    seen = sentence.removesuffix(honest).strip()
    return seen.removeprefix(f"{row['structure']}, {row['period']}: ") or place, honest
