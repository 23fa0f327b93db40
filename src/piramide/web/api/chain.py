"""What programs read of the chain: its levels and lines, what carries each, how these stand in a run, what is loose."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import P, PathEx, Query, Router, Schema
from pydantic import Field

from piramide.cycle.chain import Carried, ChainOfPlan
from piramide.methodology.model import Pack
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.api.reading import find_run, refuse_reading
from piramide.web.plans_in_force import plan, plan_called
from piramide.web.results.registry import opened_runs

router = Router()
CODE = r"^[A-Za-z0-9][A-Za-z0-9_.\- ]*$"
RUN = "^(|latest|[0-9a-f]{8,64})$"
LineCode = PathEx[str, P(pattern=CODE, max_length=100, description="Code of a line, also as a document misprints it.")]
Body = dict[str, Any]


class ChainAsked(Schema):
    """Which plan, and the run that tells how what carries its lines stands."""

    plan: Annotated[
        str, Field(pattern="^[a-z0-9-]*$", max_length=100, description="Id of a plan; the one in force without.")
    ] = ""
    run: Annotated[
        str, Field(pattern=RUN, max_length=64, description="Id of a run of that plan, its beginning, or `latest`.")
    ] = ""


class ChainLevelShown(Schema):
    """A level: how many lines the document declares, how many it lists, how many something carries."""

    id: str
    declared: int | None
    listed: int
    carried: int


class Carrier(Schema):
    """A node of a sheet or a project of the register."""

    structure: str
    node: str


class StandingShown(Schema):
    """How many of what carries a line stand how; a line has no index of its own."""

    on_target: int
    below: int
    not_due: int
    missing: int
    not_scored: int


class ChainLineShown(Schema):
    """A line with what carries it, or a line under it; `standing` is null without a run."""

    id: str
    level: str
    kind: str
    label: str
    under: list[str]
    carries: list[Carrier]
    standing: StandingShown | None


class Loose(Schema):
    """Lines that nothing carries, objectives without a line."""

    lines: list[str]
    nodes: list[Carrier]


class ChainShown(Schema):
    """The chain of a plan."""

    levels: list[ChainLevelShown]
    lines: list[ChainLineShown]
    loose: Loose


class CarriedShown(Carrier):
    """A node or a project with its name, and how it stands in the run: state and index are null without one."""

    structure_label: str
    label: str
    state: str | None
    index: float | None


class WholeLine(ChainLineShown):
    """A line with everything that carries it."""

    plan: str
    level_label: str
    carried_by: list[CarriedShown]


@router.get("/plan/chain", response=ChainShown, operation_id="get_chain", tags=["plan"])
def chain(request: HttpRequest, asked: Query[ChainAsked]) -> Body:
    """The chain from strategy to the objectives of a plan.

    Levels from above down, lines with what carries each, what is loose. With a run, how many stand on target, below,
    not due, missing, not scored.
    """
    return _chain(request, asked).as_json()


@router.get("/plan/chain/{line}", response=WholeLine, operation_id="get_line_of_chain", tags=["plan"])
def line_of_chain(request: HttpRequest, line: LineCode, asked: Query[ChainAsked]) -> Body:
    """Where a line is: everything that carries it, and how each stands in a run.

    A misprinted code leads to its line where the plan says so.
    """
    read = _chain(request, asked)
    found = read.pack.chain.line(line)
    if found is None:
        raise Http404(line)
    labels = {version.id: version.label for version in read.pack.organisation.versions}
    told: Body = read.as_json(found.id)["lines"][0]
    return told | {
        "plan": read.pack.id,
        "level_label": read.pack.chain.levels[found.level].label,
        "carried_by": [_carried(one, labels) for one in read.carries(found.id)],
    }


def _carried(one: Carried, labels: dict[str, str]) -> Body:
    return {
        "structure": one.structure,
        "structure_label": labels.get(one.structure, one.structure),
        "node": one.node,
        "label": one.label,
        "state": one.state.value if one.state else None,
        "index": one.index,
    }


def _chain(request: HttpRequest, asked: ChainAsked) -> ChainOfPlan:
    """The chain asked for; 404 for a plan or a run that is not there, and for a run of another plan."""
    pack: Pack = plan_called(asked.plan) if asked.plan else plan()
    if not asked.run:
        return ChainOfPlan(pack)
    record = find_run(request, asked.run)
    if not record.is_published and not access(request).may_everywhere(Action.READ_RESULTS):
        refuse_reading(access(request))
    if record.pack != pack.id:
        raise Http404(asked.run)
    return ChainOfPlan(pack, opened_runs().figures(record.run))
