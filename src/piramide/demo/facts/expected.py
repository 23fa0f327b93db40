"""Expected values: what a site is asked to do in a month, for the measures of the quality dashboard and work sharing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from piramide.demo.facts.hashing import Reals
from piramide.demo.facts.invented import chance, decimals
from piramide.demo.facts.rows import Row
from piramide.demo.facts.world import World

_STREAM = 70
# Measure that is expected, code of its line, part of the line's cases (or of its points).
_PIECES: Final = (
    ("resolved", "", 1.0),
    ("private_account_resolved", "A1.6", 0.7),
    ("public_account_preparations_resolved", "A1.6", 0.3),
    ("medical_reviews_resolved", "D2", 0.35),
    ("first_assessments_resolved", "D2", 0.4),
    ("medical_reports_examined", "C5", 0.6),
    ("expert_opinions_on_time", "D2", 0.15),
    ("disability_granted_first_instance", "C5", 0.3),
    ("appearances_in_time", "D1", 0.5),
    ("instalment_plans_unpaid", "B1.2", 0.04),
)
_POINTS: Final = (("standard_points", "", 1.0), ("public_positions_points", "A1.2", 0.4))


def budget_rows(world: World) -> Iterator[Row]:
    """Rows of `budgets`: a year's work of each site spread through its months as receipts are."""
    draw = chance(world, _STREAM)
    in_a_point = np.bincount(world.products.line, world.products.share / world.hours, len(world.lines.codes))
    for month in world.months:
        points = _monthly_points(world, month.index)
        for place, office in enumerate(world.offices.ids[: world.offices.sites]):
            for measures, figures in ((_PIECES, points[place] * in_a_point), (_POINTS, points[place])):
                for measure, code, part in measures:
                    whole = figures[world.lines.codes.index(code)] if code else figures.sum()
                    yield {
                        "structure": office,
                        "measure": measure,
                        "month": month.label,
                        "value": decimals(draw.near(float(whole) * part * 0.99, 0.01), 6),
                    }


def _monthly_points(world: World, month: int) -> Reals:
    year = month // 12
    capacity = world.staff.capacity[year * 12 : year * 12 + 12, : world.offices.sites]
    part = world.staff.capacity[month, : world.offices.sites] / capacity.sum(axis=0)
    points: Reals = world.work.resolved[year] * part[:, None]
    return points
