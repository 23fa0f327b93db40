"""One period from facts to a kept run: measure, add what people collected by hand, score."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from piramide.cycle import measure as measuring
from piramide.cycle.plans.packs import open_pack
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, ValuesAtHand, score
from piramide.kernel.periods import parse_period
from piramide.kernel.value_rows import at_moments, contested_in, measured_first, rows_of
from piramide.measurement.measure import moments_of
from piramide.scoring.value_table import read_rows


@dataclass(frozen=True, slots=True, eq=False)
class PeriodRequest:
    """A pack and a period; `by_hand` are the collected values, `None` where nothing is collected.

    `contested` are the (structure, indicator) whose value somebody contests, measured ones too.
    """

    pack: str
    period: str
    by_hand: pa.Table | None = None
    contested: Collection[tuple[str, str]] = ()
    demonstration: bool = False


def score_period(
    request: PeriodRequest, folders: Sequence[Path], store: Store, progress: Callable[[str, int, int], None]
) -> Scored:
    """Measure the facts of the store, complete them with collected values and keep the scored run.

    Where values are collected, a store without facts for this pack measures nothing. Raises `Refusal`: what measuring
    and scoring refuse; nothing is kept then.
    """
    packs = list(folders)
    pack = open_pack(request.pack, packs, demonstration=request.demonstration)
    values = ValuesAtHand(rows_of([]) if request.by_hand is None else request.by_hand, source=request.period)
    if request.by_hand is None or measuring.gives_facts(pack, store.root):
        asked = measuring.Request(request.pack, request.period, demonstration=request.demonstration)
        answer, facts = measuring.measured(asked, packs, store.root, progress)
        rows = answer.rows if request.by_hand is None else measured_first(answer.rows, request.by_hand)
        values = ValuesAtHand(rows, facts, request.period)
    if request.contested:
        values = ValuesAtHand(contested_in(values.rows, request.contested), values.facts, request.period)
    return score(Request(request.pack, values, request.period, demonstration=request.demonstration), packs, store)


def read_by_hand(file: Path, period: str) -> pa.Table:
    """The rows of a file of collected values that a period is scored on: its own moment and the checkpoints before."""
    return at_moments(read_rows(file), {str(moment) for moment in moments_of(parse_period(period))})
