"""Expected values: what is asked of a structure in a month, under the name of the measure that it is asked of.

Sites are asked for the nation's usual part of their own work (in time, accepted, reopened); directorates for the mean
of their economic cluster at each ratio of costs, and for a little less of what should shrink.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from piramide.demo.facts.catalogue import IMPROVEMENT_LINES
from piramide.demo.facts.hashing import Reals
from piramide.demo.facts.invented import Chance, chance, decimals, directorates, staff_of
from piramide.demo.facts.money import HEADS_A_PRODUCER, yearly_costs
from piramide.demo.facts.oversight import mean_weighted_appeals
from piramide.demo.facts.people import IN_TIME, QUESTIONS_A_HEAD, UNPAID_PLANS_A_HEAD, heads_of
from piramide.demo.facts.rows import PLAN_YEAR, Row, organisation
from piramide.demo.facts.tally import Tally
from piramide.demo.facts.voices import people_asked
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World

_STREAM = 70

# Name of an area of the quality dashboard, codes of its lines.
_AREAS: Final = (
    ("pensions", ("A1.1", "A1.2", "A1.3", "A1.4")),
    ("income_support", ("A2",)),
    ("civil_disability", ("A3.1", "C5")),
    ("insurance_account", ("A1.6",)),
    ("contribution_flows", ("B1.1", "B1.2", "B1.3")),
    ("individual_services", ("A1.1", "A1.2", "A1.3", "A1.4", "A1.5", "A2", "A3.1", "A3.2")),
    ("other_areas", ("C1", "C2", "C3", "C4", "C5")),
    ("credit_welfare", ("A3.2",)),
    ("social_inclusion", ("A3.1",)),
    ("legal_area", ("D1",)),
    ("medico_legal", ("D2",)),
)
_PARTS: Final = (("resolved", "resolved"), ("in_time", "in_time"), ("days", "days"), ("reopened", "reopened"))
# Measure, code of its line, column of the tally.
_SINGLE: Final = (
    ("medical_reviews_resolved", "A3.1", "resolved"),
    ("first_assessments_resolved", "C5", "resolved"),
    ("medical_reports_examined", "D2", "of_office"),
    ("expert_opinions_on_time", "D2", "in_time"),
    ("disability_granted_first_instance", "A3.1", "accepted"),
    ("appearances_in_time", "D1", "in_time"),
    ("private_account_resolved", "A1.6", "resolved"),
    ("public_account_preparations_resolved", "A1.5", "resolved"),
)
_POINTS: Final = (("public_positions_points", "A1.2"), ("legal_area_points", "D1"))
_ASKED: Final = 0.99
_OPINION_ASKED: Final = 3.55
_ASSIGNED: Final = ("overtime", "missions")

# Measure, items of cost over what: head or square metre.
_BUILDINGS: Final = ("maintenance", "lighting", "heating", "upkeep", "cleaning", "guarding", "water")
_OPERATING: Final = (*_BUILDINGS, "rent", "consumables", "haulage", "legal", "other_operating")
_DISCRETIONARY: Final = ("overtime", "missions", "inspection_missions", "legal", "consumables", "haulage")
_COST_RATIOS: Final = (
    ("operating_per_m2", _OPERATING, "space"),
    ("operating_per_head", _OPERATING, "heads"),
    ("buildings_per_m2", _BUILDINGS, "space"),
    ("rent_per_m2", ("rent",), "space"),
    ("lighting_per_m2", ("lighting",), "space"),
    ("heating_per_m2", ("heating",), "space"),
    ("upkeep_per_m2", ("upkeep", "cleaning", "water"), "space"),
    ("guarding_per_m2", ("guarding",), "space"),
    ("cleaning_per_m2", ("cleaning",), "space"),
    ("water_per_m2", ("water",), "space"),
    ("consumables_per_head", ("consumables",), "heads"),
    ("consumables_three_years_per_head", ("consumables_three_years",), "heads"),
    ("haulage_per_head", ("haulage",), "heads"),
    ("overtime_per_head", ("overtime",), "heads"),
    ("missions_per_head", ("missions",), "heads"),
    ("inspection_missions_per_head", ("inspection_missions",), "heads"),
    ("meal_vouchers_per_head", ("meal_vouchers",), "heads"),
)


def budget_rows(world: World, seen: Tally) -> Iterator[Row]:
    """Rows of `budgets`: sites, then directorates."""
    draw = chance(world, _STREAM)
    for month in world.months:
        points = _monthly_points(world, month.index)
        asked = _asked_of_sites(world, seen, points, month.index // 12)
        for place, office in enumerate(world.offices.ids[: world.offices.sites]):
            for measure, values in asked.items():
                yield _row(draw, office, measure, month.label, float(values[place]))
    for year in range(len(world.years)):
        norms = _cost_norms(world, year)
        for directorate in directorates(world):
            for month in world.months[year * 12 : year * 12 + 12]:
                for measure, value in norms[directorate].items():
                    yield _row(draw, directorate, measure, month.label, value)
                for measure, value in _asked_of_directorate(world, directorate, month):
                    yield _row(draw, directorate, measure, month.label, value)


def _row(draw: Chance, structure: str, measure: str, month: str, value: float) -> Row:
    asked = decimals(draw.near(value, 0.01), 6)
    return {"structure": structure, "measure": measure, "month": month, "value": asked}


def _asked_of_directorate(world: World, directorate: str, month: Month) -> Iterator[tuple[str, float]]:
    heads = heads_of(world, directorate, month)
    yield "weighted_pending_appeals", mean_weighted_appeals(world, directorate, month)
    yield "instalment_plans_unpaid", heads * UNPAID_PLANS_A_HEAD
    has_users = month.year > PLAN_YEAR  # until then sites are asked by themselves
    if has_users:
        yield from asked_of_questions(heads * QUESTIONS_A_HEAD)
    costs = {item: amount for (item, _), amount in yearly_costs(world, directorate, month.index // 12).items()}
    yield "assigned_discretionary_spending", sum(costs[item] for item in _ASSIGNED) * world.work.scale / 12 * 1.02
    if has_users and month.month % 3 == 0:
        yield from asked_of_opinions(people_asked(world, directorate))


def asked_of_questions(questions: float) -> Iterator[tuple[str, float]]:
    """What is asked of a structure about the questions of users."""
    yield "questions_received", questions
    yield "questions_answered_in_time", questions * IN_TIME * _ASKED


def asked_of_opinions(people: float) -> Iterator[tuple[str, float]]:
    """What is asked of a structure about the opinions of its users."""
    yield "customer_survey_answers", people
    yield "customer_survey_score_sum", people * _OPINION_ASKED


def _monthly_points(world: World, month: int) -> Reals:
    """Points that each site should resolve in a month, by [site, line]."""
    year = month // 12
    capacity = world.staff.capacity[year * 12 : year * 12 + 12, : world.offices.sites]
    part = world.staff.capacity[month, : world.offices.sites] / capacity.sum(axis=0)
    points: Reals = world.work.resolved[year] * part[:, None]
    return points


def _asked_of_sites(world: World, seen: Tally, points: Reals, year: int) -> dict[str, Reals]:
    cases = points * np.bincount(world.products.line, world.products.share / world.hours, len(world.lines.codes))
    asked = {}
    for area, codes in _AREAS:
        lines = world.lines.where(*codes)
        for name, column in _PARTS:
            asked[f"{area}_{name}"] = (cases * seen.part(column)[year])[:, lines].sum(axis=1) * _ASKED
    for measure, code, column in _SINGLE:
        asked[measure] = (cases * seen.part(column)[year])[:, world.lines.codes.index(code)] * _ASKED
    asked["private_account_resolved"] *= _without_improvement(world)
    for measure, code in _POINTS:
        asked[measure] = points[:, world.lines.codes.index(code)] * _ASKED
    return asked


def _without_improvement(world: World) -> float:
    """Part of the cases of the insurance account that are not of a national improvement project."""
    products = world.products
    account = products.line == world.lines.codes.index("A1.6")
    cases = products.share / world.hours * account
    counted = np.array([code not in IMPROVEMENT_LINES for code in products.codes])
    return float(cases[counted].sum() / cases.sum())


def _cost_norms(world: World, year: int) -> dict[str, dict[str, float]]:
    """Mean of the year of each ratio of costs in the economic cluster of each directorate (R21: frozen)."""
    clusters = {row["id"]: row["clusters"].partition(";")[0] for row in organisation()}
    own = {name: _cost_ratios(world, name, year) for name in directorates(world)}
    norms = {}
    for name, mine in own.items():
        members = [ratios for other, ratios in own.items() if clusters[other] == clusters[name]]
        norms[name] = {measure: sum(ratios[measure] for ratios in members) / len(members) for measure in mine}
    return norms


def _cost_ratios(world: World, directorate: str, year: int) -> dict[str, float]:
    costs = {item: amount for (item, _), amount in yearly_costs(world, directorate, year).items()}
    quantities = ("floor_space_m2", "consumables_three_years")
    whole = sum(amount for item, amount in costs.items() if item not in quantities)
    mine = world.offices.below(directorate)
    points = float(world.work.resolved[year, mine].sum()) / world.work.scale
    heads = staff_of(world, directorate, world.months[year * 12]) / world.work.scale * HEADS_A_PRODUCER
    over = {"heads": heads, "space": costs["floor_space_m2"]}
    ratios = {measure: sum(costs[item] for item in items) / over[base] for measure, items, base in _COST_RATIOS}
    return ratios | {
        "cost_per_point_total": whole / points,
        "cost_per_point_net": (whole - costs["rent"] - costs["legal"]) / points,
        "rent_trend": 1.0,
        "legal_share": costs["legal"] / sum(costs[item] for item in _DISCRETIONARY),
    }
