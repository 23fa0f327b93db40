"""The months of the demonstration in a store: a kept run of each, the newest first.

`STORE/demonstration.json` is there while some are still to be made: whoever makes them goes on from what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from piramide.cycle.months import MonthScored, score_months
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.measured_from import measured_now
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, ValuesAtHand, score
from piramide.cycle.score_period import read_by_hand
from piramide.demo.agreement import agreeing
from piramide.demo.values import Demonstration, demonstration
from piramide.kernel.findings import Refusal
from piramide.kernel.periods import Period, parse_period
from piramide.kernel.progress import silent
from piramide.kernel.value_rows import measured_first, write
from piramide.methodology.model import Pack

WAITING: Final = "demonstration.json"
_MONTHS: Final = 12


def months_of(job: Demonstration) -> tuple[Period, ...]:
    """Every month of the demonstration, the oldest first."""
    return tuple(parse_period(f"{year}-{month:02d}") for year in job.years for month in range(1, _MONTHS + 1))


def missing_months(job: Demonstration, store: Store) -> tuple[Period, ...]:
    """The months of which the store keeps no run of the demonstration, the newest first."""
    kept = _kept_moments(job, store)
    return tuple(month for month in reversed(months_of(job)) if str(month.moment) not in kept)


def _kept_moments(job: Demonstration, store: Store) -> frozenset[str]:
    runs = store.root / "runs"
    kept = set()
    for folder in runs.iterdir() if runs.is_dir() else ():
        try:
            manifest = store.found(folder.name).manifest
        except Refusal:  # a draft that was left, or a run that cannot be read
            continue
        if manifest["demonstration"] and manifest["pack"] == job.pack:
            kept.add(str(parse_period(manifest["period"]).moment))
    return frozenset(kept)


def keep_month(job: Demonstration, pack: Pack, month: MonthScored, store: Store, folder: Path | None = None) -> Scored:
    """A month as a run that is kept: measured values, and by hand what facts do not measure.

    Its values are written into `folder` too, where one is given.
    """
    name = str(month.period.moment)
    day = month.period.end - timedelta(days=1)
    by_hand = agreeing(read_by_hand(job.values, name), month.answer.values, pack, pack.organisation.on(day))
    rows, facts = measured_first(month.answer.rows, by_hand), measured_now(store.root, month.answer.loads, str(day))
    if folder is not None:
        write(rows, folder / f"valori-{name}.csv")
    values = ValuesAtHand(rows, facts, name)
    return score(Request(job.pack, values, name, demonstration=True, tried_on=month.tried_on), [], store)


def make_months(store: Store, months: Sequence[Period]) -> Iterator[Scored]:
    """Measure, score and keep some months of the demonstration in this order, each when it is asked for."""
    job = demonstration()
    pack = open_pack(job.pack, demonstration=True)
    for month in score_months(pack, store.root, months, silent):
        yield keep_month(job, pack, month, store)


def waiting_months(store: Store) -> tuple[Period, ...]:
    """The months that a site still has to make, the newest first; none once all were made, or where nobody asked."""
    if not (store.root / WAITING).is_file():
        return ()
    missing = missing_months(demonstration(), store)
    if not missing:
        (store.root / WAITING).unlink(missing_ok=True)
    return missing
