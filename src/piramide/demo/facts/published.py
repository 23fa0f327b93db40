"""The published figures of 2020 and 2021 that the facts are calibrated on, read from the tables of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from piramide.demo.facts.rows import organisation, published

PRODUCTIVITY_2020: Final = 138.61
PRODUCTIVITY_2021: Final = 124.0

# Rows of the table of the production of 2020, in the order in which it prints the areas of the plan.
_AREAS: Final = ("A", "B", "C", "D", "E", "F")
_CLEARANCE: Final = {
    "A": "PRESTAZIONI E SERVIZI INDIVIDUALI",
    "B": "GESTIONE CONTO ASSICURATIVO INDIVIDUALE",
    "C": "FLUSSI CONTRIBUTIVI",
    "D": "ALTRE AREE",
}
_SITE_DAYS: Final = {
    "A": "ig_prestazioni_servizi",
    "B": "ig_conto_assicurativo",
    "C": "ig_flussi_contributivi",
    "D": "ig_altre_aree",
}


@dataclass(frozen=True, slots=True)
class Published:
    """Points by line of the plan (`plan` of 2021, `production` of 2020), pending days by line, clearance by group.

    `areas` are the points of 2020 by area of the plan, inspection apart (`B2`); `directorates` the points of the
    directorates; `site_days` the pending days expected of a site by group; `sharing` pieces by provider and receiver.
    """

    plan: Mapping[str, float]
    production: Mapping[str, float]
    areas: Mapping[str, float]
    pending_days: Mapping[str, float]
    clearance: Mapping[str, float]
    directorates: Mapping[str, float]
    site_days: Mapping[str, Mapping[str, float]]
    sharing: tuple[tuple[str, str, int], ...]


@cache
def published_figures() -> Published:
    """Every figure of the documents that the calibration needs."""
    plan = {row["code"]: float(row["piano_2021"]) for row in published("piano_produzione_2021")}
    areas = _areas()
    return Published(
        plan=plan,
        production={code: _points_2020(code, plan, areas) for code in plan},
        areas=areas,
        pending_days={row["code"]: float(row["consuntivo_2020"]) for row in published("giacenza_2020")},
        clearance=_clearance(),
        directorates=_directorates(),
        site_days=_site_days(),
        sharing=tuple((row["provider"], row["receiver"], int(row["pieces"])) for row in _sharing()),
    )


def _areas() -> dict[str, float]:
    rows = published("produzione_2020")
    areas = {
        area: float(row["consuntivo_2020"])
        for area, row in zip(_AREAS, (r for r in rows if r["is_total"] == "false"), strict=True)
    }
    total = next(float(row["consuntivo_2020"]) for row in rows if row["is_total"] == "true")
    # The total is net of inspection, whose points the document does not print: they are what is over.
    areas["B2"] = sum(areas.values()) - total
    areas["B"] -= areas["B2"]
    return areas


def _points_2020(code: str, plan: Mapping[str, float], areas: Mapping[str, float]) -> float:
    """Points of a line in 2020: those of its area, split as the plan of 2021 splits them."""
    if code in {"B2", "T", "G"}:
        return areas.get(code, plan[code])
    whole = plan["B1"] if code.startswith("B") else plan[code[0]]
    return areas[code[0]] * plan[code] / whole


def _clearance() -> dict[str, float]:
    rows = {row["area"]: float(row["deflusso_2020"]) for row in published("deflusso_2020")}
    return {group: rows[label] for group, label in _CLEARANCE.items()}


def _directorates() -> dict[str, float]:
    return {
        row["structure"]: float(row["implied_points"])
        for row in published("costi_e_punti")
        if row["structure"] != "nazionale"
    }


def _site_days() -> dict[str, dict[str, float]]:
    return {
        row["structure"]: {group: float(row[column]) for group, column in _SITE_DAYS.items()}
        for row in published("indici_giacenza")
    }


def _sharing() -> tuple[dict[str, str], ...]:
    known = {row["id"] for row in organisation()}
    return tuple(row for row in published("sussidiarieta") if {row["provider"], row["receiver"]} <= known)
