"""A plan of work sharing as JSON: what is done where, by whom, at which price, and the proof."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from piramide.kernel.findings import Finding
from piramide.planning.problem import THOUSAND
from piramide.planning.rules import change_cap
from piramide.planning.rules.every import held
from piramide.planning.share.choices import WORST
from piramide.planning.share.network import RELAXABLE, in_points
from piramide.planning.share.prices import COMPETENCE, HOURS, TARGET, Price, prices_of
from piramide.planning.share.relaxing import Relaxation
from piramide.planning.share.sharing import NONE, Sharing, credit_of

FORMAT: Final = 1
COLUMNS: Final = ("provider", "receiver", "line", "month", "pieces", "points", "decided_by")
_SENTENCES: Final = {
    "target": "PN102",
    "hours_available": "PN103",
    "competence": "PN104",
    "hours_lent": "PN105",
    "lot": "PN107",
    "change_cap": "PN108",
    "families_at_most": "PN109",
}
_PRICED: Final = {HOURS: ("PN101", "PN106"), TARGET: ("PN110", "PN111"), COMPETENCE: ("PN112", "PN113")}
"""Sentences of what falls and of what rises."""
_OF: Final = {TARGET: "group", COMPETENCE: "family"}
WEIGHT: Final = {
    "over": Fraction(1000),
    "outside": Fraction(10),
    "region": Fraction(3),
    "province": Fraction(1),
    "waiting": Fraction(1, 100),
}
"""How much a point of each stage weighs in the one figure of a bound."""


def answer_of(sharing: Sharing, raw: bytes) -> dict[str, Any]:
    """The answer as its contract says, in points and days; `raw` is the problem as it was given."""
    body: dict[str, Any] = {"format": FORMAT, "status": sharing.status, **_bounds(sharing)}
    if sharing.status == NONE:
        body |= {key: [] for key in ("stages", "own", "moves", "offices", "prices", "credit")}
        body["certificate"] = {"nodes": [], "potentials": [], "choices": []}
    else:
        body |= _plan(sharing)
    body["relaxations"] = [_relaxation(sharing, relaxation) for relaxation in sharing.relaxations]
    body["rules"] = [
        {"rule": rule.name, "inequality": rule.inequality, "page": rule.page, "sentence": rule.sentence}
        for rule in held(sharing.problem)
    ]
    return {"plan": plan_id(raw, body), **body}


def _plan(sharing: Sharing) -> dict[str, Any]:
    return {
        "stages": list(_stages(sharing)),
        "own": [
            {"office": office, "family": family, "points": in_points(points)}
            for (office, family), points in sorted(sharing.own.items())
        ],
        "moves": list(_moves(sharing)),
        "offices": list(_offices(sharing)),
        "prices": [_price(price) for price in prices_of(sharing)],
        "certificate": {
            "nodes": [list(node) for node in sharing.network.nodes],
            "potentials": sharing.certificate.tolist(),
            "choices": [[*key, low, high] for key, (low, high) in sorted(sharing.windows.items())],
        },
        "credit": [
            {
                "office": credit.office,
                "rule": credit.rule,
                "clearance_before": float(credit.before),
                "clearance_after": float(credit.after),
            }
            for credit in credit_of(sharing)
        ],
    }


def _bounds(sharing: Sharing) -> dict[str, float | None]:
    """What no plan costs less than, and by which part the plan may be above it; stages weighed as in `WEIGHT`."""
    if sharing.status == NONE:
        return {"bound": None, "optimality_gap": None}
    value = sum(WEIGHT[name] * Fraction(points, THOUSAND) for name, points in sharing.stages().items())
    bound = sum(
        (WEIGHT[name] * points / THOUSAND for name, points in sharing.bounds.items() if name in WEIGHT), Fraction()
    )
    return {"bound": float(bound), "optimality_gap": float((value - bound) / value) if value else 0.0}


def plan_id(raw: bytes, body: dict[str, Any]) -> str:
    """SHA-256 over the problem as it was given and the answer to it, sentences left out: they have a language."""
    said = {name: value for name, value in body.items() if name not in {"plan", "prices", "relaxations", "rules"}}
    for name in ("prices", "relaxations"):
        said[name] = [{key: value for key, value in row.items() if key != "sentence"} for row in body[name]]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(hashlib.sha256(raw).digest() + text.encode()).hexdigest()


def moves_csv(sharing: Sharing) -> str:
    """The moves in the form of the dataset `sharing_plan`; pieces and who decided are for people to fill in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for move in sharing.moves:
        points = in_points(move.points)
        writer.writerow((move.worker, move.owner, move.family, sharing.problem.month, "", points, ""))
    return text.getvalue()


