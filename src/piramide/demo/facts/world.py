"""Everything that is fixed before the first case comes in: who, what, how much, when, with whom."""

from __future__ import annotations

from dataclasses import dataclass

from piramide.demo.facts.catalogue import Catalogue, Lines, catalogue, lines
from piramide.demo.facts.hashing import Integers, Reals
from piramide.demo.facts.lively import Demand, Lively, lively_of, with_leavers
from piramide.demo.facts.offices import Offices, Sharing, offices, sharing
from piramide.demo.facts.paths import expected_pending
from piramide.demo.facts.published import Published, published_figures
from piramide.demo.facts.staffing import Staffing, demand_of, staffing
from piramide.demo.facts.workdays import Month, months_of
from piramide.demo.facts.workload import Workload, mix_of, scale_of, scaled, standard_hours, workload


@dataclass(frozen=True, slots=True)
class World:
    """The invented administration for a number of cases and a seed; every part follows from these two and the years."""

    cases: int
    seed: int
    years: tuple[int, ...]
    figures: Published
    lines: Lines
    products: Catalogue
    hours: Reals
    offices: Offices
    sharing: Sharing
    work: Workload
    staff: Staffing
    months: tuple[Month, ...]
    path: Integers
    lively: Lively | None = None


def world_of(cases: int, seed: int, years: tuple[int, ...], demand: Demand = Demand.STEADY) -> World:
    """Build the world."""
    figures, of = published_figures(), lines()
    products, at = catalogue(of, seed), offices(figures)
    shared = sharing(at, figures)
    by_hand = 1 - products.automated_points(len(of.codes))
    mix = mix_of(at, figures.plan, of, seed)
    work = scaled(workload(of, by_hand, at, figures, len(years), mix), scale_of(cases, len(years)))
    hours = standard_hours(work, products, cases)
    months = months_of(years)
    staff = staffing(demand_of(of, by_hand, at, shared, work), shared, months, seed)
    path = expected_pending(of, work, staff, by_hand)
    lively = lively_of(of, at, months, seed) if demand is Demand.LIVELY else None
    if lively is not None:
        staff = with_leavers(staff, lively)
    return World(
        cases,
        seed,
        years,
        figures,
        of,
        products,
        hours,
        at,
        shared,
        work,
        staff,
        months,
        path,
        lively,
    )
