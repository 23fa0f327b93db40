"""States of work for tests: arrays that are given, zeros for the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from piramide.planning.calendar import months_from
from piramide.planning.state import Office, StateSource, WorkState

Floats = NDArray[np.float64]

BY_LINE = (
    "received", "reopened", "resolved", "automatic", "pending", "received_points", "incoming_points",
    "resolved_points", "pending_points", "done_points",
)  # fmt: skip


def state_of_arrays(
    offices: int, lines: int, months: int, regions: Sequence[str] = (), first: str = "2023-01", **given: Floats
) -> WorkState:
    """A state of offices `o0`, `o1`, … (a province each) and lines `l0`, `l1`, …, zero where nothing is given."""
    arrays = {name: given.get(name, np.zeros((offices, lines, months))) for name in BY_LINE}
    opening = {name: given.get(name, np.zeros((offices, lines))) for name in ("opening", "opening_points")}
    return WorkState(
        offices=tuple(Office(f"o{at}", f"p{at}", regions[at] if regions else "r") for at in range(offices)),
        lines=tuple(f"l{at}" for at in range(lines)),
        months=months_from(first, months),
        staff_hours=given.get("staff_hours", np.zeros((offices, months))),
        source=StateSource("pack", "", {}),
        **arrays,
        **opening,
    )
