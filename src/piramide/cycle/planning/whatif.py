"""One change tried on where a year is going: every structure's index with it and without, and what moved it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.cycle.planning.forecasting import as_json, ladder_of, look_ahead
from piramide.cycle.planning.kept import KeptPlan, find_plan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, open_state
from piramide.cycle.planning.outlook import OUTLOOK, measured_then
from piramide.cycle.planning.outlook_past import tried_before
from piramide.cycle.planning.outlook_values import EndOfYear, end_of_year
from piramide.cycle.planning.people import PeopleAhead, people_ahead
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import Progress
from piramide.kernel.statuses import Status
from piramide.measurement.values.indicators import IndicatorValue
from piramide.measurement.values.rows import measured_rows
from piramide.methodology.in_force import in_force, last_day, tried_on
from piramide.methodology.model import Node, Pack
from piramide.planning.calendar import MONTHS, month_at, months_from, place_of
from piramide.planning.forecast.ahead import cells_names
from piramide.planning.forecast.forecast import Forecast
from piramide.planning.outlook.change import Change, ReceiptsPart, StaffPart, TargetPart, WeightPart, read_change
from piramide.planning.outlook.futures import Futures, middle_future
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.result import ScoreTable
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from piramide.scoring.simulation import Simulation
from piramide.scoring.simulation import as_json as simulation_json
from piramide.scoring.value_table import values_of_rows

WHATIF: Final = "whatif"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WhatifRequest:
    """The outlook that the change is tried on, and the file of the change; the pack of the source is the outlook's."""

    source: Source
    base: str
    change: Path


@dataclass(frozen=True, slots=True)
class KeptWhatif:
    """What the change does, and where it is kept."""

    simulation: Simulation
    change: Change
    kept: KeptPlan


def whatif(request: WhatifRequest, out: Path | None, progress: Progress) -> KeptWhatif:
    """Try a change and keep what it does.

    Refuses PN015 a folder that holds something, PN024-PN027 a plan that is no outlook, PN061-PN066 a change that cannot
    be read or names what is not there, and what `outlook` refuses.
    """
    if out is not None:
        refuse_filled(out)
    base = find_plan(request.base, request.source.store, (OUTLOOK,))
    try:
        raw = request.change.read_bytes()
    except OSError as error:
        raise refuse("PN061", Place(str(request.change)), said=error.strerror or str(error)) from error
    change = read_change(raw, str(request.change))
    source = replace(request.source, pack=str(base.manifest["pack"]), known_on=str(base.manifest["known_on"]))
    month = str(base.manifest["month"])
    opened = open_state(source, month, progress)
    simulation = _Room.of(opened, month, str(request.change), progress).tried(change)
    answer = {"name": change.name, "base_plan": base.id} | simulation_json(simulation)
    asked = {name: base.manifest[name] for name in ("pack", "pack_hash", "known_on", "loads", "month")}
    files = {"whatif.json": as_json(answer), "change.json": raw}
    kept = keep_plan(source.store, WHATIF, asked | {"name": change.name, "base": base.id}, files, out)
    return KeptWhatif(simulation, change, kept)


