"""What an outlook costs beside scoring as many scenarios, on the facts of a store.

    .venv-bench/bin/python -m bench.plan_outlook STORE --known-on 2024-08-31 [--draws 10000] [--pack inps-2024]

Run from the root of the repository, with one thread for linear algebra (OPENBLAS_NUM_THREADS=1). Processor seconds.
`draws` are the futures and the values that every leaf can have in them, `scores` the indices of all draws, `told` the
quantiles and probabilities of structures and leaves; `alone` is `Scorer.score` of the same values, made before.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from piramide.cycle.planning.forecasting import look_ahead
from piramide.cycle.planning.opening import Opened, Source, open_state
from piramide.cycle.planning.outlook import draws_parquet, last_whole_month, measured_then
from piramide.cycle.planning.outlook_past import tried_before
from piramide.cycle.planning.outlook_values import end_of_year
from piramide.cycle.planning.people import people_ahead
from piramide.kernel.periods import parse_period
from piramide.kernel.progress import silent
from piramide.methodology.in_force import tried_on
from piramide.planning.calendar import MONTHS, month_at, months_from, place_of
from piramide.planning.outlook.draws import Draws
from piramide.planning.outlook.futures import chosen, futures
from piramide.planning.outlook.indices import DrawnIndices
from piramide.scoring.plan import compile_plan

T = TypeVar("T")
SEED: Final = 1


def timed(what: Callable[[], T], told: dict[str, float], name: str) -> T:
    """Do something and note the processor seconds it took."""
    before = time.process_time()
    answer = what()
    told[name] = time.process_time() - before
    return answer


def alone(drawn: DrawnIndices, draws: Draws) -> float:
    """Processor seconds of the scores of all draws at once, the values being there."""
    values = draws.values(0, draws.count)
    before = time.process_time()
    drawn.scorer.score(values)
    return time.process_time() - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("store", type=Path)
    parser.add_argument("--known-on", required=True)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--pack", default="inps-2024")
    asked = parser.parse_args()
    told: dict[str, float] = {}
    source = Source(asked.pack, [], asked.store, asked.known_on, demonstration=True)
    month = last_whole_month(asked.known_on)
    opened: Opened = timed(lambda: open_state(source, month, silent), told, "open")
    ahead = months_from(month_at(place_of(month) + 1), MONTHS - int(month[5:]))
    year = int(month[:4])
    measured, moments = timed(lambda: measured_then(opened, year, ahead[0], silent), told, "measure")
    forecast = timed(lambda: look_ahead(opened, ahead[0], len(ahead)).forecast, told, "forecast")
    capacity = timed(lambda: people_ahead(opened, ahead).capacity, told, "people")
    plan = timed(lambda: compile_plan(tried_on(opened.pack, year), parse_period(f"{year}-12")), told, "compile")
    plain = timed(lambda: end_of_year(plan, measured, moments, opened), told, "bases")
    room = timed(lambda: tried_before(plain, measured, moments, opened, forecast), told, "errors")

    def draw() -> Draws:
        drawing = chosen(opened.state, forecast, capacity, asked.draws, SEED)
        return room.draws(futures(opened.state, forecast, drawing), drawing.of_draw, SEED)

    draws = timed(draw, told, "draws")
    drawn = timed(lambda: DrawnIndices.of(plan, room.bases, draws), told, "scores")
    timed(drawn.structures, told, "told")
    timed(lambda: draws_parquet(drawn), told, "parquet")
    told["alone"] = alone(drawn, draws)
    for name, seconds in told.items():
        print(f"{name:10} {seconds:8.2f} s")
    outlook = told["draws"] + told["scores"] + told["told"]
    print(f"outlook / alone: {outlook / told['alone']:.2f}   with the file of draws: ", end="")
    print(f"{(outlook + told['parquet']) / told['alone']:.2f}")
    cells = int(np.count_nonzero([place is not None for place in draws.of_cell]))
    print(
        f"{len(plan.layout.structures)} structures, {cells} leaves with a basis, {draws.choices[0].values.shape[1]} ",
        end="",
    )
    print(f"futures, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB at most")


if __name__ == "__main__":
    main()
