"""What scoring leaves behind before it becomes a table: the plan, the values it read, and what they came to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.scoring.gaps import Gaps
from piramide.scoring.indices import Indices
from piramide.scoring.plan import Plan
from piramide.scoring.readings import Readings
from piramide.scoring.values import Values


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A plan with the values it read and what they came to: the arrays behind a score table.

    Arrays over cells follow `plan.cells.items`, those of `indices` the positions of `plan.layout`; `statuses` are
    positions in `STATUSES`. What is not due has no gap in `gaps`.
    """

    plan: Plan
    values: Values
    readings: Readings
    gaps: Gaps
    statuses: NDArray[np.int8]
    indices: Indices
