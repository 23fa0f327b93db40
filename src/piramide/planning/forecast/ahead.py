"""What is coming, from the state of the work: receipts and production of every cell and level, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from piramide.kernel.findings import Finding
from piramide.kernel.progress import Progress, silent
from piramide.planning.calendar import months_from
from piramide.planning.forecast.events import RECEIVED, RESOLVED, Cells, Event, Usual, take_out
from piramide.planning.forecast.forecast import Array, Forecast
from piramide.planning.forecast.forecasting import Heavy, Outcome, Settled, ahead_of, once_more
from piramide.planning.forecast.irregular import set_right
from piramide.planning.forecast.levels import Hierarchy
from piramide.planning.forecast.shares import YEAR
from piramide.planning.forecast.unusual import find_events
from piramide.planning.production.flow import Coming, produce
from piramide.planning.state import WorkState, of_12_months
from piramide.planning.targets import families_of

NATION, REGION = "nation", "region"
_EVERYTHING: Final = 1e15
"""More points than there can be: everything that is there is to be resolved."""


@dataclass(frozen=True)
class Ahead:
    """A forecast, how each level was reached, and what was found on the way."""

    forecast: Forecast
    outcome: Outcome
    hierarchy: Hierarchy
    found: tuple[Event, ...]
    findings: tuple[Finding, ...]
    known: int
    """Months of history."""

    def from_month(self, gap: int) -> Ahead:
        """The same without the first months."""
        forecast = self.forecast
        cells: dict[str, Any] = {name: getattr(forecast, name)[..., gap:] for name in _BY_MONTH}
        levels = tuple(
            replace(one, mean=one.mean[..., gap:], low_80=one.low_80[..., gap:], high_80=one.high_80[..., gap:])
            for one in self.outcome.levels
        )
        shorter = replace(forecast, months=forecast.months[gap:], **cells)
        return replace(self, forecast=shorter, outcome=replace(self.outcome, levels=levels))


_BY_MONTH: Final = (
    "received", "received_points", "low_80", "high_80", "resolved", "resolved_points", "residuals",
)  # fmt: skip


@dataclass(frozen=True)
class Ladder:
    """Names of what stands above offices and lines: the nation, and the area of each line."""

    nation: str
    areas: tuple[str, ...]

    def hierarchy(self, state: WorkState) -> Hierarchy:
        """Offices, regions, the nation; lines, areas, all together."""
        regions = [office.region for office in state.offices]
        above = [(REGION, regions), (NATION, [self.nation] * len(regions))]
        return Hierarchy.of([office.id for office in state.offices], state.lines, above, self.areas)

    def cells(self, state: WorkState, months: Sequence[str]) -> Cells:
        """The names that an event may use, and the cells of each."""
        offices = _members([(office.id, office.region, self.nation) for office in state.offices])
        lines = _members(list(zip(state.lines, self.areas, strict=True)))
        return Cells(offices, lines, tuple(months))


@dataclass(frozen=True)
class Asked:
    """How far ahead to look, with which events, and the candidates of a library, if there is one.

    `capacity` are points that each office can do in each of the months, [office, month]: what is resolved is what there
    is, within it.
    """

    capacity: Array
    events: Sequence[Event] = ()
    heavy: Heavy | None = None

    @property
    def months(self) -> int:
        """How many months."""
        return int(self.capacity.shape[1])


def forecast_of(state: WorkState, ladder: Ladder, asked: Asked, progress: Progress = silent) -> Ahead:
    """Forecast the months after the last of a state.

    Known events enter; what nobody told is found in the past and kept out of the errors.
    """
    ahead, events = asked.months, asked.events
    months = months_from(state.months[0], len(state.months) + ahead)
    hierarchy, cells = ladder.hierarchy(state), ladder.cells(state, months)
    usual = Usual.of(state.received, ahead)
    findings = list(set_right(usual, cells_names(state), state.lines, state.months))
    for event in events:
        if event.measure == RECEIVED:
            take_out(usual, event, cells)
    found = find_events(usual, hierarchy.levels(), cells)
    findings += [_told(event) for event in found]
    outcome = ahead_of(usual, hierarchy, ahead, asked.heavy, progress)
    received = outcome.bottom.mean
    points = received * _by_hand(state)[..., None]
    resolved, resolved_points = _resolved(state, received, points, asked.capacity)
    for event in events:
        if event.measure == RESOLVED:
            _apply(event, cells, len(state.months), (resolved, resolved_points))
    forecast = Forecast(
        offices=cells_names(state),
        lines=state.lines,
        months=months[-ahead:],
        received=received,
        received_points=points,
        low_80=outcome.bottom.low_80,
        high_80=outcome.bottom.high_80,
        resolved=resolved,
        resolved_points=resolved_points,
        model=outcome.bottom.model,
        origin_month=state.months[-1],
        residuals=_residuals(outcome, received),
    )
    return Ahead(forecast, outcome, hierarchy, tuple(found), tuple(findings), len(state.months))


def points_once_more(state: WorkState, ladder: Ladder, ahead: int, settled: Settled) -> Array:
    """Points by hand that come in the months after a later state, [office, line, month], as a back-test settled."""
    months = months_from(state.months[0], len(state.months) + ahead)
    hierarchy, cells = ladder.hierarchy(state), ladder.cells(state, months)
    usual = Usual.of(state.received, ahead)
    for _ in set_right(usual, cells_names(state), state.lines, state.months):
        pass
    find_events(usual, hierarchy.levels(), cells)
    return once_more(usual, hierarchy, ahead, settled) * _by_hand(state)[..., None]


def cells_names(state: WorkState) -> tuple[str, ...]:
    """The offices of a state by name."""
    return tuple(office.id for office in state.offices)


def _members(rows: Sequence[tuple[str, ...]]) -> Mapping[str, Sequence[int]]:
    members: dict[str, list[int]] = {}
    for at, names in enumerate(rows):
        for name in dict.fromkeys(names):
            members.setdefault(name, []).append(at)
    return members


def _told(event: Event) -> Finding:
    fields: dict[str, object] = {
        "lines": ", ".join(event.lines),
        "structures": ", ".join(event.structures),
        "since": event.since,
        "until": event.until,
        "factor": f"{event.factor:.3f}",
    }
    return Finding("PN045", subject=event.name, fields=fields)


def _by_hand(state: WorkState) -> Array:
    """Points by hand of a piece received, reopened ones with them, of the last year; of the line where few came."""
    points, pieces = of_12_months(state.received_points), of_12_months(state.received)
    of_line = np.divide(
        points.sum(axis=0), pieces.sum(axis=0), out=np.zeros(points.shape[1]), where=pieces.sum(axis=0) > 0
    )
    own = np.divide(points, pieces, out=np.zeros_like(points), where=pieces > 0)
    return np.maximum(np.where(pieces >= YEAR, own, of_line), 0.0)


def automatic_part(state: WorkState) -> Array:
    """The part of receipts that nobody works on, [office, line], of the last year; of the line where few came."""
    automatic, pieces = of_12_months(state.automatic), of_12_months(state.received)
    whole = pieces.sum(axis=0)
    of_line = np.divide(automatic.sum(axis=0), whole, out=np.zeros(len(whole)), where=whole > 0)
    own = np.divide(automatic, pieces, out=np.zeros_like(pieces), where=pieces > 0)
    return np.clip(np.where(pieces >= YEAR, own, of_line), 0.0, 1.0)


def _resolved(state: WorkState, received: Array, points: Array, capacity: Array) -> tuple[Array, Array]:
    """Pieces and points resolved: everything there is, within what the hours do."""
    families = families_of(state.lines, {}, {})
    coming = Coming(
        np.maximum(state.pending[..., -1], 0.0),
        np.maximum(state.pending_points[..., -1], 0.0),
        received,
        points,
        received * automatic_part(state)[..., None],
    )
    wanted = np.full((len(state.offices), len(families.groups)), _EVERYTHING)
    done = produce(coming, families, wanted, capacity, is_all_at_once=True)
    return done.resolved, done.points


def _apply(event: Event, cells: Cells, known: int, figures: tuple[Array, Array]) -> None:
    offices, lines, months = cells.of(event)
    where = np.ix_(offices, lines, months[months >= known] - known)
    pieces, points = figures
    weight = np.divide(points[where], pieces[where], out=np.zeros_like(pieces[where]), where=pieces[where] > 0)
    if event.factor is not None:
        pieces[where] *= event.factor
    elif pieces[where].size:
        pieces[where] += (event.pieces or 0.0) / (offices.size * lines.size)
    points[where] = np.maximum(pieces[where], 0.0) * weight
    pieces[where] = np.maximum(pieces[where], 0.0)


def _residuals(outcome: Outcome, received: Array) -> Array:
    """Errors of the cells over the root, months that have not come as NaN; what an event made is no error."""
    if not outcome.past:
        return np.zeros((1, *received.shape))
    past = outcome.past[0]
    ahead = received.shape[-1]
    residuals = np.where(np.isfinite(past.errors), past.errors, 0.0)
    last = outcome.origins[-1] + 1
    for at, known in enumerate(outcome.origins):
        residuals[at, ..., min(ahead, last - known) :] = np.nan
    return residuals