@dataclass(frozen=True, slots=True)
class _Values:
    """Values at the end of the year, and the structures and nodes that have one or are made of others."""

    rows: tuple[IndicatorValue, ...]
    known: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Room:
    """The year as it stands: what is forecast, who is there; `file` is where the change stands, for refusals."""

    opened: Opened
    year: int
    months: tuple[str, ...]
    forecast: Forecast
    people: PeopleAhead
    file: str
    progress: Progress

    @classmethod
    def of(cls, opened: Opened, month: str, file: str, progress: Progress) -> _Room:
        months = months_from(month_at(place_of(month) + 1), MONTHS - int(month[5:]))
        forecast = look_ahead(opened, months[0], len(months), (), progress).forecast
        return cls(opened, int(month[:4]), months, forecast, people_ahead(opened, months), file, progress)

    def tried(self, change: Change) -> Simulation:
        """Both tables of scores, compared."""
        state = self.opened.state
        base_pack = in_force(tried_on(self.opened.pack, self.year))
        other_pack = self._method(base_pack, change)
        future = middle_future(state, self.forecast, self.people.capacity)
        changed = middle_future(
            state, self._received((*change.receipts, *change.events)), self._capacity(change), self._moved(change)
        )
        changed = replace(changed, people=self._people(change))
        plan, room = self._year(base_pack)
        other_plan, other_room = self._year(other_pack) if change.credit else (plan, room)
        before, after = self._values(plan, room, future), self._values(other_plan, other_room, changed)
        known = before.known & after.known
        packs, scores = self._both((base_pack, other_pack), (before, after), known)
        known -= {leaf for pack, table in zip(packs, scores, strict=True) for leaf in _open_leaves(pack, table)}
        packs, scores = self._both((base_pack, other_pack), (before, after), known)
        return simulate(packs[0], scores[0], packs[1], scores[1], packs[0].organisation.on(last_day(packs[0])))

    def _both(
        self, packs: tuple[Pack, Pack], values: tuple[_Values, _Values], known: Collection[tuple[str, str]]
    ) -> tuple[tuple[Pack, Pack], tuple[ScoreTable, ScoreTable]]:
        """Both methods with those leaves alone that are known on both sides, scored."""
        base, other = (_only(pack, known) for pack in packs)
        return (base, other), (self._scored(base, values[0]), self._scored(other, values[1]))

    def _year(self, pack: Pack) -> tuple[Plan, EndOfYear]:
        """The cells of a method, and what makes their values; other targets and weights change none of it."""
        opened = replace(self.opened, pack=pack)
        measured, moments = measured_then(opened, self.year, self.months[0], self.progress)
        plan = compile_plan(pack, parse_period(f"{self.year}-{MONTHS}"))
        room = end_of_year(plan, measured, moments, opened)
        return plan, tried_before(room, measured, moments, opened, self.forecast)

    def _values(self, plan: Plan, room: EndOfYear, future: Futures) -> _Values:
        found = room.middle(future)[:, 0]
        cells = zip(plan.cells.items, found.tolist(), strict=True)
        known = frozenset(
            (cell.structure, cell.key) for cell, value in cells if np.isfinite(value) or cell.indicator.composite
        )
        return _Values(tuple(_rows(plan, found, Moment(self.year, MONTHS))), known)

    def _scored(self, pack: Pack, values: _Values) -> ScoreTable:
        period = parse_period(f"{self.year}-{MONTHS}")
        rows = measured_rows(row for row in values.rows if row.structure in pack.sheets)
        return score_pack(pack, values_of_rows(rows, pack, str(period)), period)

    def _during(self, part: ReceiptsPart | StaffPart) -> list[int]:
        """The months in which a part of the change holds."""
        last = part.until or self.months[-1]
        found = [at for at, month in enumerate(self.months) if (part.since or "") <= month <= last]
        if not found:
            fields = {"first": self.months[0], "last": self.months[-1]}
            raise refuse("PN065", Place(self.file), part.since or last, **fields)
        return found

    def _received(self, parts: Iterable[ReceiptsPart]) -> Forecast:
        received, points = self.forecast.received.copy(), self.forecast.received_points.copy()
        ladder = ladder_of(self.opened).cells(self.opened.state, self.months)
        for part in parts:
            offices = self._cells(part.structures, ladder.offices, "receipts.structures")
            lines = self._cells(part.lines, ladder.lines, "receipts.lines")
            where = np.ix_(offices, lines, self._during(part))
            before = received[where]
            level = np.broadcast_to(before.sum(axis=(0, 1), keepdims=True), before.shape)
            even = np.full(before.shape, 1.0 / max(len(offices) * len(lines), 1))
            share = np.divide(before, level, out=even, where=level > 0)
            after = before * part.factor if part.factor is not None else before + (part.pieces or 0.0) * share
            after = np.maximum(after, 0.0)
            weight = np.divide(points[where], before, out=np.zeros_like(before), where=before > 0)
            received[where], points[where] = after, after * weight
        return replace(self.forecast, received=received, received_points=points)

    def _people(self, change: Change) -> Floats:
        """People more than there would be, [office, month]."""
        names = {name: at for at, name in enumerate(cells_names(self.opened.state))}
        more = np.zeros(self.people.hours_a_head.shape)
        for part in change.staff:
            more[self._one(part.structure, names, "staff.structure"), self._during(part)] += part.fte
        return more

    def _capacity(self, change: Change) -> Floats:
        """Points that the offices do with more or fewer people: hours of a head by what an hour of the office does."""
        capacity = self.people.capacity.copy()
        names = {name: at for at, name in enumerate(cells_names(self.opened.state))}
        for part in change.staff:
            office = self._one(part.structure, names, "staff.structure")
            if not self.people.hours_a_head[office].any():
                raise refuse("PN066", Place(self.file, 0, "staff"), part.structure)
            for at in self._during(part):
                hours = self.people.hours_a_head[office, at] * part.fte
                capacity[office, at] += hours * self.people.productivity.points_per_hour[office]
        return np.maximum(capacity, 0.0)

    def _moved(self, change: Change) -> tuple[Floats, Floats] | None:
        """Points that others work for each office and line, and that each works for others."""
        if not change.transfers:
            return None
        state = self.opened.state
        names = {name: at for at, name in enumerate(cells_names(state))}
        lines = {name: at for at, name in enumerate(state.lines)}
        helped, lent = np.zeros((len(names), len(lines))), np.zeros(len(names))
        for part in change.transfers:
            owner, worker = (self._one(name, names, "transfers") for name in (part.owner, part.worker))
            if owner == worker:
                raise refuse("PN064", Place(self.file, 0, "transfers"), part.owner)
            helped[owner, self._one(part.line, lines, "transfers.line")] += part.points
            lent[worker] += part.points
        return helped, lent

    def _method(self, pack: Pack, change: Change) -> Pack:
        """The method with other targets, weights and rules of credit."""
        sheets = dict(pack.sheets)
        parts: tuple[TargetPart | WeightPart, ...] = (*change.targets, *change.weights)
        for part in parts:
            sheet = sheets.get(part.structure)
            if sheet is None:
                raise self._unknown(part.structure, sheets, "structure")
            nodes = [node.id for root in sheet.tree for node in root.walk()]
            if part.node not in nodes:
                raise self._unknown(part.node, nodes, "node")
            if isinstance(part, WeightPart):
                tree = _weighted(sheet.tree, part.node, Fraction(part.weight))
            else:
                aimed = partial(_aimed, name=part.node, target=Fraction(part.target))
                tree = tuple(root.mapped(aimed) for root in sheet.tree)
            sheets[part.structure] = replace(sheet, tree=tree)
        measures = dict(pack.measures)
        for credit in change.credit:
            if credit.measure not in measures:
                raise self._unknown(credit.measure, measures, "credit.measure")
            measures[credit.measure] = replace(measures[credit.measure], credit=credit.credit)
        return replace(pack, sheets=sheets, measures=measures)

    def _cells(self, names: Sequence[str], known: Mapping[str, Sequence[int]], where: str) -> list[int]:
        found: set[int] = set()
        for name in names or tuple(known):
            if name not in known:
                raise self._unknown(name, known, where)
            found |= set(known[name])
        return sorted(found)

    def _one(self, name: str, known: Mapping[str, int], where: str) -> int:
        if name not in known:
            raise self._unknown(name, known, where)
        return known[name]

    def _unknown(self, name: str, known: Iterable[str], where: str) -> Refusal:
        near = ", ".join(nearest(name, sorted(known))) or "–"
        return refuse("PN063", Place(self.file, 0, where), name, near=near)


