"""What a plan starts from: work received, resolved and left, by office, product line and month, in frozen arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.measurement.work_by_line import WorkByLine

Floats = NDArray[np.float64]

BACK: Final = 12
"""Months that a yearly figure looks back."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its place in the ladder along which work is lent: first inside the province, then the region."""

    id: str
    province: str
    region: str


@dataclass(frozen=True, slots=True)
class StateSource:
    """Where a state comes from: plan, the day whose knowledge counts (empty: today's), last load of each dataset."""

    pack: str
    known_on: str
    loads: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WorkState:
    """Work of offices, by line and month; arrays are float64 [office, line, month], in pieces unless a name says more.

    Flows and `pending` (what is left at the end of each month) are of the office of competence, automatic cases
    included; `automatic` are those that nobody worked on, received and resolved at once. Points are those of the day
    of receipt and leave automatic cases out. `done_points` are points resolved by hand at the office of work,
    `staff_hours` [office, month] the hours that took. `opening` and `opening_points` [office, line] stand before the
    first month. `months` are consecutive. `incoming_points` are of everything received, automatic cases included and
    what is reopened not: what a yearly figure, and so a target in days, is measured by.
    """

    offices: tuple[Office, ...]
    lines: tuple[str, ...]
    months: tuple[str, ...]
    received: Floats
    reopened: Floats
    resolved: Floats
    automatic: Floats
    pending: Floats
    received_points: Floats
    incoming_points: Floats
    resolved_points: Floats
    pending_points: Floats
    done_points: Floats
    staff_hours: Floats
    opening: Floats
    opening_points: Floats
    source: StateSource

    def received_12_months(self) -> Floats:
        """Pieces received in the twelve months up to the last, [office, line]; of fewer months as of a whole year."""
        return of_12_months(self.received)

    def up_to(self, month: str) -> WorkState:
        """The same up to the end of a month that it holds."""
        end = self.months.index(month) + 1
        cut: dict[str, Any] = {name: getattr(self, name)[..., :end] for name in _BY_MONTH}
        return replace(self, months=self.months[:end], **cut)

    def since(self, month: str) -> WorkState:
        """The same from a month that it holds on; what stood before it is the opening."""
        start = self.months.index(month)
        if not start:
            return self
        opening: dict[str, Any] = {
            "opening": self.pending[..., start - 1],
            "opening_points": self.pending_points[..., start - 1],
        }
        cut: dict[str, Any] = {name: getattr(self, name)[..., start:] for name in _BY_MONTH}
        return replace(self, months=self.months[start:], **cut, **opening)


def of_12_months(by_month: Floats) -> Floats:
    """The sum of the last twelve months (last axis); of fewer months as of a whole year, of none zero."""
    count = min(BACK, by_month.shape[-1])
    total: Floats = by_month[..., -count:].sum(axis=-1) * (BACK / count) if count else by_month.sum(axis=-1)
    return total


_BY_MONTH: Final = (
    "received",
    "reopened",
    "resolved",
    "automatic",
    "pending",
    "received_points",
    "incoming_points",
    "resolved_points",
    "pending_points",
    "done_points",
    "staff_hours",
)


def state_of(work: WorkByLine, offices: Sequence[Office], source: StateSource) -> WorkState:
    """The state of some offices, from all work that a ledger holds; one that the ledger never named has zeros."""
    positions = {name: position for position, name in enumerate(work.structures)}
    rows = np.array([positions.get(office.id, -1) for office in offices], np.intp)
    found = (rows >= 0)[:, None, None]

    def read(name: str) -> Floats:
        return np.where(found, work.figures[name][rows], 0.0)

    received, reopened, resolved, automatic = (read(name) for name in ("received", "reopened", "resolved", "automatic"))
    automatic_points = read("automatic_points")
    received_points = read("received_points") + read("reopened_points") - automatic_points
    resolved_points = read("resolved_points") - automatic_points
    nothing = np.zeros(received.shape[:2])
    return WorkState(
        offices=tuple(offices),
        lines=work.lines,
        months=work.months,
        received=received,
        reopened=reopened,
        resolved=resolved,
        automatic=automatic,
        pending=np.cumsum(received + reopened - resolved, axis=2),
        received_points=received_points,
        incoming_points=read("received_points"),
        resolved_points=resolved_points,
        pending_points=np.cumsum(received_points - resolved_points, axis=2),
        done_points=read("done_points"),
        staff_hours=read("staff_hours").sum(axis=1),
        opening=nothing,
        opening_points=nothing.copy(),
        source=source,
    )
