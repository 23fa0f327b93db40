"""One period from facts to a kept run: measure, add what people collected by hand, score."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from piramide.cycle import measure as measuring
from piramide.cycle.months import write_completed
from piramide.cycle.runs.measured_from import measured_now, note_measured
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, score
from piramide.kernel.periods import parse_period


@dataclass(frozen=True, slots=True)
class PeriodRequest:
    """A pack and a period; `by_hand` is the file of collected values, none where nothing is collected."""

    pack: str
    period: str
    by_hand: Path | None = None
    demonstration: bool = False


def score_period(
    request: PeriodRequest, folders: Sequence[Path], store: Store, progress: Callable[[str, int, int], None]
) -> Scored:
    """Measure the facts of the store, complete them with collected values and keep the scored run.

    Raises `Refusal`: what measuring and scoring refuse; nothing is kept then.
    """
    packs = list(folders)
    with tempfile.TemporaryDirectory(prefix="piramide-") as name:
        measured, completed = Path(name) / "misurati.csv", Path(name) / f"valori-{request.period}.csv"
        asked = measuring.Request(request.pack, request.period, demonstration=request.demonstration)
        answer = measuring.measure(asked, packs, store.root, measured, progress)
        if request.by_hand is None:
            completed = measured
        else:
            write_completed(answer.values, request.by_hand, completed)
            day = parse_period(request.period).end - timedelta(days=1)
            note_measured(store.root, completed, measured_now(store.root, answer.loads, day.isoformat()))
        scoring = Request(request.pack, completed, request.period, demonstration=request.demonstration)
        return score(scoring, packs, store)
