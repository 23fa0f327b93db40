"""What the plan of 2021 measures and a later plan does not: rows of the years up to that plan.

Its sites answer for questions and opinions of users by themselves, its regional coordinations for what they design, its
central directorates for appeals, chapters and assigned spending.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from piramide.demo.facts.expected import asked_of_opinions, asked_of_questions
from piramide.demo.facts.invented import Chance, chance, decimals, directorates, quarters
from piramide.demo.facts.oversight import appeals_of, defended
from piramide.demo.facts.people import IN_TIME, QUESTIONS_A_HEAD, TECHNICAL, heads_of
from piramide.demo.facts.rows import PLAN, PLAN_YEAR, Row, planned_nodes, published
from piramide.demo.facts.voices import CUSTOMERS, Sample, answers_of, people_asked
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World
from piramide.methodology.loading import find_pack

_HEADCOUNT_STREAM, _SPENDING_STREAM, _COST_STREAM, _BUDGET_STREAM = 80, 81, 82, 83
_APPEAL_STREAM, _LITIGATION_STREAM, _SURVEY_STREAM = 84, 85, 86
_NATION: Final = "nazionale"
_CHAPTERS: Final = 6
_ASSIGNED: Final = (("overtime", 240_000.0), ("missions", 90_000.0))
_APPEALS: Final = 900.0
_ANSWERS: Final = 8
_JOINT: Final = {"piemonte": "piemonte_valle_d_aosta", "lazio": "lazio_distretto_roma"}
"""Directorates whose lawsuits the plan prints together with those of somebody else."""


def is_planned(month: Month) -> bool:
    """Whether a month is of the years that the plan speaks of."""
    return month.year <= PLAN_YEAR


def _months(world: World) -> Iterator[Month]:
    return (month for month in world.months if is_planned(month))


def _central(world: World, indicator: str) -> tuple[str, ...]:
    """Structures beside the directorates whose sheets have an indicator."""
    known = {*directorates(world), _NATION}
    return tuple(dict.fromkeys(s for _, s in planned_nodes(indicator) if s not in known and ":" not in s))


def _parents(indicator: str) -> tuple[str, ...]:
    """Directorates above the coordinations whose sheets have an indicator."""
    text = (find_pack(PLAN) / "organisation.csv").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in csv.DictReader(text.splitlines())}
    nodes = (structure for _, structure in planned_nodes(indicator))
    return tuple(dict.fromkeys(rows[s]["parent"] for s in nodes if s in rows and rows[s]["kind"] == "coordination"))


def _sites(world: World) -> Iterator[tuple[str, str, float]]:
    """Each site with its directorate and its part of it."""
    offices = world.offices
    for place, (office, directorate) in enumerate(zip(offices.ids[: offices.sites], offices.directorate, strict=False)):
        yield office, directorate, float(offices.points[place] / offices.points[offices.below(directorate)].sum())


def _headcounts(world: World) -> Iterator[Row]:
    draw = chance(world, _HEADCOUNT_STREAM)
    regions = _parents("progettazione_antincendio")
    for month in _months(world):
        for region in regions:
            monthly = {item: draw.pieces(number / len(regions)) for item, number in TECHNICAL}
            monthly["assignments_registered"] = draw.part(monthly["assignments_expected"], 0.985)
            for item, value in monthly.items():
                yield _counted(region, month, item, value)
        for office, directorate, part in _sites(world):
            questions = draw.pieces(heads_of(world, directorate, month) * part * QUESTIONS_A_HEAD)
            yield _counted(office, month, "questions_received", questions)
            yield _counted(office, month, "questions_answered_in_time", draw.part(questions, IN_TIME))


def _counted(structure: str, month: Month, item: str, value: int) -> Row:
    return {"structure": structure, "month": month.label, "item": item, "value": decimals(value)}


def _spending(world: World) -> Iterator[Row]:
    draw = chance(world, _SPENDING_STREAM)
    chapters = published("capitoli_spesa")[:_CHAPTERS]
    for structure in _central(world, "gestione_spesa"):
        for row in chapters:
            forecast = draw.near(1.4e6 * world.work.scale, 0.6)
            for month in quarters(world):
                if is_planned(month):
                    expected = forecast * month.month / 12
                    figures = {"forecast": decimals(expected), "used": decimals(draw.near(expected * 0.995, 0.015))}
                    yield {"structure": structure, "month": month.label, "chapter": row["chapter"]} | figures


def _costs(world: World) -> Iterator[Row]:
    draw = chance(world, _COST_STREAM)
    for structure in _central(world, "gestione_budget_voci_costo_discrezionali"):
        for month in _months(world):
            for item, yearly in _ASSIGNED:
                amount = decimals(draw.near(yearly * world.work.scale / 12, 0.05))
                row = {"structure": structure, "month": month.label, "item": item, "kind": "direct"}
                yield row | {"closing": "false", "amount": amount}


def _budgets(world: World) -> Iterator[Row]:
    draw = chance(world, _BUDGET_STREAM)
    yearly = sum(amount for _, amount in _ASSIGNED) * world.work.scale * 1.02
    spenders = _central(world, "gestione_budget_voci_costo_discrezionali")
    for month in _months(world):
        for structure in spenders:
            yield _asked(draw, structure, month, "assigned_discretionary_spending", yearly / 12)
        for office, directorate, part in _sites(world):
            questions = heads_of(world, directorate, month) * part * QUESTIONS_A_HEAD
            opinions = asked_of_opinions(people_asked(world, directorate) * part) if month.month % 3 == 0 else ()
            for measure, value in (*asked_of_questions(questions), *opinions):
                yield _asked(draw, office, month, measure, value)


def _asked(draw: Chance, structure: str, month: Month, measure: str, value: float) -> Row:
    asked = decimals(draw.near(value, 0.01), 6)
    return {"structure": structure, "measure": measure, "month": month.label, "value": asked}


def _appeals(world: World) -> Iterator[Row]:
    draw = chance(world, _APPEAL_STREAM)
    for month in _months(world):
        for structure in _central(world, "giacenza_ponderata_ricorsi_dica"):
            yield from appeals_of(draw, structure, month, _APPEALS * (1 - 0.004 * month.index))


def _litigation(world: World) -> Iterator[Row]:
    draw = chance(world, _LITIGATION_STREAM)
    planned = {row["structure"]: float(row["giudizi"]) for row in published("pndd_2021")}
    for directorate, printed in _JOINT.items():
        for month in _months(world):
            yield defended(draw, directorate, month, planned[printed])


def _surveys(world: World) -> Iterator[Row]:
    draw = chance(world, _SURVEY_STREAM)
    for month in quarters(world):
        if is_planned(month):
            for office, directorate, part in _sites(world):
                points = world.figures.directorates[directorate] * part
                sample = Sample(points, draw.near(1.0, 0.02), _ANSWERS)
                yield from answers_of(draw, month, office, CUSTOMERS, sample)


BESIDE: Final[Mapping[str, Callable[[World], Iterator[Row]]]] = {
    "headcounts": _headcounts,
    "spending": _spending,
    "costs": _costs,
    "budgets": _budgets,
    "appeals": _appeals,
    "litigation": _litigation,
    "survey_answers": _surveys,
}
"""Further rows of a dataset."""
