"""The demonstration begins: facts are invented and loaded, and the newest months are made of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from piramide.cycle.fact_sources import parse_sources
from piramide.cycle.facts import LoadRequest, facts_status, load_facts
from piramide.cycle.runs.store import Store
from piramide.demo.facts.generate import generate
from piramide.demo.periods import WAITING, make_months, missing_months, months_of, waiting_months
from piramide.demo.values import Demonstration, demonstration
from piramide.kernel.durable import write_whole
from piramide.kernel.periods import Period

NEWEST: Final = 2
"""Months that are made before a site is opened: the last, which waits for its acts, and the last that is published."""
CASES: Final = "work"
"""The dataset whose facts are the most."""


def make_facts(job: Demonstration, folder: Path, store: Store, progress: Callable[[str, int, int], None]) -> None:
    """Invent facts in a folder and load them, unless the store has them already; the cases last, when all else is."""
    loaded = {status.dataset for status in facts_status(store, date.today())}  # noqa: DTZ011 - a day of the calendar
    if CASES in loaded:
        return
    generate(folder, job.cases, job.seed, job.years, "parquet", progress=progress)
    given = [pair for pair in parse_sources([str(folder)]).pairs if pair[0] not in loaded]
    pairs = tuple(sorted(given, key=lambda pair: pair[0] == CASES))
    learned = date(job.years[-1] + 1, 1, 15)
    load_facts(LoadRequest(pairs, learned, pack=job.pack), [], store)


def make_newest(store: Store, progress: Callable[[str, int, int], None]) -> tuple[Period, ...]:
    """Make the facts and the newest months, and note that the others wait; these others, the newest first.

    A second call makes what is missing. Raises `Refusal`: what loading and scoring refuse.
    """
    job = demonstration()
    store.prepare()
    with tempfile.TemporaryDirectory(prefix="piramide-") as name:
        make_facts(job, Path(name) / "facts", store, progress)
    missing, newest = missing_months(job, store), months_of(job)[-NEWEST:]
    if any(month not in newest for month in missing):
        write_whole(store.root / WAITING, "{}\n")
    for _scored in make_months(store, [month for month in missing if month in newest]):
        pass
    return waiting_months(store)
