"""Projects with their deliverables, and the disposal of property."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from piramide.demo.facts.invented import chance, decimals, directorates
from piramide.demo.facts.rows import PLAN_YEAR, YEAR, Row, organisation, planned_nodes, published, registered
from piramide.demo.facts.world import World

_PROJECT_STREAM, _PROPERTY_STREAM, _PLAN_STREAM = 50, 51, 52
_NATION: Final = "nazionale"
_DELIVERABLES: Final = 3
_LOGISTICS: Final = "razionalizzazione_logistica"
_VALIDATOR: Final = "dc_organizzazione_comunicazione"
_STEPS: Final = ("sold", "proposed_option", "proposed_auction", "proposed_fund", "notified")


def project_rows(world: World) -> Iterator[Row]:
    """Rows of `projects`: the projects printed for 2024, one invented project a directorate, steps of each.

    Up to the year of the plan there are its projects too, each under the name of its node.
    """
    yield from _plan_rows(world)
    draw = chance(world, _PROJECT_STREAM)
    for year in world.years:
        for project, structure in _projects(world, year):
            for number in range(_DELIVERABLES):
                row = {"project": project, "deliverable": f"D{number + 1}", "structure": structure}
                due = date(year, 4 + 4 * number, 30)
                yield row | {"day": due.isoformat(), "step": "planned", "progress": "100.00"}
                late = draw.rng.random() < 0.06
                progress = decimals(40 + 5 * draw.pick(10)) if late else "100.00"
                delivered = date(year, due.month, 10 + draw.pick(18))
                yield row | {"day": delivered.isoformat(), "step": "delivered", "progress": progress}
                yield row | {
                    "day": due.isoformat(),
                    "step": "validated",
                    "progress": progress,
                    "validator": _VALIDATOR,
                }


def _plan_rows(world: World) -> Iterator[Row]:
    """The projects of the plan, each with one deliverable that is due at the end of the year."""
    draw = chance(world, _PLAN_STREAM)
    for year in (year for year in world.years if year <= PLAN_YEAR):
        for project, structure in _plan_projects():
            reached = 100.0 if draw.rng.random() < 0.9 else 50.0 + 5 * draw.pick(10)
            row = {"project": project, "deliverable": "project", "structure": structure}
            due = date(year, 12, 31).isoformat()
            yield row | {"day": due, "step": "planned", "progress": "100.00"}
            delivered = date(year, 12, 1 + draw.pick(20)).isoformat()
            yield row | {"day": delivered, "step": "delivered", "progress": decimals(reached)}
            yield row | {"day": due, "step": "validated", "progress": decimals(reached), "validator": _VALIDATOR}


def _plan_projects() -> Iterator[tuple[str, str]]:
    """Projects of the plan with their structure; those that only the sheet of the nation names go round the others."""
    nodes = planned_nodes("progetto")
    owned = [(project, structure) for project, structure in nodes if structure != _NATION]
    yield from owned
    known = {project for project, _ in owned}
    left = [project for project, structure in nodes if structure == _NATION and project not in known]
    for number, project in enumerate(left):
        yield project, owned[number % len(owned)][1]


def _projects(world: World, year: int) -> Iterator[tuple[str, str]]:
    known = {row["id"] for row in organisation()}
    for row in registered(YEAR):
        if row["structure"] in known:
            yield row["id"], row["structure"]
    for directorate in directorates(world):
        yield f"INV{year}_{directorate.upper()}", directorate
        yield _LOGISTICS, directorate


def property_rows(world: World) -> Iterator[Row]:
    """Rows of `properties`: units of each region through the year, near what was planned for 2021."""
    draw = chance(world, _PROPERTY_STREAM)
    for year in world.years:
        for row in published("dismissione_2021"):
            if row["structure"] == "nazionale":
                continue
            units = draw.pieces(float(row["units"]) * 1.02)
            mean = float(row["valore_catastale_eur"]) / float(row["units"])
            for number in range(units):
                yield {
                    "property_unit": f"U{year}-{row['structure']}-{number + 1:03d}",
                    "structure": row["structure"],
                    "day": date(year, 2 + draw.pick(11), 1 + draw.pick(28)).isoformat(),
                    "step": _STEPS[draw.pick(len(_STEPS))],
                    "cadastral_value": decimals(draw.near(mean, 0.4)),
                }
