"""Where a year is going, from the store: indicators at the end of the year in every draw, indices, probabilities."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from piramide.cycle.planning.forecasting import as_json, basis_of, look_ahead
from piramide.cycle.planning.kept import KeptPlan, keep_plan, refuse_filled
from piramide.cycle.planning.opening import Opened, Source, day_known, open_state
from piramide.cycle.planning.outlook_values import EndOfYear, end_of_year
from piramide.cycle.planning.people import people_ahead
from piramide.kernel.findings import Place, refuse
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import Progress
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.measurement.values.figures import Measured
from piramide.methodology.in_force import in_force, tried_on
from piramide.planning.calendar import MONTHS, month_at, months_from, place_of
from piramide.planning.outlook.answer import NONE, NodeAhead, structure_json
from piramide.planning.outlook.futures import Futures, futures
from piramide.scoring.plan import Plan, compile_plan
from piramide.scoring.rules.work import Known
from piramide.scoring.scenarios import Scorer, prepare

OUTLOOK: Final = "outlook"
MOST_DRAWS: Final = 1_000_000
YEARS_BACK: Final = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutlookRequest:
    """The day whose knowledge counts (of the source), how many draws, and the seed that decides them."""

    source: Source
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class KeptOutlook:
    """What is said, and where it is kept."""

    answer: dict[str, Any]
    kept: KeptPlan


def outlook(request: OutlookRequest, out: Path | None, progress: Progress) -> KeptOutlook:
    """Draw the rest of the year, score every draw, and keep what they say.

    Refuses what `open_state` refuses, PN015 a folder that holds something, PN056 a number of draws, PN057 no day, or
    one with nothing of its year ahead.
    """
    if out is not None:
        refuse_filled(out)
    if not 1 <= request.draws <= MOST_DRAWS:
        raise refuse("PN056", Place("--draws"), str(request.draws), most=MOST_DRAWS)
    month = _last_whole_month(request.source.known_on)
    opened = open_state(request.source, month, progress)
    year = int(month[:4])
    ahead = months_from(month_at(place_of(month) + 1), MONTHS - int(month[5:]))
    measured, moments = _measured(opened, year, int(month[5:]), progress)
    forecast = look_ahead(opened, ahead[0], len(ahead), (), progress).forecast
    capacity = people_ahead(opened, ahead).capacity
    plan = compile_plan(tried_on(opened.pack, year), parse_period(f"{year}-12"))
    room = end_of_year(plan, measured, moments, opened)
    drawn = _Drawn.of(plan, room)
    for future in futures(opened.state, forecast, capacity, request.draws, request.seed):
        drawn.add(room, future, request)
        progress("", drawn.count, request.draws)
    head = {"known_on": request.source.known_on, "draws": request.draws, "seed": request.seed, "month": month}
    answer = head | {"year": year, "structures": drawn.told()}
    files = {"outlook.json": as_json(answer), "draws.parquet": drawn.parquet()}
    kept = keep_plan(request.source.store, OUTLOOK, basis_of(opened) | head, files, out)
    return KeptOutlook(answer, kept)


def _last_whole_month(text: str) -> str:
    """The last month that is over on a day, with more of its year ahead."""
    day = day_known(text)
    if day is None:
        raise refuse("PN057", Place("--known-on"), text or "–")
    after = day + timedelta(days=1)
    month = month_at(after.year * MONTHS + after.month - 2)
    if month.endswith(f"-{MONTHS}"):
        raise refuse("PN057", Place("--known-on"), text)
    return month


def _measured(opened: Opened, year: int, month: int, progress: Progress) -> tuple[Measured, tuple[Moment, ...]]:
    """Figures at this month and at the end of the year, in this year and in those before; the oldest first."""
    pack = in_force(tried_on(opened.pack, year))
    scope = Scope(pack, parse_period(f"{year}-{month:02d}"), Moment(year, month).day, day_known(opened.known_on))
    first = int(opened.state.months[0][:4])
    earlier = [each for each in range(max(first, year - YEARS_BACK), year) if f"{each}-01" >= opened.state.months[0]]
    moments = [Moment(each, number) for each in earlier for number in (month, MONTHS)]
    folded = fold_new(opened.store, scope, progress).folded
    all_moments = (*moments, Moment(year, month))
    return measured_at(opened.store, scope, folded, all_moments, month_by_month=True), all_moments


@dataclass(slots=True)
class _Drawn:
    """Draws as they come: indices of every structure, values of every leaf that has a basis."""

    plan: Plan
    scorer: Scorer
    nodes: Sequence[tuple[int, str]]
    count: int = 0
    indices: list[Floats] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    @classmethod
    def of(cls, plan: Plan, room: EndOfYear) -> _Drawn:
        known = np.zeros((len(plan.moments), len(plan.cells.items)), np.bool_)
        known[0] = [basis != NONE for basis in room.bases]
        nothing = np.zeros(known.shape[1], np.bool_)
        scorer = prepare(plan, Known(known, nothing, nothing, plan.quarter_before))
        return cls(plan, scorer, [(at, basis) for at, basis in enumerate(room.bases)])

    def add(self, room: EndOfYear, future: Futures, request: OutlookRequest) -> None:
        values = room.values(future, request.seed + self.count)
        shown = self.scorer.shown(self.scorer.score(values))
        roots = self.scorer.rows >= len(self.plan.layout.nodes)
        self.indices.append(shown[roots])
        self.values.append(values.astype(np.float32))
        self.count += values.shape[1]

    def told(self) -> list[dict[str, Any]]:
        """Every structure with its leaves."""
        plan, scorer = self.plan, self.scorer
        indices, values = np.concatenate(self.indices, axis=1), np.concatenate(self.values, axis=1)
        roots = scorer.rows >= len(plan.layout.nodes)
        coverage, complete = scorer.coverage[roots], scorer.complete[roots]
        nodes: dict[str, list[NodeAhead]] = defaultdict(list)
        for at, basis in self.nodes:
            cell = plan.cells.items[at]
            if cell.node is None:
                continue
            target = None if cell.target is None else float(cell.target)
            draws = None if basis == NONE else values[at].astype(np.float64)
            nodes[cell.structure].append(
                NodeAhead(cell.structure, cell.node.id, basis, draws, target, cell.indicator.direction)
            )
        return [
            structure_json(
                name,
                indices[at],
                {"coverage": float(coverage[at]), "complete": bool(complete[at])},
                nodes.get(name, []),
            )
            for at, name in enumerate(plan.layout.structures)
        ]

    def parquet(self) -> bytes:
        """`structure,node,draw,value`: indices under an empty node."""
        indices = np.concatenate(self.indices, axis=1)
        values = np.concatenate(self.values, axis=1)
        tables = [_rows(name, "", indices[at]) for at, name in enumerate(self.plan.layout.structures)]
        for at, basis in self.nodes:
            cell = self.plan.cells.items[at]
            if basis != NONE and cell.node is not None:
                tables.append(_rows(cell.structure, cell.node.id, values[at]))
        file = io.BytesIO()
        pq.write_table(pa.concat_tables(tables), file, compression="zstd")
        return file.getvalue()


def _rows(structure: str, node: str, draws: NDArray[Any]) -> pa.Table:
    count = len(draws)
    return pa.table(
        {
            "structure": pa.array([structure] * count).dictionary_encode(),
            "node": pa.array([node] * count).dictionary_encode(),
            "draw": pa.array(np.arange(count, dtype=np.int32)),
            "value": pa.array(draws.astype(np.float32)),
        }
    )