def _aimed(node: Node, name: str, target: Fraction) -> Node:
    return replace(node, target=target) if node.id == name else node


def _weighted(tree: tuple[Node, ...], name: str, weight: Fraction) -> tuple[Node, ...]:
    """The tree where a node has another weight among its sisters, which share the rest as they did."""
    if any(node.id == name for node in tree):
        rest = sum((node.weight for node in tree if node.id != name), Fraction(0))
        whole = sum((node.weight for node in tree), Fraction(0))
        factor = (whole - weight * whole) / rest if rest else Fraction(1)
        return tuple(replace(node, weight=weight * whole if node.id == name else node.weight * factor) for node in tree)
    return tuple(replace(node, children=_weighted(node.children, name, weight)) for node in tree)


def _only(pack: Pack, known: Collection[tuple[str, str]]) -> Pack:
    """The method with those leaves alone that have a value on both sides: its indices are those of what is known."""
    sheets = {}
    for name, sheet in pack.sheets.items():
        tree, share = _kept(sheet.tree, name, known)
        if share:
            sheets[name] = replace(sheet, tree=tree)
    return replace(pack, sheets=sheets)


def _open_leaves(pack: Pack, table: ScoreTable) -> Iterator[tuple[str, str]]:
    """The leaves that have no index of their own, whole as it should be: parts or moments of theirs are not known."""
    for structure in table.structures:
        tree = pack.sheets[structure.id].tree
        leaves = {node.id for root in tree for node in root.walk() if not node.children}
        yield from ((structure.id, node.id) for node in structure.nodes if node.id in leaves and node.index is None)


def _kept(
    nodes: tuple[Node, ...], structure: str, known: Collection[tuple[str, str]]
) -> tuple[tuple[Node, ...], Fraction]:
    """The nodes with something known below them, weighed by how much of it there is, and that share of all."""
    kept: list[tuple[Node, Fraction]] = []
    for node in nodes:
        if node.children:
            children, share = _kept(node.children, structure, known)
            if share:
                kept.append((replace(node, children=children), node.weight * share))
        elif (structure, node.id) in known and node.weight:
            kept.append((node, node.weight))
    share = sum((weight for _, weight in kept), Fraction(0))
    return tuple(replace(node, weight=weight / share) for node, weight in kept), share


def _rows(plan: Plan, found: Floats, moment: Moment) -> Iterable[IndicatorValue]:
    """Values as rows to be scored: of each structure and node once."""
    done: set[tuple[str, str]] = set()
    for cell, value in zip(plan.cells.items, found.tolist(), strict=True):
        owner = cell.shared_from or cell.structure
        if (owner, cell.key) in done or not np.isfinite(value):
            continue
        done.add((owner, cell.key))
        yield IndicatorValue(owner, cell.key, moment, value, None, None, Status.ESTIMATED, 1.0)
