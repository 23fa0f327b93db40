"""Two kept plans beside each other, or one beside what happened: the same figures of both, and their difference."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from piramide.cycle.planning.forecasting import FORECAST, ladder_of
from piramide.cycle.planning.kept import KeptPlan, find_plan, refuse_filled, write_folder
from piramide.cycle.planning.opening import Opened, Source, open_state
from piramide.cycle.planning.outlook import OUTLOOK
from piramide.cycle.planning.producing import PRODUCTION
from piramide.cycle.planning.sharing import SHARE
from piramide.cycle.planning.simulating import SIMULATION
from piramide.cycle.planning.whatif import WHATIF
from piramide.kernel.findings import Place, refuse
from piramide.kernel.progress import Progress
from piramide.planning.calendar import MONTHS, months_from

FACTS: Final = "facts"

Key = tuple[str, str, str]
"""What a figure is of, the id of that, and the measure."""
Figures = dict[Key, float]


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Two plans by id or folder; the second empty for what happened, read from the source."""

    source: Source
    one: str
    other: str = ""


def compare(request: CompareRequest, out: Path | None, progress: Progress) -> dict[str, Any]:
    """The figures of both, in the order of the first plan.

    Refuses PN015 a folder that holds something, PN024-PN027 plans, PN058 plans of two kinds, PN059 a kind that facts do
    not tell, PN060 nothing to compare with.
    """
    if out is not None:
        refuse_filled(out)
    one = find_plan(request.one, request.source.store)
    if request.other:
        other = find_plan(request.other, request.source.store)
        if other.kind != one.kind:
            raise refuse("PN058", Place(str(other.folder)), one.kind, other=other.kind)
        beside, name = figures_of(other), other.id
    elif not request.source.pack:
        raise refuse("PN060", Place("PLAN"), one.kind)
    else:
        beside, name = _happened(one, request.source, progress), FACTS
    answer = {"kind": one.kind, "a": one.id, "b": name, "rows": list(_rows(figures_of(one), beside))}
    if out is not None:
        write_folder(out, {"compare.json": (json.dumps(answer, ensure_ascii=False, indent=1) + "\n").encode()})
    return answer


def _rows(one: Figures, other: Figures) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys((*one, *other)):
        a, b = one.get(key), other.get(key)
        row = {"of": key[0], "id": key[1], "measure": key[2], "a": a, "b": b}
        yield row | {"difference": None if a is None or b is None else b - a}


def figures_of(plan: KeptPlan) -> Figures:
    """The figures of a plan that can be compared."""
    return _FIGURES[plan.kind](plan)


def _of_share(plan: KeptPlan) -> Figures:
    answer = json.loads(plan.file("share.json").read_bytes())
    found: Figures = {("stage", stage["name"], "points"): stage["value"] for stage in answer["stages"]}
    for office in answer["offices"]:
        for name in ("lent", "helped", "days_over"):
            found["office", office["id"], name] = office[name]
        found["office", office["id"], "over"] = sum(office["over"].values())
    for move in answer["moves"]:
        key = ("move", f"{move['to']} → {move['from']}", move["family"])
        found[key] = found.get(key, 0.0) + move["points"]
    return found


def _of_forecast(plan: KeptPlan) -> Figures:
    text = plan.file("forecast.csv").read_text(encoding="utf-8")
    found: Figures = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["line"] == "":
            key = ("structure", row["structure"], row["measure"])
            found[key] = found.get(key, 0.0) + float(row["mean"])
    return found


def _of_production(plan: KeptPlan) -> Figures:
    answer = json.loads(plan.file("plan.json").read_bytes())
    found: Figures = {}
    for of, rows in (("nation", [answer["nation"]]), ("region", answer["regions"]), ("office", answer["offices"])):
        for row in rows:
            for name in ("received", "resolved", "pending", "points", "need_hours", "hours", "uncovered", "euro"):
                if row.get(name) is not None:
                    found[of, row["id"], name] = row[name]
    return found


def _of_simulation(plan: KeptPlan) -> Figures:
    answer = json.loads(plan.file("simulation.json").read_bytes())
    return {
        ("policy", policy["policy"], name): float(policy[name])
        for policy in answer["policies"]
        for name in ("over_at_end", "office_months_over", "worst_days")
    }


