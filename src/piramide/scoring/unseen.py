"""Checkpoints that are due and that a file of values does not know, said once for the whole file (R40)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from piramide.kernel.findings import Finding, Place
from piramide.kernel.statuses import Status, position
from piramide.scoring.scored import Scored

_EXCUSED = (position(Status.NOT_APPLICABLE), position(Status.NOT_STARTED))


def unseen_checkpoints(scored: Scored) -> Iterator[Finding]:
    """One warning with the periods that are lacking, each with the number of thresholds that it leaves open."""
    group, plan = scored.plan.cells.checkpoints, scored.plan
    unseen = ~scored.readings.known[group.moments, group.owners]
    unseen &= ~np.isin(scored.readings.statuses[group.owners], _EXCUSED)
    unseen &= (group.owners < len(plan.layout.leaves)) & ~scored.gaps.scored[group.owners]
    lacking = Counter(str(plan.moments[moment]) for moment in group.moments[unseen].tolist())
    if not lacking:
        return
    first = plan.cells.items[group.owners[unseen][0]]
    fields = {
        "periods": ", ".join(f"{period} ({count})" for period, count in sorted(lacking.items())),
        "count": len(set(group.owners[unseen].tolist())),
        "structure": first.structure,
    }
    yield Finding("SC029", Place(scored.values.source), first.indicator.label, fields)
