"""Files in and out: templates, uploads with their preview, the values file, documents."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from piramide.cycle.collected import collected_rows
from piramide.kernel.findings import Refusal
from piramide.kernel.value_rows import ASKED, as_csv, rows_of
from piramide.reports.formulas import harmless
from piramide.web.accounts.guards import EVERYWHERE, access, allow, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.collection.asked import asked_at
from piramide.web.collection.campaigns import name_of
from piramide.web.collection.cells import shown
from piramide.web.collection.computing import collected_values
from piramide.web.collection.evidence import content_of
from piramide.web.collection.models import Ask, Campaign, Evidence, Upload
from piramide.web.collection.uploads import apply, judge
from piramide.web.collection.views import find_campaign
from piramide.web.fields.language import spoken
from piramide.web.house.receiving import received

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLAIN: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@guarded(Action.COLLECT)
@require_safe
def template(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The file to fill in, with what is there already: the figures that I may enter."""
    person = access(request)
    campaign, mine = find_campaign(person, number)
    structures = [s for s in mine if person.may(Action.COLLECT, s)]
    if not structures:
        raise PermissionDenied
    asks = list(campaign.asks.filter(structure__in=structures).select_related("current"))
    data = _template_csv(asks) if kind == "csv" else _template_xlsx(campaign, asks)
    return _download(data, "text/csv" if kind == "csv" else XLSX, f"raccolta-{campaign.period}-{campaign.pk}.{kind}")


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep; of a demonstration, its name says so."""
    if settings.CONFIGURATION.demonstration:
        stem, _dot, ending = name.rpartition(".")
        name = f"{stem}-dati-dimostrativi.{ending}"
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _lines(asks: Iterable[Ask]) -> Iterable[tuple[str, ...]]:
    for ask in asks:
        now = ask.current
        said = (now.value, now.status, harmless(now.note)) if now else ("", "", "")
        yield ask.structure, ask.indicator, ask.period, *said


def _template_csv(asks: Iterable[Ask]) -> bytes:
    rows = rows_of(dict(zip(ASKED, line, strict=True)) for line in _lines(asks))
    return as_csv(rows, ASKED, line_end="\r\n").encode()


def _template_xlsx(campaign: Campaign, asks: list[Ask]) -> bytes:
    """Values on the first sheet, which is read; on the second what each row asks, in words."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _PLAIN) as book:
        bold, frozen = book.add_format({"bold": True}), book.add_format({"font_color": "#455b71"})
        sheet, guide = book.add_worksheet(_("valori")), book.add_worksheet(_("guida"))
        sheet.write_row(0, 0, ASKED, bold)
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, 1, 42)
        sheet.set_column(2, 4, 14)
        sheet.set_column(5, 5, 40)
        for row, (structure, indicator, period, value, status, note) in enumerate(_lines(asks), 1):
            for column, text in enumerate((structure, indicator, period)):
                sheet.write_string(row, column, text, frozen)
            if value:
                sheet.write_number(row, 3, float(value))
            for column, text in ((4, status), (5, note)):
                sheet.write_string(row, column, text)
        _write_guide(guide, campaign, asks, bold)
    return out.getvalue()


def _write_guide(guide: Any, campaign: Campaign, asks: list[Ask], bold: Any) -> None:
    asked = asked_at(campaign.period, campaign.pack)
    if settings.CONFIGURATION.demonstration:
        guide.write_string(0, 0, _("Dati dimostrativi: fatti, valori e persone sono inventati."), bold)
    heading = (_("Struttura"), _("Indicatore"), _("Periodo"), _("Unità"), _("Obiettivo"))
    guide.write_row(2, 0, heading, bold)
    guide.set_column(0, 1, 46)
    for row, ask in enumerate(asks, 3):
        item = asked.get((ask.structure, ask.indicator, ask.period))
        words = (item.label, ask.period, item.unit, item.target) if item else (ask.indicator, ask.period, "", "")
        for column, text in enumerate((name_of(ask.structure), *words)):
            guide.write_string(row, column, text)


@guarded(Action.COLLECT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """Choose a file; what it would change is shown before anything is written."""
    person = access(request)
    campaign, mine = find_campaign(person, number)
    structures = [s for s in mine if person.may(Action.COLLECT, s)]
    if not structures:
        raise PermissionDenied
    problems: list[str] = []
    if request.method == "POST":
        try:
            judged = judge(user_of(request), campaign, received(request, "file"), structures)
        except Refusal as refusal:
            problems = [finding.message() for finding in refusal.told]
        else:
            return redirect("collection:preview", key=judged.pk)
    context = {"campaign": campaign, "problems": problems, "limit": settings.UPLOAD_LIMIT // (1024 * 1024)}
    return render(request, "collection/upload.html", context, status=422 if problems else 200)


@guarded(Action.COLLECT)
@never_cache
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """What a file would change; the person who uploaded it writes it, or leaves it."""
    user = user_of(request)
    judged = get_object_or_404(Upload.objects.select_related("campaign"), pk=key, by=user)
    problems: list[str] = []
    if request.method == "POST":
        for row in judged.content["accepted"]:
            allow(access(request), Action.COLLECT, row["structure"])
        try:
            applied = apply(user, judged.pk)
        except Refusal as refusal:
            problems = [finding.message() for finding in refusal.told]
        else:
            text = ngettext("Scritto %(count)s valore.", "Scritti %(count)s valori.", applied.written)
            messages.success(request, text % {"count": applied.written})
            return redirect("collection:campaign", number=applied.campaign_id)
    return render(request, "collection/preview.html", _preview(judged, problems), status=422 if problems else 200)


def _preview(judged: Upload, problems: list[str]) -> dict[str, Any]:
    language = "en" if spoken() == "en" else "it"
    labels = {key: item.label for key, item in asked_at(judged.campaign.period, judged.campaign.pack).items()}
    content = judged.content
    accepted = [
        row | {
            "name": name_of(row["structure"]),
            "before": shown(row["before"]),
            "value": shown(row["value"]),
            "label": labels.get((row["structure"], row["indicator"], row["period"]), row["indicator"]),
        }
        for row in content["accepted"]
    ]  # fmt: skip
    rejected = [
        {
            "line": row["line"], "cells": [cell for cell in row["cells"] if cell],
            "reasons": list(dict.fromkeys(finding[language] for finding in row["findings"])),
        }
        for row in content["rejected"]
    ]  # fmt: skip
    return {
        "upload": judged,
        "campaign": judged.campaign,
        "problems": problems,
        "accepted": [row for row in accepted if not row["is_same"]],
        "same": sum(row["is_same"] for row in accepted),
        "rejected": rejected,
        "blank": content["blank"],
        "remarks": [finding[language] for finding in content.get("remarks", ())],
    }


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_safe
def values_file(request: HttpRequest, number: int) -> HttpResponse:
    """What was collected, as a values file that the commands score."""
    campaign, _mine = find_campaign(access(request), number)
    rows = collected_rows(replace(item, note=harmless(item.note)) for item in collected_values(campaign))
    return _download(as_csv(rows).encode(), "text/csv", f"valori-raccolti-{campaign.period}-{campaign.pk}.csv")


@guarded(Action.READ_RESULTS)
@require_safe
def document(request: HttpRequest, key: int) -> HttpResponse:
    """A document of evidence, for who may read the structure: always a file to keep, never a page."""
    evidence = get_object_or_404(Evidence, pk=key)
    allow(access(request), Action.READ_RESULTS, evidence.structure)
    data = content_of(evidence)
    if data is None:
        raise Http404(str(key))
    answer = HttpResponse(data, content_type=evidence.kind)
    name = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in evidence.name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
