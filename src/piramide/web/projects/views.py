"""The register of projects, the page of each, and the steps that people record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from piramide.cycle.boards.projects import (
    ATTESTED,
    DELIVERED,
    FULL,
    PLANNED,
    REFUSED,
    VALIDATED,
    Deliverable,
    Project,
    may_follow,
)
from piramide.kernel.findings import Refusal
from piramide.methodology.carried import Carrying
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import EVERYWHERE, access, allow, guarded, user_of
from piramide.web.accounts.roles import Action
from piramide.web.collection.campaigns import name_of
from piramide.web.collection.models import Evidence
from piramide.web.house.receiving import is_sent, received
from piramide.web.plans_in_force import plan
from piramide.web.projects.forms import PlanForm, ProjectForm, StepForm
from piramide.web.projects.models import ProjectRecord, ProjectStep
from piramide.web.projects.registry import not_in_facts, projects
from piramide.web.projects.steps import Said, add_project, add_step, attested, dataset_text, load_steps
from piramide.web.projects.timeline import SIGNS, timeline

PAGE: Final = 60
STEPS: Final = {
    "consegna": (DELIVERED, Action.COLLECT),
    "attestazione": (ATTESTED, Action.ATTEST),
    "validazione": (VALIDATED, Action.VALIDATE_PROJECT),
}


@guarded(Action.READ_RESULTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every project that I may read, with how far it is."""
    person, today = access(request), timezone.localdate()
    found = [p for p in projects().values() if person.may(Action.READ_RESULTS, p.structure)]
    wanted, text = request.GET.get("stato", ""), request.GET.get("cerca", "").strip().lower()
    rows = [_row(project, person) for project in found]
    shown = [row for row in rows if _is_wanted(row, wanted) and text in row["words"]]
    shown.sort(key=lambda row: (row["project"].progress, row["project"].code))
    context = {
        "rows": Paginator(shown, PAGE).get_page(request.GET.get("pagina")),
        "count": len(shown),
        "projects": len(found),
        "whole": sum(project.progress == FULL and bool(project.deliverables) for project in found),
        "late": sum(project.late(today) > 0 for project in found),
        "wanted": wanted,
        "text": request.GET.get("cerca", ""),
        "may_manage": person.may_everywhere(Action.MANAGE_CAMPAIGNS),
        "year": str(plan().year),
    }
    return render(request, "projects/index.html", context)


def _row(project: Project, person: Access) -> dict[str, Any]:
    label = name_of(project.structure)
    last = [item.last for item in project.deliverables]
    return {
        "project": project,
        "label": label,
        "progress": project.progress / 100,
        "late": project.late(timezone.localdate()),
        "to_attest": last.count(DELIVERED),
        "to_validate": sum(
            item.last == ATTESTED and not (person.user and attested(person.user, item)) for item in project.deliverables
        ),
        "words": f"{project.code} {project.title} {label} {project.programme}".lower(),
    }


def _is_wanted(row: dict[str, Any], wanted: str) -> bool:
    """Whether a row is of the state asked for."""
    tests: dict[str, bool] = {
        "ritardo": row["late"] > 0,
        "attestare": row["to_attest"] > 0,
        "validare": row["to_validate"] > 0,
        "interi": row["progress"] == 1,
    }
    return tests.get(wanted, True)


def find_project(person: Access, structure: str, code: str) -> Project:
    """A project of a structure that one may read; 404 for none."""
    allow(person, Action.READ_RESULTS, structure)
    found = projects().get((code, structure))
    if found is None:
        raise Http404(code)
    return found


@guarded(Action.READ_RESULTS, "structure")
@require_safe
def project(request: HttpRequest, structure: str, code: str) -> HttpResponse:
    """One project: its deliverables, its year, what I may do."""
    person = access(request)
    found = find_project(person, structure, code)
    keys = {f"step:{step.key}" for item in found.deliverables for step in item.steps if step.key}
    evidence: dict[str, list[Evidence]] = {}
    for one in Evidence.objects.filter(subject__in=keys):
        evidence.setdefault(one.subject, []).append(one)
    carrying = Carrying(plan())
    context = {
        "project": found,
        "label": name_of(structure),
        "progress": found.progress / 100,
        "deliverables": [_deliverable(item, person, structure, evidence) for item in found.deliverables],
        "picture": timeline(found, plan().year),
        "signs": [(sign, ProjectStep.Kind(kind).label) for kind, sign in SIGNS.items()],
        "may_plan": person.may(Action.MANAGE_CAMPAIGNS, structure),
        "form": PlanForm(),
        "late": found.late(timezone.localdate()),
        "year": str(plan().year),
        "entry": carrying.entry((structure, code)),
        "lines": carrying.lines_of(structure, code),
        "plan": plan(),
    }
    return render(request, "projects/project.html", context)


