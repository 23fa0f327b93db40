"""Progress of the phases of objectives, from the steps of projects: `project` is the node, `deliverable` the phase.

What counts is the progress of the latest validated step on or before the day; a phase without one has no figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pyarrow.parquet as pq

from piramide.kernel.periods import Moment
from piramide.kernel.statuses import Status
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.values.indicators import IndicatorValue
from piramide.methodology.model import Pack

PROJECTS: Final = "projects"
"""The dataset that tells the steps of projects."""
_VALIDATED: Final = "validated"
_COLUMNS: Final = ("structure", "project", "deliverable", "day", "step", "progress", "sign")
_Key = tuple[str, str, str]


def phase_values(
    ledger: Ledger, pack: Pack, structures: Sequence[str], moments: Sequence[Moment]
) -> Iterator[IndicatorValue]:
    """The progress of every phase at some moments, of `structures` (all when empty), where a step tells it."""
    if not pack.phases:
        return
    validated = _validated(ledger)
    for (structure, _node), phases in pack.phases.items():
        if structures and structure not in structures:
            continue
        for phase in phases:
            steps = validated.get((structure, phase.node, phase.id), ())
            for moment in moments:
                told = [step for step in steps if step[0] <= moment.day]
                if told:
                    progress = float(max(told)[1])
                    yield IndicatorValue(structure, phase.name, moment, progress, None, None, Status.MEASURED, 1.0)


def _validated(ledger: Ledger) -> dict[_Key, list[tuple[date, Decimal]]]:
    """Validated steps that no correction takes back, by structure, project and deliverable."""
    names = ledger.codes().structures
    counted: Counter[tuple[_Key, date, Decimal]] = Counter()
    for load in ledger.loads(PROJECTS):
        if not load.manifest["accepted"]:
            continue
        for row in pq.read_table(load.proven_entries, columns=list(_COLUMNS)).to_pylist():
            if row["step"] == _VALIDATED:
                key = (names[row["structure"]], row["project"], row["deliverable"])
                counted[key, row["day"], row["progress"]] += row["sign"]
    found: dict[_Key, list[tuple[date, Decimal]]] = {}
    for (key, day, progress), count in counted.items():
        if count > 0:
            found.setdefault(key, []).append((day, progress))
    return found
