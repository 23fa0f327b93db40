"""What programs read: runs, structures, sheets, explanations, indicators with their values, the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from piramide.cycle.money import money_of_run
from piramide.cycle.open_data import method_document, structure_document
from piramide.cycle.runs.open_run import OpenRun
from piramide.kernel.node_fields import INDEX_FIELDS
from piramide.kernel.note import Names, worded
from piramide.methodology.show import structure_as_json
from piramide.scoring.explain import explain
from piramide.scoring.explain_print import as_json as explanation_as_json
from piramide.scoring.money import as_json as money_as_json
from piramide.scoring.score_print import structure_as_json as scored_as_json
from piramide.web.api import shapes
from piramide.web.api.models import Key
from piramide.web.api.paging import Asked, Page, PageAsked, page
from piramide.web.api.problems import MEDIA, Problem
from piramide.web.api.reading import find_run, found_in, guard_results, readable, visible_runs
from piramide.web.api.shapes import Body, IndicatorId, NodeId, RunId, StructureId
from piramide.web.fields.language import spoken
from piramide.web.opendata.datasets import OF_RUN, method_of
from piramide.web.opendata.files import FORMS, address
from piramide.web.plans_in_force import organisation_on, plan
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

router = Router()
PERIOD = "^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$"
NAME = "^[a-z0-9_]*$"


class RunsAsked(Asked):
    """Which runs."""

    period: Annotated[str, Field(pattern=f"{PERIOD}|^$", max_length=7, description="A period, as `2024-Q3`.")] = ""


class PlacesAsked(Asked):
    """Which structures."""

    kind: Annotated[str, Field(pattern=NAME, max_length=60, description="A kind of structure.")] = ""
    parent: Annotated[str, Field(pattern=NAME, max_length=100, description="The structure right above.")] = ""


@router.get("/status", response=shapes.Status, operation_id="get_status", tags=["service"])
def status(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the library passes it
    """Whether the service answers; as the Italian guidelines ask.

    Needs no key and reads nothing but the state of the service: for who watches it.
    """
    return JsonResponse({"title": "OK", "status": 200, "detail": "Piramide"}, content_type=MEDIA)


@router.get("/key", response=shapes.KeyShown, operation_id="get_key", tags=["service"])
def key(request: HttpRequest) -> Key:
    """What the key of this request lets do.

    Its actions, its structure and its last day. Without a key: 401.
    """
    found: Key | None = request.key  # type: ignore[attr-defined]
    if found is None:
        raise Problem(401)
    return found


@router.get("/runs", response=Page[shapes.Run], operation_id="list_runs", tags=["results"])
def runs(request: HttpRequest, response: HttpResponse, asked: Query[RunsAsked]) -> Body:
    """Runs whose results can be read, the newest period first.

    Published runs for everybody; the others for who may read results of the structures of the key.
    """
    records = [one for one in visible_runs(request) if asked.period in {"", one.period}]
    found, following = page(request, response, records, lambda one: one.run, asked)
    return {"items": [_run(one) for one in found], "next_cursor": following}


def _run(record: RunRecord) -> Body:
    return {
        "run": record.run,
        "pack": record.pack,
        "period": record.period,
        "ends_on": record.ends_on,
        "demonstration": record.is_demonstration,
        "published_at": record.published_at,
        "publication_act": record.publication_act,
    }


@router.get("/runs/{run}", response=shapes.WholeRun, operation_id="get_run", tags=["results"])
def one_run(request: HttpRequest, run: RunId) -> Body:
    """A run with the hashes that prove it.

    With them whoever has the plan and the values can recompute the run and find the same figures.
    """
    record = find_run(request, run)
    manifest = opened_runs().run(record.run).manifest
    inputs = manifest["inputs"]
    return _run(record) | {
        "as_of": manifest["as_of"],
        "known_on": manifest["known_on"],
        "code": inputs["code"],
        "hashes": {name: inputs[name] for name in ("method", "values", "organisation")}
        | {"results": manifest["results"]},
        "files": list(_files(record)) if record.is_published else [],
    }


def _files(record: RunRecord) -> Iterator[str]:
    for dataset in OF_RUN:
        for form in FORMS:
            yield address("run_file", record.run, dataset.id, form, absolute=True)
    yield address("run_archive", record.run, absolute=True)


@router.get(
    "/runs/{run}/structures",
    response=Page[shapes.StructureIndex],
    operation_id="list_structures_of_run",
    tags=["results"],
)
def structures_of_run(request: HttpRequest, response: HttpResponse, run: RunId, asked: Query[PlacesAsked]) -> Body:
    """Structures with their index in a run, in the order of the run.

    Each with its bounds, its coverage and what is not due yet; narrowed by kind or by what lies below a structure.
    """
    record = find_run(request, run)
    outline, organisation = opened_runs().outline(record.run).structures, organisation_on(record.ends_on)
    names = [
        name
        for name in readable(request, record, outline)
        if asked.kind in {"", outline[name].kind}
        and (not asked.parent or (name in organisation and organisation[name].parent == asked.parent))
    ]
    found, following = page(request, response, names, str, asked)
    return {"items": [_standing(record, name) for name in found], "next_cursor": following}


def _standing(record: RunRecord, name: str) -> Body:
    row, figures = opened_runs().outline(record.run).structures[name], opened_runs().figures(record.run)
    told: Body = {field: figures.figure(field, name) for field in INDEX_FIELDS}
    told["coverage"] = told["coverage"] or 0.0
    if (due := figures.figure("due", name)) is not None:
        told["due"] = due
    return {"id": name, "label": row.label, "kind": row.kind} | told


@router.get(
    "/runs/{run}/structures/{structure}", response=shapes.Sheet, exclude_unset=True, operation_id="get_sheet",
    tags=["results"],
)  # fmt: skip
def sheet(request: HttpRequest, run: RunId, structure: StructureId) -> Body:
    """The sheet of a structure with its results.

    Every node of the weighted tree: value, target, gap, index, contribution to the whole, status and notes.
    """
    record = _with_sheet(request, run, structure)
    scored = opened_runs().scored(record.run, structure)
    if scored is None:
        raise Http404(structure)
    head = {name: getattr(record, name) for name in ("run", "pack", "period")}
    money = [one for one in money_of_run(opened_runs(), record.run) if one.money.structure == structure]
    sums = {"money": money_as_json(money)} if money else {}
    return head | {"demonstration": record.is_demonstration} | scored_as_json(scored, names=_names(record)) | sums


def _names(record: RunRecord) -> Names:
    """Labels by id, for notes."""
    return {"structure": {name: row.label for name, row in opened_runs().outline(record.run).structures.items()}}


def _with_sheet(request: HttpRequest, run: str, structure: str) -> RunRecord:
    """The run, when it scored the structure and the request may read that."""
    record = find_run(request, run)
    found_in(opened_runs().outline(record.run).structures, structure)
    guard_results(request, record, structure)
    return record


@router.get(
    "/runs/{run}/structures/{structure}/explanation", response=shapes.Explanation, exclude_unset=True,
    operation_id="explain_structure",
    tags=["results"],
)  # fmt: skip
def structure_explanation(request: HttpRequest, run: RunId, structure: StructureId) -> Body:
    """The index of a structure told down to its leaves, in the language of `Accept-Language`.

    Sentences and the figures they rest on: what moved the index, what is missing, what one more point would take.
    """
    record = _with_sheet(request, run, structure)
    return _told(opened_runs().opened(record.run), structure, None)


@router.get(
    "/runs/{run}/structures/{structure}/nodes/{node}/explanation", response=shapes.Explanation, exclude_unset=True,
    operation_id="explain_node", tags=["results"],
)  # fmt: skip
def node_explanation(request: HttpRequest, run: RunId, structure: StructureId, node: NodeId) -> Body:
    """One number of a sheet told down to its leaves, in the language of `Accept-Language`.

    How value, target, gap and weight give the index of this node, with the act and the day of each parameter.
    """
    record = _with_sheet(request, run, structure)
    if (structure, node) not in opened_runs().figures(record.run).rows:
        raise Http404(node)
    return _told(opened_runs().opened(record.run), structure, node)


def _told(opened: OpenRun, structure: str, node: str | None) -> Body:
    language = spoken()
    told = explain(opened.pack, opened.scores, structure, node, language=language, values=opened.values)
    return explanation_as_json(told)


@router.get(
    "/runs/{run}/indicators/{indicator}/values", response=Page[shapes.IndicatorValue],
    operation_id="list_values_of_indicator", tags=["results"],
)  # fmt: skip
def values_of_indicator(
    request: HttpRequest, response: HttpResponse, run: RunId, indicator: IndicatorId, asked: PageAsked
) -> Body:
    """The value of an indicator in every structure that has it, with target, gap and index.

    For comparing structures on one measure, in the order of the run.
    """
    record = find_run(request, run)
    outline = opened_runs().outline(record.run)
    places = [
        (name, row.node)
        for name in readable(request, record, outline.structures)
        for row in outline.nodes[name]
        if row.indicator == indicator
    ]
    if not places and not any(row.indicator == indicator for rows in outline.nodes.values() for row in rows):
        raise Http404(indicator)
    found, following = page(request, response, places, "/".join, asked)
    scores = {one.id: one for one in opened_runs().scores(record.run).structures} if found else {}
    items, names = [], _names(record)
    for structure, name in found:
        node = next(one for one in scores[structure].nodes if one.id == name)
        fields = ("label", "unit", "value", "target", "gap_raw", "gap", "index", "status", "contested")
        items.append(
            {"structure": structure, "structure_label": scores[structure].label, "node": name}
            | {field: getattr(node, field) for field in fields}
            | {"note": worded(node.note, names=names)}
        )
    return {"items": items, "next_cursor": following}


class OrganisationAsked(PlacesAsked):
    """Which structures, on which day."""

    day: Annotated[date | None, Field(description="The day of the organisation; today without one.")] = None


@router.get("/structures", response=Page[shapes.Place], operation_id="list_structures", tags=["plan"])
def structures(request: HttpRequest, response: HttpResponse, asked: Query[OrganisationAsked]) -> Body:
    """The organisation on a day, inside the days that the plan holds for.

    Today when no day is given; a day outside the plan is a 422.
    """
    organisation = organisation_on(asked.day or timezone.localdate())
    names = [
        one.id
        for one in organisation.structures.values()
        if asked.kind in {"", one.kind} and asked.parent in {"", one.parent}
    ]
    found, following = page(request, response, names, str, asked)
    return {"items": [structure_document(organisation, name) for name in found], "next_cursor": following}


@router.get("/structures/{structure}", response=shapes.Place, operation_id="get_structure", tags=["plan"])
def one_structure(request: HttpRequest, structure: StructureId) -> Body:  # noqa: ARG001 - the library passes it
    """A structure as it is today.

    Its name, its kind, the structure above it and the days it is there.
    """
    organisation = organisation_on(timezone.localdate())
    found_in(organisation.structures, structure)
    return structure_document(organisation, structure)


@router.get("/indicators", response=Page[shapes.IndicatorLine], operation_id="list_indicators", tags=["plan"])
def indicators(request: HttpRequest, response: HttpResponse, asked: PageAsked) -> Body:
    """The indicators of the plan in force.

    Name, unit, side and cap of each, in the order of the plan.
    """
    pack, _day = method_of(None)
    found, following = page(request, response, list(pack.indicators), str, asked)
    return {"items": [method_document(pack, name) for name in found], "next_cursor": following}


@router.get("/indicators/{indicator}", response=shapes.Indicator, operation_id="get_indicator", tags=["plan"])
def one_indicator(request: HttpRequest, indicator: IndicatorId) -> Body:  # noqa: ARG001 - the library passes it
    """An indicator with definition, formula, act and data-quality statement.

    What a reader needs to judge a value of it, or to compute one.
    """
    pack, _day = method_of(None)
    found_in(pack.indicators, indicator)
    return method_document(pack, indicator)


@router.get("/plan", response=shapes.Plan, operation_id="get_plan", tags=["plan"])
def the_plan(request: HttpRequest) -> Body:  # noqa: ARG001 - the library passes it
    """The plan in force.

    Its year, its hash and the structures it gives a tree to; 404 when no plan is in force.
    """
    pack = plan()
    return {
        "pack": pack.id,
        "hash": pack.hash,
        "label": pack.label,
        "administration": pack.administration,
        "year": pack.year,
        "since": pack.since,
        "until": pack.until,
        "demonstration": pack.is_demonstration,
        "structures": list(pack.sheets),
    }


@router.get(
    "/plan/structures/{structure}", response=shapes.PlannedStructure, exclude_unset=True,
    operation_id="get_plan_of_structure", tags=["plan"],
)  # fmt: skip
def plan_of_structure(request: HttpRequest, structure: StructureId) -> Body:  # noqa: ARG001 - the library passes it
    """What the plan asks of a structure: the weighted tree with targets and acts.

    Before any result: what each node weighs, what is to be reached and who set it.
    """
    pack, day = method_of(None)
    organisation = pack.organisation.on(day)
    found_in(pack.sheets, structure)
    found_in(organisation.structures, structure)
    return structure_as_json(pack, structure, organisation)
