"""Month by month: facts are measured and every structure is scored from them, with one method throughout."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from piramide.kernel.durable import write_whole
from piramide.kernel.node_fields import INDEX_FIELDS, index_of
from piramide.kernel.periods import Period
from piramide.measurement.measure import Measurement, Scope, measure
from piramide.methodology.in_force import in_force, tried_on
from piramide.methodology.model import Pack
from piramide.scoring.result import ScoreTable
from piramide.scoring.score import score_pack
from piramide.scoring.value_table import values_of_rows


@dataclass(frozen=True, slots=True)
class MonthScored:
    """One month: what was measured at its end (year to date) and the scores of every structure."""

    period: Period
    answer: Measurement
    scores: ScoreTable
    tried_on: int = 0


def score_months(
    pack: Pack, store: Path, months: Sequence[Period], progress: Callable[[str, int, int], None]
) -> Iterator[MonthScored]:
    """Measure and score some months, in their order, by the method of `pack`.

    The method is tried on years other than its own too, so that a series can be compared: its validity is moved to the
    year of the month, and the organisation is that of the day.
    """
    methods: dict[int, Pack] = {}
    for period in months:
        if period.year not in methods:
            methods[period.year] = in_force(tried_on(pack, period.year))
        method = methods[period.year]
        day = period.end - timedelta(days=1)
        answer = measure(store, Scope(method, period, day), progress)
        scores = score_pack(method, values_of_rows(answer.rows, method, str(period)), period, as_of=day)
        yield MonthScored(period, answer, scores, 0 if period.year == pack.year else period.year)


def write_series(months: Sequence[MonthScored], out: Path) -> None:
    """Write the index of every structure in every month, with the band and the coverage it rests on."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("structure", "period", *INDEX_FIELDS))
    for month in months:
        for structure in month.scores.structures:
            writer.writerow((structure.id, str(month.period), *index_of(structure).values()))
    write_whole(out, text.getvalue())
