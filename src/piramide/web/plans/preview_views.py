"""Trying a draft before it is adopted: the checks of every plan, and last year's values under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from piramide.cycle.plans.drafting.checking import check_draft
from piramide.cycle.plans.drafting.edits import Edit, Heading, edited
from piramide.cycle.plans.drafting.source import PlanSource
from piramide.cycle.simulate import simulate_run, winners
from piramide.kernel.figure import Figure
from piramide.kernel.findings import Finding, Refusal, Severity, capped
from piramide.methodology.model import Pack
from piramide.reports.labels import labels
from piramide.reports.winners import Winner, description, winners_svg
from piramide.scoring.result import NOTHING
from piramide.scoring.simulation import Cause, Simulation, StructureChange, kind_in_words, scheme_in_words
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import EVERYWHERE, access, guarded
from piramide.web.accounts.roles import Action
from piramide.web.fields.language import spoken
from piramide.web.plans.draft_views import sections_of
from piramide.web.plans.drafts import as_edits, base_of, heading, printed_draft, rows_at
from piramide.web.plans.models import Draft
from piramide.web.plans.versions import kind_label
from piramide.web.plans.views import annex_context
from piramide.web.results.registry import Chosen, choose, opened_runs

MOST_CAUSES = 3
FEW = 5
"""Reasons that a page tells before it says how many more there are."""


@require_safe
@guarded(Action.READ_PLAN, EVERYWHERE)
def checks(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Every finding of the draft: its own, and those of the plan it starts from."""
    found = get_object_or_404(Draft, pk=draft_id)
    report = check_draft(base_of(found).source, printed_draft(found))
    errors = report.errors
    context = {
        "draft": found,
        "errors": errors,
        "others": [finding for finding in report.new if finding not in errors],
        "inherited": sorted(report.inherited, key=_gravity),
    }
    return render(request, "plans/checks.html", context)


def _gravity(finding: Finding) -> int:
    return list(Severity).index(finding.level)


@dataclass(frozen=True, slots=True)
class Moved:
    """A structure with what moves it, in words."""

    change: StructureChange
    causes: tuple[tuple[str, str, Figure], ...]


@require_safe
@guarded(Action.READ_PLAN)
def simulation(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Who gains and who loses with the draft, on the values of the run that the page chooses."""
    found = get_object_or_404(Draft, pk=draft_id)
    person = access(request)
    chosen = choose(request, person.tops()[0])
    context: dict[str, Any] = {"draft": found, "chosen": chosen}
    if chosen is None:
        return render(request, "plans/simulation.html", context)
    try:
        answer = _simulated(found, chosen)
    except Refusal as refusal:
        return render(request, "plans/simulation.html", context | {"findings": capped(refusal.findings, FEW)})
    seen = _seen(answer, person)
    compared = [s for s in seen if s.change is not None]
    moved = sorted((s for s in compared if s.side), key=lambda s: -(s.change or 0))
    points = shown_winners(base_of(found).printed, seen)
    context |= {
        "top": next((s for s in answer.structures if s.id in person.tops()), None),
        "gainers": sum(s.side > 0 for s in moved),
        "losers": sum(s.side < 0 for s in moved),
        "same": len(compared) - len(moved),
        "apart": len(seen) - len(compared),
        "moved": [Moved(s, _causes(s.because)) for s in moved],
        "groups": _groups(base_of(found).printed, answer) if len(seen) == len(answer.structures) else [],
        "picture": bool(points),
        "hidden": len(compared) - len(points),
        "description": description(points, labels(spoken())) if points else "",
        "is_whole": len(seen) == len(answer.structures),
        **annex_context(sections_of(found, person)),
        "effects": _effects(answer),
    }
    return render(request, "plans/simulation.html", context)


@require_safe
@guarded(Action.READ_PLAN)
def picture(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The picture of winners and losers by cluster."""
    found = get_object_or_404(Draft, pk=draft_id)
    person = access(request)
    chosen = choose(request, person.tops()[0])
    if chosen is None:
        raise Http404
    points = shown_winners(base_of(found).printed, _seen(_simulated(found, chosen), person))
    if not points:
        raise Http404
    return HttpResponse(winners_svg(points, spoken()), content_type="image/svg+xml")


def _simulated(found: Draft, chosen: Chosen) -> Simulation:
    return _run(chosen.record.run, base_of(found).source, as_edits(rows_at(found)), heading(found))


@lru_cache(maxsize=8)
def _run(run: str, source: PlanSource, edits: tuple[Edit, ...], said: Heading) -> Simulation:
    return simulate_run(opened_runs().run(run), source.printed, edited(source, edits, said))


def _seen(answer: Simulation, person: Access) -> list[StructureChange]:
    """The structures that the person may read."""
    return [s for s in answer.structures if person.may(Action.READ_PLAN, s.id)]


def shown_winners(pack: Pack, seen: list[StructureChange]) -> list[Winner]:
    """The marks of the clusters in which something moves, with their names in words."""
    points = winners(seen, pack.boards.peers)
    moving = {point.cluster for point in points if point.side != "same"}
    kinds = {structure.kind for structure in seen}
    return [
        replace(point, cluster=_group_name(pack, point.cluster, is_kind=point.cluster in kinds))
        for point in points
        if point.cluster in moving
    ]


def _group_name(pack: Pack, name: str, *, is_kind: bool) -> str:
    return kind_label(pack, name, spoken()) if is_kind else _("Cluster %(name)s") % {"name": name}


def _causes(because: tuple[Cause, ...]) -> tuple[tuple[str, str, Figure], ...]:
    return tuple((cause.label, kind_in_words(cause.kind, spoken()), cause.change) for cause in because[:MOST_CAUSES])


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of structures in words."""

    label: str
    structures: int
    gainers: int
    losers: int
    unchanged: int
    mean: Figure


def _groups(pack: Pack, answer: Simulation) -> list[GroupLine]:
    return [
        GroupLine(
            kind_label(pack, g.group, spoken()) if g.scheme == "kind" else _scheme(pack, g.scheme, g.group),
            g.structures, g.gainers, g.losers, g.unchanged, g.mean,
        )
        for g in answer.groups
    ]  # fmt: skip


def _scheme(pack: Pack, scheme: str, group: str) -> str:
    """A group under the name that the plan gives to its scheme; else as the commands call it."""
    name = pack.boards.clusters.get(scheme.removeprefix("cluster:"))
    return f"{name or scheme_in_words(scheme, spoken())} {group}".strip()


def _effects(answer: Simulation) -> dict[tuple[str, str, str], Figure]:
    """Points by structure, node and kind of change."""
    found: dict[tuple[str, str, str], Figure] = {}
    for structure in answer.structures:
        for cause in structure.because:
            key = (structure.id, cause.node, cause.kind)
            found[key] = found.get(key, NOTHING) + cause.change
    return found