def _of_outlook(plan: KeptPlan) -> Figures:
    answer = json.loads(plan.file("outlook.json").read_bytes())
    found: Figures = {}
    for structure in answer["structures"]:
        found |= {
            ("structure", structure["id"], f"index_{name}"): value
            for name, value in structure["index"].items()
            if value is not None
        }
        found |= {
            ("node", f"{structure['id']}/{node['id']}", "probability"): node["probability"]
            for node in structure["nodes"]
            if node["probability"] is not None
        }
    return found


def _of_whatif(plan: KeptPlan) -> Figures:
    answer = json.loads(plan.file("whatif.json").read_bytes())
    return {
        ("structure", structure["id"], name): structure[name]
        for structure in answer["structures"]
        for name in ("base", "other", "change")
        if structure[name] is not None
    }


_FIGURES: Final[Mapping[str, Callable[[KeptPlan], Figures]]] = {
    SHARE: _of_share,
    FORECAST: _of_forecast,
    PRODUCTION: _of_production,
    SIMULATION: _of_simulation,
    OUTLOOK: _of_outlook,
    WHATIF: _of_whatif,
}


def _happened(plan: KeptPlan, source: Source, progress: Progress) -> Figures:
    """What happened in the months of a plan, under the names of its figures."""
    first, count = _months(plan)
    last = months_from(first, count)[-1]
    opened = open_state(source, last, progress, is_exact=False)
    if opened.state.months[-1] < first:
        raise refuse("PN021", Place("--with-facts"), first, last=opened.state.months[-1])
    if plan.kind == FORECAST:
        return _received_in(opened, first)
    if plan.kind == PRODUCTION:
        return _produced_in(opened, first)
    return _lent_in(opened, first)


def _months(plan: KeptPlan) -> tuple[str, int]:
    """First month of a plan and how many. Refuses PN059."""
    if plan.kind == FORECAST:
        return str(plan.manifest["first"]), int(plan.manifest["months"])
    if plan.kind == PRODUCTION:
        return f"{plan.manifest['year']}-01", MONTHS
    if plan.kind == SHARE:
        return str(plan.manifest["month"]), 1
    raise refuse("PN059", Place(str(plan.folder)), plan.kind)


def _received_in(opened: Opened, first: str) -> Figures:
    state = opened.state.since(first)
    found: Figures = {}
    for measure in ("received", "received_points", "resolved", "resolved_points"):
        totals = getattr(state, measure).sum(axis=(1, 2))
        for office, total in zip(state.offices, totals.tolist(), strict=True):
            for name in (office.id, office.region, ladder_of(opened).nation):
                found["structure", name, measure] = found.get(("structure", name, measure), 0.0) + total
    return found


def _produced_in(opened: Opened, first: str) -> Figures:
    state = opened.state.since(first)
    figures = {
        "received": state.received + state.reopened,
        "resolved": state.resolved,
        "points": state.resolved_points,
    }
    found: Figures = {}
    for at, office in enumerate(state.offices):
        values = {name: float(figure[at].sum()) for name, figure in figures.items()}
        values["pending"] = float(state.pending[at, :, -1].sum())
        for of, name in (("nation", ladder_of(opened).nation), ("region", office.region)):
            for measure, value in values.items():
                found[of, name, measure] = found.get((of, name, measure), 0.0) + value
        found["office", office.id, "points"] = values["points"]
        found["office", office.id, "hours"] = float(state.staff_hours[at].sum())
    return found


def _lent_in(opened: Opened, month: str) -> Figures:
    """What each office worked for others in a month, and what is above its targets at the end, as the facts say."""
    state, families = opened.state, opened.families()
    now = state.since(month)
    done, own = now.done_points[..., 0].sum(axis=1), now.resolved_points[..., 0].sum(axis=1)
    net = done - own
    found: Figures = {}
    for at, office in enumerate(state.offices):
        found["office", office.id, "lent"] = float(max(net[at], 0.0))
        found["office", office.id, "helped"] = float(max(-net[at], 0.0))
    pending = families.by_group(np.maximum(now.pending_points[..., 0:1], 0.0))[..., 0]
    for at, office in enumerate(state.offices):
        found["office", office.id, "pending"] = float(pending[at].sum())
    return found
