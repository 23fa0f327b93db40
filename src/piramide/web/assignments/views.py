"""The sheets that were handed out: the board, each sheet with its act, issuing and acknowledging."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.cycle.assignments import AssignmentAct, Held, holding_on, kept_assignment
from piramide.cycle.plans.amendment import Section, amendment
from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.reports.formulas import harmless
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import EVERYWHERE, access, allow, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.assignments.board import STATES, Row, by_region, rows_of
from piramide.web.assignments.forms import AcknowledgementForm, IssueForm
from piramide.web.assignments.issuing import Issuing, acknowledge, office_of, wanted
from piramide.web.assignments.models import AssignedSheet
from piramide.web.assignments.standing import Offices, State, standings
from piramide.web.assignments.work import KIND
from piramide.web.fields.language import spoken
from piramide.web.house.receiving import received
from piramide.web.jobs.running import start_once
from piramide.web.plans.versions import kind_label
from piramide.web.plans.views import annex_context
from piramide.web.plans_in_force import plan, plan_with

PAGE: Final = 60
_ONE_DAY: Final = timedelta(days=1)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every sheet in force with its act and day; how far it is, for who may read that."""
    person = access(request)
    rows = rows_of(person, timezone.localdate())
    shown = _filtered(request, rows)
    counts = [
        (region, [count[state] for state in State if state is not State.REPLACED])
        for region, count in by_region(rows).items()
    ]
    context = {
        "rows": Paginator(shown, PAGE).get_page(request.GET.get("pagina")),
        "count": len(shown),
        "sheets": len(rows),
        "counts": counts,
        "states": [(state.value, STATES[state]) for state in State if state is not State.REPLACED],
        "regions": sorted({row.region for row in rows}),
        "may_read": any(row.standing for row in rows),
        "may_issue": person.may_everywhere(Action.ISSUE_SHEETS),
        "wanted": request.GET.get("stato", ""),
        "region": request.GET.get("regione", ""),
        "text": request.GET.get("cerca", ""),
        "late": sum(row.standing is not None and row.standing.state is State.UNANSWERED for row in rows),
    }
    return render(request, "assignments/index.html", context)


def _filtered(request: HttpRequest, rows: list[Row]) -> list[Row]:
    state, region = request.GET.get("stato", ""), request.GET.get("regione", "")
    text = request.GET.get("cerca", "").strip().lower()
    return [
        row
        for row in rows
        if (not state or (row.standing is not None and row.standing.state == state))
        and region in {"", row.region}
        and text in f"{row.label} {row.sheet.structure} {row.sheet.issue.number}".lower()
    ]


@guarded(Action.READ_PLAN)
@require_safe
def board_file(request: HttpRequest) -> HttpResponse:
    """The board as CSV, of the structures whose state one may read."""
    rows = [row for row in _filtered(request, rows_of(access(request), timezone.localdate())) if row.standing]
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="assegnazioni.csv"'
    response.write("\ufeff")
    out = csv.writer(response)
    out.writerow([_("Struttura"), _("Codice struttura"), _("Regione"), _("Atto"), _("Data dell'atto"), _("Vale dal"),
                  _("Stato"), _("Presa visione entro il"), _("Presa visione il"), _("Riserva")])  # fmt: skip
    for row in rows:
        found, issue = row.standing, row.sheet.issue
        if found is None:
            continue
        seen = found.acknowledgement
        day = timezone.localtime(seen.at).date().isoformat() if seen else ""
        out.writerow(map(harmless, (
            row.label, row.sheet.structure, row.region, issue.number, issue.act_day.isoformat(),
            issue.holds_from.isoformat(), row.state, found.due.isoformat(), day, seen.reservation if seen else "",
        )))  # fmt: skip
    return response


@guarded(Action.ISSUE_SHEETS, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def ask_issue(request: HttpRequest) -> HttpResponse:
    """Ask for sheets to be issued; what would issue none is refused before."""
    form = IssueForm(_choices(), request.POST or None, request.FILES or None, label_suffix="")
    problem = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        scope, _colon, name = data["which"].partition(":")
        structures, kind = ((name,) if scope == "structure" else ()), (name if scope == "kind" else "")
        act = AssignmentAct(data["number"].strip(), data["day"], data["holds_from"], data["issuer"], data["protocol"])
        try:
            wanted(Issuing(act, data["answer_by"], structures, kind))
            signed = _kept_signed(request) if data["file"] else ""
        except Refusal as refusal:
            problem = " ".join(finding.message() for finding in refusal.told)
        else:
            arguments = {key: data[key].isoformat() for key in ("day", "holds_from", "answer_by")}
            arguments |= {key: data[key].strip() for key in ("number", "issuer", "protocol", "signed_by")}
            arguments |= {"structures": list(structures), "kind": kind, "signed": signed, "user": user_of(request).pk}
            job = start_once(user_of(request), KIND, arguments, access(request).tops()[0])
            return redirect("jobs:show", job=job.pk)
    context = {"form": form, "problem": problem}
    return render(request, "assignments/issue.html", context, status=422 if problem else 200)


def _choices() -> list[Any]:
    pack = plan()
    known = pack.organisation.on(min(max(timezone.localdate(), pack.since), pack.until - _ONE_DAY))
    sheets = [known[name] for name in pack.sheets if name in known]
    kinds = dict.fromkeys(structure.kind for structure in sheets)
    return [
        ("all", _("Tutte quelle non ancora assegnate o cambiate")),
        (_("Di un tipo di struttura"), [(f"kind:{kind}", kind_label(pack, kind, spoken())) for kind in kinds]),
        (_("Di una struttura"), [(f"structure:{one.id}", one.label) for one in sheets]),
    ]


def _kept_signed(request: HttpRequest) -> str:
    """Keep the signed document until it is issued. Refuses CO012 what is no PDF."""
    file = received(request, "file")
    data = file.read()
    if not data.startswith(b"%PDF-"):
        raise refuse("CO012", Place(file.name or "file"))
    folder = settings.MEDIA_ROOT / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4()}-signed.pdf"
    write_whole(path, data)
    return str(path)


