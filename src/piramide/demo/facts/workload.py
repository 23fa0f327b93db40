"""What a year asks of each office and line, in points: received, resolved, pending, and the cases that makes.

The first year is a year like 2020 (production, clearance and pending days as published), the later ones are years like
the plan of 2021. Arrays are indexed [year, office, line]; points are hours of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.demo.facts.catalogue import Catalogue, Lines
from piramide.demo.facts.chances import COMES_BACK
from piramide.demo.facts.hashing import Reals, generator
from piramide.demo.facts.offices import GROUPS, Offices
from piramide.demo.facts.published import Published
from piramide.demo.facts.rows import invented

FULL_SIZE: Final = 500_000
"""Cases a year from which the administration has its published size; below it is smaller in proportion."""

_MIX_STREAM = 2
_MIX = 0.15
_BALANCING_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Workload:
    """Points of each [year, office, line]; `pending[0]` is the opening and `pending[y + 1]` the end of year `y`."""

    received: Reals
    resolved: Reals
    pending: Reals
    scale: float


def scale_of(cases: int, years: int) -> float:
    """Size of the invented administration beside the published one."""
    return min(1.0, cases / years / FULL_SIZE)


def workload(of: Lines, by_hand: Reals, at: Offices, figures: Published, years: int, mix: Reals) -> Workload:
    """The yearly points that the calibration asks for; `by_hand` is the part of each line that staff does.

    `mix` is the part of each line that each site does, in an administration of full size.
    """
    resolved_nation = np.array([_production(of, figures, year) for year in range(years)])
    clearance = np.array([_clearance(of, figures, year) for year in range(years)])
    received, resolved = (resolved_nation / clearance)[:, None, :] * mix, resolved_nation[:, None, :] * mix
    growth = received - resolved * (1 - by_hand * COMES_BACK)
    end_of_first = _pending(of, at, figures, received[0])
    pending = [end_of_first - growth[0], end_of_first]
    for year in range(1, years):
        pending.append(np.maximum(pending[-1] + growth[year], 0.25 * pending[-1]))
    return Workload(received, resolved, np.maximum(np.array(pending), 0.0), 1.0)


def scaled(work: Workload, scale: float) -> Workload:
    """The same for a smaller administration."""
    return Workload(work.received * scale, work.resolved * scale, work.pending * scale, scale)


def _production(of: Lines, figures: Published, year: int) -> Reals:
    source = figures.production if year == 0 else figures.plan
    return np.array([source[code] for code in of.codes])


def _clearance(of: Lines, figures: Published, year: int) -> Reals:
    if year == 1:
        return of.numbers("clearance_second")
    if year > 1:
        return np.ones(len(of.codes))
    first = [row["clearance_first"] for row in of.rows]
    return np.array([figures.clearance[cell] if cell in figures.clearance else float(cell or 1) for cell in first])


def mix_of(at: Offices, plan: Mapping[str, float], of: Lines, seed: int) -> Reals:
    """Part of each line that each site does: every site has a mix of its own, and directorates keep their share."""
    rng = generator(seed, _MIX_STREAM)
    weights = np.array([plan[code] for code in of.codes])
    mix = at.points[:, None] * np.exp(_MIX * rng.standard_normal((at.sites, len(of.codes))))
    for _ in range(_BALANCING_ROUNDS):
        mix /= mix.sum(axis=0)
        mix *= (at.points / (mix * weights).sum(axis=1) * weights.sum())[:, None]
    balanced: Reals = mix / mix.sum(axis=0)
    return balanced


def _pending(of: Lines, at: Offices, figures: Published, received: Reals) -> Reals:
    """Pending points at the end of the first year: the published days by line, spread as the sites' own floors are."""
    days = [
        figures.pending_days[row["pending_code"]] if row["pending_code"] else float(row["pending_days"])
        for row in of.rows
    ]
    groups = [GROUPS.index(row["pending_code"][0]) if row["pending_code"] else len(GROUPS) - 1 for row in of.rows]
    ratio = at.ratio[:, groups]
    ratio = ratio * received.sum(axis=0) / (ratio * received).sum(axis=0)
    spread: Reals = received * ratio * np.array(days) / 360
    return spread


def seasons(of: Lines) -> Reals:
    """Part of a year's receipts that comes in each month, [line, month]."""
    rows = {
        row["season"]: [float(cell) for name, cell in row.items() if name != "season"] for row in invented("seasons")
    }
    shape = np.array([rows[row["season"]] for row in of.rows])
    monthly: Reals = shape / shape.sum(axis=1, keepdims=True)
    return monthly


def standard_hours(work: Workload, products: Catalogue, cases: int) -> Reals:
    """Hours of the catalogue, such that the points of all years make the cases that are asked for."""
    points = work.received.sum(axis=(0, 1))[products.line] * products.share
    factor = float((points / products.relative_hours).sum()) / cases
    hours: Reals = np.maximum(np.round(products.relative_hours * factor, 3), 0.001)
    return hours
