"""A problem of work sharing from arrays, in the form of its file: what is solved is what is kept, and can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.state import Office
from piramide.planning.targets import Families, Targets, ceilings

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

FORMAT: Final = 1
_POINTS: Final = 3
_PER_HOUR: Final = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules of the month: worst office first, least worth moving, protected offices, most that a plan may change.

    `last_month` are points lent by office and family in the month before; quantities are in points.
    """

    worst_first: bool = False
    lot: float = 0.0
    protected: Sequence[str] = ()
    change_at_most: float | None = None
    last_month: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brings: arrays by office, and by office and line, in points; `can` is [office, family].

    `workload` is what waits and what comes, `received` what comes, `received_12_months` what came in a year.
    """

    month: str
    offices: Sequence[Office]
    families: Families
    targets: Targets
    hours: Floats
    points_per_hour: Floats
    workload: Floats
    received: Floats
    received_12_months: Floats
    can: Truth
    default_can: bool


def posed(month: Month, asked: Asked) -> bytes:
    """The text of the problem: points in thousandths, productivity in millionths; cells without work are left out."""
    families, names = month.families, [office.id for office in month.offices]
    workload = np.round(np.maximum(families.by_family(month.workload), 0.0), _POINTS)
    received = np.round(np.maximum(families.by_family(month.received), 0.0), _POINTS)
    of_year = np.maximum(families.by_group(month.received_12_months), 0.0)
    most = ceilings(month.targets.days, of_year)
    there = workload > 0
    in_group = np.zeros((len(names), len(families.groups)), bool)
    for family, group in enumerate(families.group_of):
        in_group[:, group] |= there[:, family]
    known = sorted(set(np.flatnonzero(there.any(axis=0)).tolist()))
    body: dict[str, Any] = {
        "format": FORMAT,
        "month": month.month,
        "offices": [
            {
                "id": office.id,
                "province": office.province,
                "region": office.region,
                "hours": round(float(hours), 2),
                "points_per_hour": round(float(per_hour), _PER_HOUR),
            }
            for office, hours, per_hour in zip(month.offices, month.hours, month.points_per_hour, strict=True)
        ],
        "groups": [
            {"id": name, "families": [families.families[at] for at in known if families.group_of[at] == group]}
            for group, name in enumerate(families.groups)
            if any(families.group_of[at] == group for at in known)
        ],
        "work": [
            {
                "office": names[office],
                "family": families.families[family],
                "workload": float(workload[office, family]),
                "received": float(received[office, family]),
            }
            for office, family in np.argwhere(there).tolist()
        ],
        "ceilings": [
            {
                "office": names[office],
                "group": families.groups[group],
                "points": None if np.isnan(most[office, group]) else round(float(most[office, group]), _POINTS),
                "received_12_months": round(float(of_year[office, group]), _POINTS),
            }
            for office, group in np.argwhere(in_group).tolist()
        ],
        "competence": {"default": month.default_can, "except": list(_exceptions(month, names, known))},
        "rules": _rules(asked, {families.families[at] for at in known}),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _exceptions(month: Month, names: Sequence[str], known: Sequence[int]) -> Iterable[dict[str, str]]:
    for office, family in np.argwhere(month.can != month.default_can).tolist():
        if family in known:
            yield {"office": names[office], "family": month.families.families[family]}


def _rules(asked: Asked, families: set[str]) -> dict[str, Any]:
    rules: dict[str, Any] = {"worst_first": asked.worst_first}
    if asked.lot:
        rules["lot"] = asked.lot
    if asked.protected:
        rules["protected"] = list(asked.protected)
    if asked.change_at_most is not None:
        rules["change_at_most"] = asked.change_at_most
        rules["last_month"] = [
            {"office": office, "family": family, "points": points}
            for (office, family), points in sorted(asked.last_month.items())
            if family in families
        ]
    return rules