@never_cache
@require_safe
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """A sheet: its act and day for everybody, and for who follows it how far it is."""
    return _sheet_page(request, _found(sheet_id), AcknowledgementForm(label_suffix=""))


def _found(sheet_id: int) -> AssignedSheet:
    rows = AssignedSheet.objects.select_related("issue", "issue__by", "replaced_by")
    return get_object_or_404(rows.prefetch_related("acknowledgements__by", "replaces__issue"), pk=sheet_id)


def _sheet_page(
    request: HttpRequest, found: AssignedSheet, form: AcknowledgementForm, problem: str = "", status: int = 200
) -> HttpResponse:
    person, today = access(request), timezone.localdate()
    organisation = person.organisation
    may_read = found.structure in organisation and person.may(Action.READ_PLAN, found.structure)
    (standing,) = standings([found], Offices.on(today, organisation), today) if may_read else (None,)
    context = {
        "sheet": found,
        "label": organisation[found.structure].label if found.structure in organisation else found.structure,
        "standing": standing,
        "state": STATES[standing.state] if standing else "",
        "seen": found.acknowledgements.all() if may_read else (),
        "may_acknowledge": _may_acknowledge(person, found)
        and standing is not None
        and standing.acknowledgement is None,
        "form": form,
        "problem": problem,
        "holds": _holds(found, today),
        **_differences(found),
    }
    return render(request, "assignments/sheet.html", context, status=status)


def _holds(found: AssignedSheet, day: date) -> bool:
    """Whether this is the sheet that holds on a day, of those of its structure and year."""
    rows = AssignedSheet.objects.filter(structure=found.structure, year=found.year).select_related("issue")
    held = holding_on(day, (Held(one.issue.assignment, one.issue.holds_from, one.pk) for one in rows))
    return held is not None and held.assignment == found.issue.assignment


def _may_acknowledge(person: Access, found: AssignedSheet) -> bool:
    if person.user is None or not found.is_current or found.structure not in person.organisation:
        return False
    return person.may(Action.ACKNOWLEDGE, found.structure) and office_of(person.user, found.structure) is not None


def _differences(found: AssignedSheet) -> dict[str, Any]:
    """What a sheet asks otherwise than the one that it replaced, as the annex of an amendment."""
    earlier = next(iter(found.replaces.all()), None)
    if earlier is None:
        return {"earlier": None}
    before, after = plan_with(earlier.issue.plan_hash), plan_with(found.issue.plan_hash)
    if before is None or after is None:
        return {"earlier": earlier, "is_told": False}
    sections = [
        Section(section.name, lines)
        for section in amendment(before, after, spoken())
        if (lines := tuple(line for line in section.lines if line.structure == found.structure))
    ]
    return {"earlier": earlier, "is_told": True, **annex_context(sections, most=None)}


@require_safe
def sheet_file(request: HttpRequest, sheet_id: int) -> HttpResponse:  # noqa: ARG001 - everybody may read it
    """The sheet as it was handed out. Refuses CY102 one that was touched since."""
    found = get_object_or_404(AssignedSheet.objects.select_related("issue"), pk=sheet_id)
    kept = kept_assignment(settings.CONFIGURATION.store, found.issue.assignment)
    return _pdf(kept.sheet(found.structure), f"{found.structure}-{found.year}.pdf")


@require_safe
def signed_file(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The signed document, which names a person: for who follows the sheet."""
    found = get_object_or_404(AssignedSheet.objects.select_related("issue"), pk=sheet_id)
    allow(access(request), Action.READ_PLAN, found.structure)
    if not found.issue.is_signed:
        raise Http404
    kept = kept_assignment(settings.CONFIGURATION.store, found.issue.assignment)
    return _pdf(kept.signed(), f"atto-{found.year}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def acknowledge_sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Record that I have seen a sheet, with my reservation if I have one."""
    found = _found(sheet_id)
    allow(access(request), Action.ACKNOWLEDGE, found.structure)
    form = AcknowledgementForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _sheet_page(request, found, form, status=422)
    try:
        acknowledge(user_of(request), found.pk, form.text)
    except Refusal as refusal:
        problem = " ".join(finding.message() for finding in refusal.told)
        return _sheet_page(request, _found(sheet_id), form, problem, 409)
    messages.success(request, _("La presa visione è registrata."))
    return redirect("assignments:sheet", sheet_id=found.pk)
