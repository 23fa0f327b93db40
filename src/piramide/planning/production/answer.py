"""A plan of production as its files: every cell and month, and what each office needs, has, lacks and costs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.production.planning import Production, profile_of
from piramide.planning.state import Office

FORMAT: Final = 1
COLUMNS: Final = (
    "structure", "line", "month", "opening", "received", "resolved", "pending", "points", "hours_needed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """What the act prints: points of each product line, and the part of the year due by each quarter (0 to 1)."""

    lines: Mapping[str, float]
    profile: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Extent:
    """Names of the plan: offices, lines, months, and the nation."""

    offices: Sequence[Office]
    lines: Sequence[str]
    months: Sequence[str]
    nation: str


def production_csv(plan: Production, scope: Extent) -> bytes:
    """A row of every cell and month in which there is anything: pieces, points resolved by hand, hours they take."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    flow, received = plan.flow, plan.year.coming.received
    figures = (flow.opening, received, flow.resolved, flow.pending, flow.points)
    there = np.any([each != 0 for each in figures], axis=0)
    for office, line, month in np.argwhere(there).tolist():
        cell = [float(each[office, line, month]) for each in figures]
        per_hour = float(plan.year.points_per_hour[office])
        hours = cell[-1] / per_hour if per_hour else 0.0
        writer.writerow((scope.offices[office].id, scope.lines[line], scope.months[month], *cell, hours))
    return text.getvalue().encode()


def production_json(plan: Production, scope: Extent, printed: Printed) -> dict[str, Any]:
    """What each office needs and has, the totals of regions and nation, and the printed plan beside it."""
    days, clearance, profile = plan.days(), plan.clearance(), plan.profile()
    offices = [
        {
            "id": office.id,
            "need_hours": _finite(plan.need_hours[at]),
            "hours": float(plan.hours[at]),
            "shortfall": _finite(plan.shortfall[at]),
            "levers": [{"id": one.id, "hours": one.hours, "euro": one.euro} for one in plan.levers[at]],
            "euro": float(sum(one.euro for one in plan.levers[at])),
            "uncovered": _finite(plan.uncovered[at]),
            "points": float(plan.flow.points[at].sum()),
            "profile": [_finite(part) for part in profile[at]],
            "groups": [
                {
                    "id": group,
                    "ceiling": _finite(plan.ceiling[at, place]),
                    "wanted": float(plan.wanted[at, place]),
                    "target_days": _finite(plan.targets.days[at, place]),
                    "days": _finite(days[at, place]),
                    "clearance": _finite(clearance[at, place]),
                }
                for place, group in enumerate(plan.families.groups)
            ],
        }
        for at, office in enumerate(scope.offices)
    ]
    return {
        "format": FORMAT,
        "offices": offices,
        "regions": list(_regions(plan, scope)),
        "nation": _total(plan, scope.nation, np.ones(len(scope.offices), bool)),
        "printed": list(_beside(plan, scope, printed)),
        "profile_printed": list(printed.profile),
    }


def _regions(plan: Production, scope: Extent) -> Iterator[dict[str, Any]]:
    regions = [office.region for office in scope.offices]
    for region in dict.fromkeys(regions):
        yield _total(plan, region, np.array([each == region for each in regions]))


def _total(plan: Production, name: str, mine: NDArray[np.bool_]) -> dict[str, Any]:
    received = plan.year.coming.received[mine].sum()
    euro = sum(one.euro for used, is_mine in zip(plan.levers, mine, strict=True) if is_mine for one in used)
    profile = profile_of(plan.flow.points[mine].sum(axis=(0, 1))[None, :])[0]
    return {
        "id": name,
        "opening": float(plan.year.coming.opening[mine].sum()),
        "received": float(received),
        "resolved": float(plan.flow.resolved[mine].sum()),
        "pending": float(plan.flow.pending[mine][..., -1].sum()),
        "points": float(plan.flow.points[mine].sum()),
        "need_hours": _finite(plan.need_hours[mine].sum()),
        "hours": float(plan.hours[mine].sum()),
        "shortfall": _finite(plan.shortfall[mine].sum()),
        "uncovered": _finite(plan.uncovered[mine].sum()),
        "euro": float(euro),
        "profile": [_finite(part) for part in profile],
    }


def _beside(plan: Production, scope: Extent, printed: Printed) -> Iterator[dict[str, Any]]:
    """Points of each line of the nation beside the act's."""
    planned = dict(zip(scope.lines, plan.flow.points.sum(axis=(0, 2)).tolist(), strict=True))
    for line, points in printed.lines.items():
        mine = planned.get(line, 0.0)
        row = {"line": line, "printed": points, "planned": mine, "difference": mine - points}
        yield row | {"relative": mine / points - 1 if points else None}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
