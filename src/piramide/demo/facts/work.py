"""The work ledger, month by month: a stream of tables, and the files they become."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pyarrow as pa

from piramide.demo.facts.arrivals import arrivals, opening
from piramide.demo.facts.block import blocks_of
from piramide.demo.facts.entries import Names, table
from piramide.demo.facts.files import write_tables
from piramide.demo.facts.hashing import Integers
from piramide.demo.facts.step import State, opening_state, step
from piramide.demo.facts.tally import Tally, tally, tally_of
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World
from piramide.kernel.progress import Progress, silent

Plant = Callable[[Month, pa.Table], pa.Table]
"""Changes the entries of a month: takes and gives a table of the work contract, whole for its offices of competence."""

_CASES_OF_A_BLOCK: Final = 50_000
_MOST_BLOCKS: Final = 58


def write_work(
    world: World, folder: Path, ending: str, plant: Sequence[Plant] = (), progress: Progress = silent
) -> tuple[list[Path], Tally]:
    """Write the opening (cases received before the first year), then one file a month; count before any plant."""
    folder.mkdir(parents=True, exist_ok=True)
    coming, before = arrivals(world), opening(world)
    wanted = -(-world.cases // len(world.months) // _CASES_OF_A_BLOCK)
    blocks = blocks_of(world, coming, before, max(1, min(_MOST_BLOCKS, wanted)))
    names = Names(pa.array(world.offices.ids), pa.array(world.products.codes))
    states: list[State] = []
    seen: list[tuple[int, Integers]] = []

    def before_the_first_month() -> Iterator[pa.Table]:
        for block in blocks:
            state, received = opening_state(world, block)
            states.append(state)
            yield table(received, names)

    def during(month: Month) -> Iterator[pa.Table]:
        for place, block in enumerate(blocks):
            happened, states[place] = step(world, block, states[place], month)
            seen.append((month.index // 12, tally_of(world, happened)))
            yield _planted(month, table(happened, names), plant)

    first = folder / f"{world.years[0] - 1}-12-opening.{ending}"
    files = [folder / f"{month.label}.{ending}" for month in world.months]
    with ThreadPoolExecutor(max_workers=1) as writing:
        write_tables(first, before_the_first_month(), writing)
        for done, (month, file) in enumerate(zip(world.months, files, strict=True), 1):
            progress("work", done, len(files) + 1)
            write_tables(file, during(month), writing)
    progress("work", len(files) + 1, len(files) + 1)
    return [first, *files], tally(world, seen)


def _planted(month: Month, happened: pa.Table, plant: Sequence[Plant]) -> pa.Table:
    for change in plant:
        happened = change(month, happened)
    return happened
