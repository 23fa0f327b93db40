"""Staff by profile and activity, and counts about people: agile work, welfare, training, absences, equipment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from piramide.demo.facts.invented import Chance, chance, decimals, directorates, staff_of
from piramide.demo.facts.rows import PLAN_YEAR, Row, published
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World

_STAFF_STREAM, _PEOPLE_STREAM = 20, 21
# Beside a hundred people in production: profile, activity, how many.
_BESIDE: Final = (
    ("administrative", "counter", 2.6),
    ("administrative", "consulting", 2.2),
    ("administrative", "support", 7.4),
    ("doctor", "other", 2.4),
    ("legal", "other", 1.2),
    ("manager", "other", 0.6),
)
TECHNICAL: Final = (
    ("executive_designs", 6.9),
    ("works_done", 6.8),
    ("fire_safety_designs", 4.2),
    ("assignments_registered", 40.0),
    ("assignments_expected", 40.5),
)
_ACTUARIAL: Final = (
    ("strategic_activities", 3.0),
    ("statistical_reports", 6.0),
    ("actuarial_valuations", 5.0),
    ("statistics_supplies", 4.0),
    ("support_to_bodies", 4.0),
    ("technical_accounts", 2.0),
)
_OF_SITES: Final = frozenset({"questions_received", "questions_answered_in_time"})
"""What sites count by themselves in the years of the plan."""
_FOLLOWERS: Final = 1_053_272
_HEADS_A_UNIT: Final = 1.06
_HEADS: Final = 27_500
QUESTIONS_A_HEAD: Final = 9.0
IN_TIME: Final = 0.93
UNPAID_PLANS_A_HEAD: Final = 1.4
"""Instalment plans of firms without a payment for three months, for each head of a directorate."""


def staff_rows(world: World) -> Iterator[Row]:
    """Rows of `staff`: sites and central providers, then the staff of each directorate itself."""
    draw = chance(world, _STAFF_STREAM)
    offices = world.offices
    for month in world.months:
        for place, office in enumerate(offices.ids):
            fte = float(world.staff.fte[month.index, place]) / 100
            yield _staff(office, month, "administrative", "production", fte)
            if place >= offices.sites:
                continue
            inspectors = float(world.staff.inspectors[month.index // 12, place]) / 100
            yield _staff(office, month, "inspector", "inspection", inspectors)
            for profile, activity, part in _BESIDE:
                yield _staff(office, month, profile, activity, draw.near(fte * part / 100, 0.06))
        for directorate in directorates(world):
            own = staff_of(world, directorate, month) * _own_part(directorate)
            yield _staff(directorate, month, "administrative", "directorate", draw.near(own * 0.96, 0.02))
            yield _staff(directorate, month, "manager", "directorate", draw.near(own * 0.04, 0.02))


def _own_part(directorate: str) -> float:
    """Staff of the directorate over staff in production: a little less than the printed bound allows."""
    bound = next(
        (float(row["target_pct"]) for row in published("personale_regionale") if row["structure"] == directorate), 5.5
    )
    return bound / 100


def _staff(structure: str, month: Month, profile: str, activity: str, fte: float) -> Row:
    return {
        "structure": structure,
        "month": month.label,
        "profile": profile,
        "activity": activity,
        "fte": decimals(fte),
        "headcount": str(round(fte * _HEADS_A_UNIT)),
    }


def headcount_rows(world: World) -> Iterator[Row]:
    """Rows of `headcounts`: people as many as the administration has, whatever the number of cases."""
    draw = chance(world, _PEOPLE_STREAM)
    for month in world.months:
        for directorate in directorates(world):
            heads = heads_of(world, directorate, month)
            for item, value in _counts(draw, heads, month):
                if month.year <= PLAN_YEAR and item in _OF_SITES:
                    continue
                yield {"structure": directorate, "month": month.label, "item": item, "value": decimals(value)}
        for structure, item, value in _central_counts(draw, month):
            yield {"structure": structure, "month": month.label, "item": item, "value": decimals(value)}


def _central_counts(draw: Chance, month: Month) -> Iterator[tuple[str, str, float]]:
    """Counts of the central offices: what professionals deliver in a month, followers of the institution."""
    for item, monthly in TECHNICAL:
        if month.year > PLAN_YEAR or item == "works_done":  # until then regions design by themselves
            yield "cg_tecnico_edilizio", item, draw.pieces(monthly)
    for item, monthly in _ACTUARIAL:
        due = draw.pieces(monthly)
        yield "cg_statistico_attuariale", f"{item}_due", due
        yield "cg_statistico_attuariale", f"{item}_on_time", draw.part(due, 0.98)
    yield "ufficio_comunicazione_esterna", "followers", round(_FOLLOWERS * 1.008**month.index)


def heads_of(world: World, directorate: str, month: Month) -> int:
    """People of a directorate, in an administration of full size."""
    nation = float(world.staff.fte[month.index, : world.offices.sites].sum()) / 100
    return max(round(_HEADS * staff_of(world, directorate, month) / nation), 10)


def _counts(draw: Chance, heads: int, month: Month) -> Iterator[tuple[str, float]]:
    days = len(month.working)
    eligible = draw.part(heads, 0.92)
    agile = draw.part(eligible, 0.68)
    trained = draw.part(heads, 0.16)
    purchases = draw.pieces(heads / 220)
    yield from (
        ("staff", heads),
        ("agile_eligible", eligible),
        ("agile", agile),
        ("telework", draw.part(heads, 0.03)),
        ("agile_days", round(draw.near(agile * days * 0.38, 0.05))),
        ("workable_days", heads * days),
        ("sick_days", draw.pieces(heads * 0.72)),
        ("commuting_accidents", draw.pieces(heads / 2_900)),
        ("welfare_served", draw.part(heads, 0.34 / 12 * 1.03)),
        ("trained", trained),
        ("training_hours", round(draw.near(trained * 7.4, 0.08))),
        ("mobile_stations", draw.part(heads, 0.96)),
        ("devices", draw.part(heads, 0.81)),
        ("vpn", draw.part(heads, 0.97)),
        ("purchases", purchases),
        ("purchases_planned", draw.part(purchases, 0.79)),
        ("questions_received", questions := draw.pieces(heads * QUESTIONS_A_HEAD)),
        ("questions_answered_in_time", draw.part(questions, IN_TIME)),
        ("property_errors_fixed", draw.pieces(heads * 457 / 12 / _HEADS)),
        ("instalment_plans_unpaid", draw.pieces(heads * UNPAID_PLANS_A_HEAD)),
    )
