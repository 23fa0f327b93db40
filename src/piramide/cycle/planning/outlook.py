"""Where a year is going, from the store: indicators at the end of the year in every draw, indices, probabilities."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
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
from piramide.cycle.planning.outlook_past import tried_before
from piramide.cycle.planning.outlook_values import end_of_year
from piramide.cycle.planning.people import people_ahead
from piramide.kernel.findings import Place, refuse
from piramide.kernel.periods import Moment, parse_period
from piramide.kernel.progress import Progress
from piramide.measurement.measure import Scope, fold_new, measured_at
from piramide.measurement.values.figures import Measured
from piramide.methodology.in_force import in_force, tried_on
from piramide.planning.calendar import MONTHS, month_at, months_from, place_of
from piramide.planning.outlook.answer import NONE
from piramide.planning.outlook.futures import chosen, futures
from piramide.planning.outlook.indices import DrawnIndices
from piramide.scoring.plan import compile_plan

OUTLOOK: Final = "outlook"
MOST_DRAWS: Final = 100_000
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
    one with nothing of its year ahead, PN067 a seed below zero.
    """
    if out is not None:
        refuse_filled(out)
    if not 1 <= request.draws <= MOST_DRAWS:
        raise refuse("PN056", Place("--draws"), str(request.draws), most=MOST_DRAWS)
    if request.seed < 0:
        raise refuse("PN067", Place("--seed"), str(request.seed))
    month = last_whole_month(request.source.known_on)
    opened = open_state(request.source, month, progress)
    year = int(month[:4])
    ahead = months_from(month_at(place_of(month) + 1), MONTHS - int(month[5:]))
    measured, moments = measured_then(opened, year, ahead[0], progress)
    forecast = look_ahead(opened, ahead[0], len(ahead), (), progress).forecast
    capacity = people_ahead(opened, ahead).capacity
    plan = compile_plan(tried_on(opened.pack, year), parse_period(f"{year}-12"))
    room = tried_before(end_of_year(plan, measured, moments, opened), measured, moments, opened, forecast)
    drawing = chosen(opened.state, forecast, capacity, request.draws, request.seed)
    draws = room.draws(futures(opened.state, forecast, drawing), drawing.of_draw, request.seed)
    drawn = DrawnIndices.of(plan, room.bases, draws, progress)
    head = {"known_on": request.source.known_on, "draws": request.draws, "seed": request.seed, "month": month}
    answer = head | {"year": year, "structures": drawn.structures()}
    files = {"outlook.json": as_json(answer), "draws.parquet": draws_parquet(drawn)}
    kept = keep_plan(request.source.store, OUTLOOK, basis_of(opened) | head, files, out)
    return KeptOutlook(answer, kept)


def last_whole_month(text: str) -> str:
    """The last month that is over on a day, with more of its year ahead."""
    day = day_known(text)
    if day is None:
        raise refuse("PN057", Place("--known-on"), text or "–")
    after = day + timedelta(days=1)
    month = month_at(after.year * MONTHS + after.month - 2)
    if month.endswith(f"-{MONTHS}"):
        raise refuse("PN057", Place("--known-on"), text)
    return month


def measured_then(opened: Opened, year: int, ahead: str, progress: Progress) -> tuple[Measured, tuple[Moment, ...]]:
    """Figures before the first month `ahead` and at the end of the year, of this year and of those before."""
    month = int(ahead[5:]) - 1
    pack = in_force(tried_on(opened.pack, year))
    scope = Scope(pack, parse_period(f"{year}-{month:02d}"), Moment(year, month).day, day_known(opened.known_on))
    first = int(opened.state.months[0][:4])
    earlier = [each for each in range(max(first, year - YEARS_BACK), year) if f"{each}-01" >= opened.state.months[0]]
    moments = [Moment(each, number) for each in earlier for number in (month, MONTHS)]
    folded = fold_new(opened.store, scope, progress).folded
    all_moments = (*moments, Moment(year, month))
    return measured_at(opened.store, scope, folded, all_moments, month_by_month=True), all_moments


_WORD: Final = pa.dictionary(pa.int32(), pa.string())
_DRAWS: Final = pa.schema({"structure": _WORD, "node": _WORD, "draw": pa.int32(), "value": pa.float32()})

_AS_FEW_BYTES: Final[dict[str, Any]] = {
    "compression": "zstd",
    "use_dictionary": ["structure", "node", "value"],
    "column_encoding": {"draw": "DELTA_BINARY_PACKED"},
    "write_statistics": False,
}
"""A leaf has few values, each in many draws; the numbers of draws follow each other."""


def draws_parquet(drawn: DrawnIndices) -> bytes:
    """`structure,node,draw,value`: what is told of each structure under an empty node, then its leaves."""
    cells: dict[str, list[int]] = defaultdict(list)
    for at, (cell, basis) in enumerate(zip(drawn.plan.cells.items, drawn.bases, strict=True)):
        if basis != NONE and cell.node is not None:
            cells[cell.structure].append(at)
    file, shown = io.BytesIO(), drawn.shown()
    with pq.ParquetWriter(file, _DRAWS, **_AS_FEW_BYTES) as writer:
        for at, name in enumerate(drawn.plan.layout.structures):
            writer.write_table(_rows(name, "", shown[at]))
            for leaf in cells.get(name, []):
                writer.write_table(_rows(name, drawn.plan.cells.items[leaf].key, drawn.draws.of(leaf)))
    return file.getvalue()


def _rows(structure: str, node: str, draws: Floats) -> pa.Table:
    """Draws of a structure or leaf as rows."""
    count = len(draws)
    nothing = pa.array(np.zeros(count, np.int32))
    columns = [
        pa.DictionaryArray.from_arrays(nothing, pa.array([structure])),
        pa.DictionaryArray.from_arrays(nothing, pa.array([node])),
        pa.array(np.arange(count, dtype=np.int32)),
        pa.array(draws.astype(np.float32)),
    ]
    return pa.Table.from_arrays(columns, schema=_DRAWS)
