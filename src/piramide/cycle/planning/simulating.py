"""A year of the store under policies of work sharing: what would have been, had the offices helped each other so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.forecasting import as_json, basis_of, ladder_of, look_ahead
from piramide.cycle.planning.kept import KeptPlan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, month_before, open_state
from piramide.cycle.planning.people import competence_of, people_ahead
from piramide.kernel.findings import Place, refuse
from piramide.kernel.numbers import parse_machine
from piramide.kernel.progress import Progress
from piramide.methodology.in_force import last_day
from piramide.planning.calendar import MONTHS, months_from
from piramide.planning.forecast.ahead import points_once_more
from piramide.planning.forecast.forecasting import Settled
from piramide.planning.share.posing import Month
from piramide.planning.staff import productivity_of
from piramide.planning.state import WorkState, of_12_months
from piramide.planning.targets import Families, Targets, ceilings
from piramide.planning.year.month import Lent
from piramide.planning.year.policies import Decide, Pair, Policy, best_moves, by_table, nobody
from piramide.planning.year.simulating import (
    CELL_COLUMNS,
    YearFacts,
    YearSimulated,
    cell_rows,
    simulate_year,
    year_json,
)

SIMULATION: Final = "simulation"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class YearRequest:
    """The year, the policies, and the pieces of the store for one piece of the printed table of sharing."""

    source: Source
    year: int
    policies: Sequence[str]
    worst_first: bool = False
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class KeptSimulation:
    """What each policy would have brought, and where it is kept."""

    answer: dict[str, Any]
    kept: KeptPlan


def simulate(request: YearRequest, out: Path | None, progress: Progress) -> KeptSimulation:
    """Simulate a year under each policy, on the same receipts, hours, productivity, central help and ceilings.

    Refuses what `open_state` refuses, PN015 a folder that holds something, PN051 a year, PN052 a policy and PN053 a
    scale that is none, PN054 a plan without a table of sharing, PN055 a year without facts before it.
    """
    if out is not None:
        refuse_filled(out)
    policies = _policies(request.policies)
    if not 2000 <= request.year < 2100:
        raise refuse("PN051", Place("--year"), str(request.year))
    if not 0 < request.scale < float("inf"):
        raise refuse("PN053", Place("--scale"), f"{request.scale:g}")
    opened = open_state(request.source, f"{request.year}-12", progress)
    if Policy.TABLE in policies and not opened.pack.planning.sharing.table:
        raise refuse("PN054", Place("planning.yaml"), opened.pack.id)
    room = _Room.of(opened, request, progress)
    years = []
    for policy in policies:
        decide = room.deciding(policy)
        years.append(simulate_year(room.facts, policy, decide, partial(progress, policy)))
    head = {"year": request.year, "worst_first": request.worst_first, "scale": request.scale}
    answer = head | {"policies": [year_json(room.facts, year) for year in years]}
    files = {"simulation.json": as_json(answer), "cells.csv": _cells(room.facts, years)}
    kept = keep_plan(request.source.store, SIMULATION, basis_of(opened) | head | {"policies": policies}, files, out)
    return KeptSimulation(answer, kept)


def _policies(asked: Sequence[str]) -> list[Policy]:
    found = []
    for name in asked or tuple(Policy):
        try:
            found.append(Policy(name))
        except ValueError as error:
            raise refuse("PN052", Place("--policy"), name, known=", ".join(Policy)) from error
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Room:
    """What all policies share: facts of the year, what was forecast, and everything a plan of a month is made from."""

    opened: Opened
    before: WorkState
    request: YearRequest
    facts: YearFacts
    expected: Floats
    careful: Floats
    hours: Floats
    per_hour: Floats
    targets: Targets
    received_points: Floats

    @classmethod
    def of(cls, opened: Opened, request: YearRequest, progress: Progress) -> _Room:
        state, families = opened.state, opened.families()
        months = months_from(f"{request.year}-01", MONTHS)
        if state.months[0] >= months[0]:
            raise refuse("PN055", Place("--year"), str(request.year), first=state.months[0])
        before = state.up_to(month_before(months[0]))
        earlier = Opened(opened.pack, opened.store, opened.known_on, before)
        per_hour = productivity_of(before).points_per_hour
        targets = opened.targets(families)
        start = len(before.months)
        year = slice(start, start + MONTHS)
        incoming = np.stack(
            [families.by_group(of_12_months(state.incoming_points[..., : start + at + 1])) for at in range(MONTHS)],
            axis=2,
        )
        most = np.stack([ceilings(targets.days, incoming[..., at]) for at in range(MONTHS)], axis=2)
        people = people_ahead(earlier, months)
        facts = YearFacts(
            offices=state.offices,
            families=families,
            months=months,
            opening=families.by_family(np.maximum(before.pending_points[..., -1], 0.0)),
            received=families.by_family(np.maximum(state.received_points[..., year], 0.0)),
            capacity=state.staff_hours[:, year] * per_hour[:, None],
            ceilings=most,
            received_12_months=incoming,
            central=_central(opened, before, request.scale),
            can=competence_of(opened, families, months[0]),
        )
        points, careful = _expected(earlier, state, months, progress)
        expected = families.by_family(points)
        return cls(
            opened,
            before,
            request,
            facts,
            expected,
            careful,
            people.hours.hours,
            per_hour,
            targets,
            state.received_points,
        )

    def deciding(self, policy: Policy) -> Decide:
        """How a policy decides."""
        if policy is Policy.NONE:
            return nobody
        if policy is Policy.TABLE:
            pairs = [pair for pair in _pairs(self.opened, self.before, self.request.scale) if pair.providers]
            return by_table(pairs, self.facts.capacity.sum(axis=1), lambda month: self.expected[..., month])
        return self._replan

    def _replan(self, month: int, waiting: Floats) -> Sequence[Lent]:
        """The best plan of a month from what waits and the upper end of what was forecast for it.

        A plan for the mean leaves every office it helps at its ceiling: half of them would end above.
        """
        facts, known = self.facts, month - 1
        there = np.maximum(waiting + self.expected[..., month] * self.careful[:, None], 0.0)
        of_owner = there.sum(axis=1)
        part = np.divide(facts.central[:, month], of_owner, out=np.zeros_like(of_owner), where=of_owner > 0)
        there *= (1 - np.minimum(part, 1.0))[:, None]
        a_year = (
            facts.received_12_months[..., known]
            if month
            else facts.families.by_group(of_12_months(self.before.incoming_points))
        )
        posed = Month(
            month=facts.months[month],
            offices=facts.offices,
            families=_by_themselves(facts.families),
            targets=self.targets,
            hours=self.hours[:, month],
            points_per_hour=self.per_hour,
            workload=there,
            received=self.expected[..., month],
            received_12_months=_spread(a_year, facts.families),
            can=facts.can,
            default_can=self.opened.pack.planning.is_competent,
        )
        names = {office.id: at for at, office in enumerate(facts.offices)}
        return best_moves(posed, worst_first=self.request.worst_first, families=facts.families, names=names)


def _by_themselves(families: Families) -> Families:
    """Families whose lines are the families themselves."""
    return Families(
        families.families, families.groups, np.arange(len(families.families), dtype=np.intp), families.group_of
    )


def _spread(by_group: Floats, families: Families) -> Floats:
    """Figures of groups [office, group], each on the first family of its group."""
    spread = np.zeros((len(by_group), len(families.families)))
    for group in range(by_group.shape[1]):
        spread[:, int(np.flatnonzero(families.group_of == group)[0])] = by_group[:, group]
    return spread


def _expected(opened: Opened, state: WorkState, months: Sequence[str], progress: Progress) -> tuple[Floats, Floats]:
    """Points that were forecast for each month with what was known at its start, [office, line, month].

    With them the upper end of the interval of each office's receipts over their mean, [office].
    """
    first = look_ahead(opened, months[0], 1, (), progress)
    found = [first.forecast.received_points[..., 0]]
    settled: Settled = first.outcome.settled
    for at, month in enumerate(months[1:], 1):
        progress("", at, MONTHS)
        known = state.up_to(month_before(month))
        found.append(points_once_more(known, ladder_of(opened), 1, settled)[..., 0])
    of_office = next(one for one in first.outcome.levels if one.level.name == "office")
    mean, high = of_office.mean[:, 0, 0], of_office.high_80[:, 0, 0]
    return np.stack(found, axis=2), np.divide(high, mean, out=np.ones_like(mean), where=mean > 0)


def _pairs(opened: Opened, before: WorkState, scale: float) -> Iterator[Pair]:
    """The rows of the printed table: points a month that providers, of the ladder or not, work for receivers."""
    sharing = opened.pack.planning.sharing
    if not sharing.table:
        return
    table = opened.pack.tables[sharing.table]
    columns = [table.columns.index(name) for name in (sharing.provider, sharing.receiver, sharing.pieces)]
    points, pieces = of_12_months(before.received_points), of_12_months(before.received)
    for row, line in zip(table.rows, table.lines, strict=True):
        provider, receiver, count = (row[column] for column in columns)
        if not (provider and receiver and count):
            continue
        receivers = _offices_of(opened, receiver)
        whole = float(pieces[list(receivers)].sum())
        if receivers and whole:
            a_piece = float(points[list(receivers)].sum()) / whole
            amount = float(parse_machine(count, Place(table.path, line, sharing.pieces))) * scale * a_piece / MONTHS
            yield Pair(_offices_of(opened, provider), receivers, amount)


def _offices_of(opened: Opened, name: str) -> tuple[int, ...]:
    """The offices of the ladder that a structure is, stands above, or is the region of."""
    tree = opened.pack.organisation.on(last_day(opened.pack))
    below = {name} | ({one.id for one in tree.descendants(name)} if name in tree.structures else set())
    offices = [at for at, office in enumerate(opened.state.offices) if office.id in below]
    by_region = [at for at, office in enumerate(opened.state.offices) if office.region == name]
    return tuple(offices or by_region)


def _central(opened: Opened, before: WorkState, scale: float) -> Floats:
    """Points that providers outside the ladder work for each office in each month, as the printed table says."""
    central = np.zeros((len(opened.state.offices), MONTHS))
    size = of_12_months(before.received_points).sum(axis=1)
    for pair in _pairs(opened, before, scale):
        if not pair.providers:
            mine = size[list(pair.receivers)]
            central[list(pair.receivers)] += (pair.points * mine / mine.sum())[:, None]
    return central


def _cells(facts: YearFacts, years: Sequence[YearSimulated]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CELL_COLUMNS)
    for year in years:
        writer.writerows(cell_rows(facts, year))
    return text.getvalue().encode()