def _stages(sharing: Sharing) -> Iterator[dict[str, Any]]:
    if sharing.worst_days is not None:
        yield {"name": WORST, "value": float(sharing.worst_days), "bound": float(sharing.bounds[WORST] / THOUSAND)}
    for name, points in sharing.stages().items():
        yield {"name": name, "value": in_points(points), "bound": float(sharing.bounds[name] / THOUSAND)}


def _moves(sharing: Sharing) -> Iterator[dict[str, Any]]:
    for move in sharing.moves:
        points_per_hour = sharing.problem.offices[move.worker].points_per_hour
        effort = sharing.problem.effort(move.worker, move.family, move.points)
        yield {
            "from": move.owner,
            "to": move.worker,
            "family": move.family,
            "points": in_points(move.points),
            "hours": round(float(Fraction(effort, THOUSAND) / points_per_hour), 3),
            "rung": move.rung,
        }


def _offices(sharing: Sharing) -> Iterator[dict[str, Any]]:
    problem = sharing.problem
    needs, free = problem.needs(), problem.free()
    over: dict[str, dict[str, float]] = {name: {} for name in problem.offices}
    days: dict[str, Fraction] = dict.fromkeys(problem.offices, Fraction(0))
    lent, helped = dict.fromkeys(problem.offices, 0), dict.fromkeys(problem.offices, 0)
    for (office, group), ceiling in problem.ceilings.items():
        points = sharing.over.get((office, group), 0)
        over[office][group] = in_points(points)
        days[office] = max(days[office], ceiling.days(points) or Fraction(0))
    for move in sharing.moves:
        lent[move.worker] += move.points
        helped[move.owner] += move.points
    for name in problem.offices:
        yield {
            "id": name,
            "need": in_points(needs[name]),
            "free": in_points(free[name]),
            "lent": in_points(lent[name]),
            "helped": in_points(helped[name]),
            "over": over[name],
            "days_over": round(float(days[name]), 3),
        }


def _price(price: Price) -> dict[str, Any]:
    value = float(price.value)
    fields: dict[str, object] = {"sharing_stage": price.stage, "points": _told(abs(price.value)), "of": price.of}
    finding = Finding(_PRICED[price.rule][price.value > 0], subject=price.office, fields=fields)
    row: dict[str, Any] = {"rule": price.rule, "office": price.office}
    row |= {_OF[price.rule]: price.of} if price.of else {}
    return row | {"stage": price.stage, "value": value, "sentence": finding.message()}


def _relaxation(sharing: Sharing, relaxation: Relaxation) -> dict[str, Any]:
    points = Fraction(relaxation.points, THOUSAND)
    fields: dict[str, object] = {"points": _told(points), "of": relaxation.of}
    row: dict[str, Any] = {"rule": relaxation.rule, "office": relaxation.office}
    if relaxation.rule == "target":
        days = sharing.problem.ceilings[relaxation.office, relaxation.of].days(relaxation.points)
        row |= {"group": relaxation.of, "points": float(points), "days": None if days is None else float(days)}
        fields["days"] = "" if days is None else _told(days)
    else:
        row |= {"family": relaxation.of} if relaxation.of else {}
        row["points"] = float(points)
        office = sharing.problem.offices.get(relaxation.office)
        per_hour = office.points_per_hour if office and relaxation.rule in RELAXABLE else None
        row |= {"hours": round(float(points / per_hour), 3)} if per_hour else {}
    if relaxation.rule == change_cap.RULE.name and not relaxation.office:
        fields = {"less": fields["points"]}
    sentence = Finding(_SENTENCES[relaxation.rule], subject=relaxation.office, fields=fields).message()
    return row | {"sentence": sentence}


def _told(value: Fraction) -> str:
    """An amount in machine notation with as many of three decimals as it needs."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")
