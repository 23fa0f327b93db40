"""Problems of work sharing, as their files say them."""

from __future__ import annotations

import json
from typing import Any

from piramide.planning.problem import Problem
from piramide.planning.share.reading import problem_of

Body = dict[str, Any]


def office(name: str, place: str, hours: float, per_hour: float = 1.0) -> Body:
    """An office at `province/region`."""
    province, region = place.split("/")
    return {"id": name, "province": province, "region": region, "hours": hours, "points_per_hour": per_hour}


def work(name: str, family: str, points: float) -> Body:
    return {"office": name, "family": family, "workload": points, "received": points}


def ceiling(name: str, points: float | None, received: float = 720, group: str = "g") -> Body:
    return {"office": name, "group": group, "points": points, "received_12_months": received}


def body_of(offices: list[Body], works: list[Body], ceilings: list[Body], **rules: object) -> Body:
    """One group of every family that somebody works."""
    families = sorted({str(row["family"]) for row in works})
    return {
        "format": 1,
        "month": "2025-01",
        "offices": offices,
        "groups": [{"id": "g", "families": families}],
        "work": works,
        "ceilings": ceilings,
        "competence": {"default": True, "except": []},
        "rules": rules,
    }


def by_hand(**rules: object) -> Body:
    """The example worked by hand: a lacks 30; b can give 20 in its region, c 25 from outside."""
    return body_of(
        [office("a", "pa/r1", 50), office("b", "pb/r1", 60), office("c", "pc/r2", 45)],
        [work("a", "x", 100), work("b", "x", 60), work("c", "x", 50)],
        [ceiling("a", 20), ceiling("b", 20, 1440), ceiling("c", 30)],
        **rules,
    )


def read(body: Body) -> Problem:
    return problem_of(json.dumps(body).encode(), "problem.json")
