"""The production of a year planned from the store: what comes, who is there, what has to be resolved, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.forecasting import as_json, basis_of, events_of, ladder_of, look_ahead
from piramide.cycle.planning.kept import KeptPlan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, month_before, open_state
from piramide.cycle.planning.people import PeopleAhead, people_ahead
from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.numbers import parse_machine
from piramide.kernel.progress import Progress
from piramide.methodology.model import Pack
from piramide.planning.calendar import MONTHS
from piramide.planning.forecast.ahead import Ahead, automatic_part
from piramide.planning.forecast.quantiles import receipts_factor
from piramide.planning.production.answer import Extent, Printed, production_csv, production_json
from piramide.planning.production.flow import Coming
from piramide.planning.production.levers import LeverLimit
from piramide.planning.production.planning import Production, Year, plan_production
from piramide.planning.state import WorkState, of_12_months

PRODUCTION: Final = "production"
QUARTERS: Final = ("q1", "q2", "q3", "q4")
_PERCENT: Final = 100

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProductionRequest:
    """The year to plan; the quantile of receipts at which targets have to hold, and events, if any."""

    source: Source
    year: int
    quantile: float | None = None
    events: Path | None = None


@dataclass(frozen=True, slots=True)
class KeptProduction:
    """A plan of production, what it says, and where it is kept."""

    production: Production
    answer: dict[str, Any]
    kept: KeptPlan
    findings: tuple[Finding, ...]


def production(request: ProductionRequest, out: Path | None, progress: Progress) -> KeptProduction:
    """Plan the production of a year and keep it.

    Refuses what forecasts refuse, PN015 a folder that holds something, PN050 a quantile or PN051 a year out of range.
    """
    if out is not None:
        refuse_filled(out)
    if request.quantile is not None and not 0 < request.quantile < 1:
        raise refuse("PN050", Place("--quantile"), f"{request.quantile:g}")
    if not 2000 <= request.year < 2100:
        raise refuse("PN051", Place("--year"), str(request.year))
    first = f"{request.year}-01"
    opened = open_state(request.source, month_before(first), progress)
    events, raw = events_of(request.events, opened)
    ahead = look_ahead(opened, first, MONTHS, events, progress)
    plan, people = planned(opened, ahead, request.quantile)
    scope = Extent(opened.state.offices, opened.state.lines, ahead.forecast.months, ladder_of(opened).nation)
    head = {"year": request.year, "quantile": request.quantile, "origin_month": ahead.forecast.origin_month}
    hours = {"hours_from_history": int(people.hours.is_history.sum()), "method_until": str(opened.pack.until)}
    answer = head | hours | production_json(plan, scope, printed_of(opened.pack))
    files = {"production.csv": production_csv(plan, scope), "plan.json": as_json(answer)}
    if raw:
        files["events.csv"] = raw
    kept = keep_plan(request.source.store, PRODUCTION, basis_of(opened) | head, files, out)
    return KeptProduction(plan, answer, kept, ahead.findings)


def planned(opened: Opened, ahead: Ahead, quantile: float | None = None) -> tuple[Production, PeopleAhead]:
    """The plan of the months of a forecast, which follow the state; people that are only expected count in the mean."""
    state, families = opened.state, opened.families()
    forecast = ahead.forecast
    people = people_ahead(opened, forecast.months, only_certain=quantile is not None)
    grown: Floats = np.ones((len(state.offices), len(state.lines), 1))
    if quantile is not None:
        grown[..., 0] = receipts_factor(forecast, families, quantile)[:, families.group_of_line]
    received = forecast.received * (1 + reopened_part(state))[..., None] * grown
    coming = Coming(
        opening=np.maximum(state.pending[..., -1], 0.0),
        opening_points=np.maximum(state.pending_points[..., -1], 0.0),
        received=received,
        received_points=forecast.received_points * grown,
        automatic=forecast.received * automatic_part(state)[..., None] * grown,
    )
    incoming = forecast.received.sum(axis=2) * incoming_points_of(state) * grown[..., 0]
    year = Year(coming, incoming, people.hours.hours, people.productivity.points_per_hour)
    levers = [
        LeverLimit(lever.id, float(lever.hours), float(lever.euro)) for lever in opened.pack.planning.levers.values()
    ]
    return plan_production(year, families, opened.targets(families), levers), people


def reopened_part(state: WorkState) -> Floats:
    """Cases reopened for each one received in the last year, [office, line]: those of the line in the nation."""
    reopened, received = of_12_months(state.reopened).sum(axis=0), of_12_months(state.received).sum(axis=0)
    part = np.divide(reopened, received, out=np.zeros_like(received), where=received > 0)
    return np.repeat(np.maximum(part, 0.0)[None, :], len(state.offices), axis=0)


def incoming_points_of(state: WorkState) -> Floats:
    """Points of a piece received, automatic ones included, in the last year; of the line where an office had few."""
    points, pieces = of_12_months(state.incoming_points), of_12_months(state.received)
    whole = pieces.sum(axis=0)
    of_line = np.divide(points.sum(axis=0), whole, out=np.zeros_like(whole), where=whole > 0)
    own = np.divide(points, pieces, out=np.zeros_like(points), where=pieces > 0)
    return np.where(pieces >= MONTHS, own, of_line)


def printed_of(pack: Pack) -> Printed:
    """The printed plan of production and its quarterly profile, where the pack has them."""
    planning = pack.planning
    lines: dict[str, float] = {}
    if planning.production.table:
        table = pack.tables[planning.production.table]
        key, column = table.columns.index(table.key[0]), table.columns.index(planning.production.column)
        for row, number in zip(table.rows, table.lines, strict=True):
            line = planning.production.lines.get(row[key])
            if line and row[column]:
                points = parse_machine(row[column], Place(table.path, number, planning.production.column))
                lines[line] = lines.get(line, 0.0) + float(points)
    profile: list[float | None] = []
    if planning.profile[0]:
        table = pack.tables[planning.profile[0]]
        key = table.columns.index(table.key[0])
        for row, number in zip(table.rows, table.lines, strict=True):
            if row[key] == planning.profile[1]:
                cells = [(name, row[table.columns.index(name)]) for name in QUARTERS if name in table.columns]
                parts = [parse_machine(cell, Place(table.path, number, name)) if cell else None for name, cell in cells]
                profile = [None if part is None else float(part / Fraction(_PERCENT)) for part in parts]
    return Printed(lines, profile)