def _deliverable(
    item: Deliverable, person: Access, structure: str, evidence: dict[str, list[Evidence]]
) -> dict[str, Any]:
    """A deliverable as its page prints it, with the steps that the person may take now."""
    may = [
        step
        for step, (kind, action) in STEPS.items()
        if person.may(action, structure) and may_follow(item, kind)
        and not (kind == VALIDATED and person.user and attested(person.user, item))
    ]  # fmt: skip
    return {
        "item": item,
        "kind": ProjectStep.Kind(item.last).label,
        "sign": SIGNS[item.last],
        "progress": item.progress / 100,
        "is_late": item.is_late(timezone.localdate()),
        "steps": [
            {
                "step": step, "kind": ProjectStep.Kind(step.kind).label, "sign": SIGNS[step.kind],
                "who": name_of(step.who) if not step.key else step.who, "progress": step.progress / 100,
                "evidence": evidence.get(f"step:{step.key}", []),
            }
            for step in item.steps
        ],
        "may": may,
    }  # fmt: skip


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a project to the register."""
    organisation = access(request).organisation
    form = ProjectForm(request.POST or None, structures=[(s.id, s.label) for s in organisation.structures.values()])
    if request.method == "POST" and form.is_valid():
        try:
            made = add_project(user_of(request), ProjectRecord(**form.cleaned_data))
        except Refusal as refusal:
            form.add_error("code", [finding.message() for finding in refusal.told])
        else:
            messages.success(request, _("Progetto registrato: ora aggiungi le sue consegne."))
            return redirect("projects:project", structure=made.structure, code=made.code)
    return render(request, "projects/new.html", {"form": form})


@guarded(Action.MANAGE_CAMPAIGNS, "structure")
@require_POST
def plan_deliverable(request: HttpRequest, structure: str, code: str) -> HttpResponse:
    """Add a deliverable to a project."""
    find_project(access(request), structure, code)
    form = PlanForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        said = Said(
            code, structure, data["deliverable"], PLANNED, data["day"], progress=Decimal(100), note=data["note"]
        )
        try:
            add_step(user_of(request), said)
        except Refusal as refusal:
            for finding in refusal.told:
                messages.error(request, finding.message())
        else:
            messages.success(request, _("Consegna aggiunta."))
    else:
        for problems in form.errors.values():
            messages.error(request, " ".join(str(problem) for problem in problems))
    return redirect("projects:project", structure=structure, code=code)


@guarded(Action.READ_RESULTS, "structure")
@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, structure: str, code: str, deliverable: str, step: str) -> HttpResponse:
    """Deliver, attest or judge a deliverable."""
    if step not in STEPS:
        raise Http404(step)
    person = access(request)
    kind, action = STEPS[step]
    found = find_project(person, structure, code)
    item = next((one for one in found.deliverables if one.code == deliverable), None)
    if item is None:
        raise Http404(deliverable)
    allow(person, action, structure)
    user = user_of(request)
    if kind == VALIDATED and attested(user, item):
        raise PermissionDenied("attested by the same person")
    form = StepForm(request.POST or None, request.FILES or None, needs_file=kind == ATTESTED, judges=kind == VALIDATED)
    problem = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        said_kind = REFUSED if data.get("outcome") == REFUSED else kind
        said = Said(code, structure, deliverable, said_kind, form.last_day(), data["progress"], data["note"])
        try:
            needs = kind == ATTESTED or is_sent(request)
            add_step(user, said, received(request, "file") if needs else None)
        except Refusal as refusal:
            problem = " ".join(finding.message() for finding in refusal.told)
        else:
            messages.success(request, _("Registrato."))
            return redirect("projects:project", structure=structure, code=code)
    context = {
        "project": found, "item": item, "step": step, "form": form, "problem": problem, "label": name_of(structure),
    }  # fmt: skip
    return render(request, "projects/step.html", context, status=422 if problem else 200)


@guarded(Action.MANAGE_CAMPAIGNS, EVERYWHERE)
@require_safe
def steps_file(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the guard uses it
    """The steps that facts do not tell yet, as a file of the dataset."""
    headers = {"Content-Disposition": 'attachment; filename="projects.csv"'}
    return HttpResponse(dataset_text(not_in_facts()), content_type="text/csv", headers=headers)


@guarded(Action.RUN_JOBS, EVERYWHERE)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Load into the facts the steps that they do not tell yet, in the background."""
    job = load_steps(user_of(request), access(request).tops()[0])
    if job is None:
        messages.info(request, _("I fatti contengono già tutti i passi registrati."))
        return redirect("projects:index")
    return redirect("jobs:show", job=job.pk)
