"""Targets, need, levers and the flow of a year."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from piramide.planning.production.flow import Coming, produce
from piramide.planning.production.levers import LeverLimit, levers_for
from piramide.planning.production.need import hours_needed, to_resolve
from piramide.planning.targets import WITHOUT, ceilings, days_left, families_of, targets_of

NAN = np.nan


def test_ending_at_120_from_200_and_1440_resolves_1520() -> None:
    """E1 and E2: the ceiling asks 1,520 and the clearance 1,468.8; the larger holds."""
    ceiling = ceilings(np.array([[30.0]]), np.array([[1440.0]]))
    assert ceiling[0, 0] == 120
    opening, received = np.array([[200.0]]), np.array([[1440.0]])
    assert to_resolve(opening, received, ceiling, np.array([[1.02]]))[0, 0] == 1520
    assert to_resolve(opening, received, np.array([[NAN]]), np.array([[1.02]]))[0, 0] == pytest.approx(1468.8)
    assert to_resolve(opening, received, np.array([[NAN]]), np.array([[NAN]]))[0, 0] == 1440
    assert to_resolve(opening, received, np.array([[9e9]]), np.array([[NAN]]))[0, 0] == 0
    assert days_left(np.array([[120.0]]), received)[0, 0] == 30


def test_where_nothing_is_received_there_is_no_ceiling() -> None:
    assert np.isnan(ceilings(np.array([[30.0]]), np.array([[0.0]]))).all()
    assert np.isnan(days_left(np.array([[5.0]]), np.array([[0.0]]))).all()


def test_2280_points_at_0_95_an_hour_take_2400_hours() -> None:
    """E4."""
    assert hours_needed(np.array([1520 * 1.5]), np.array([0.95]))[0] == pytest.approx(2400)
    assert hours_needed(np.array([0.0, 1.0]), np.array([0.0, 0.0])).tolist() == [0.0, np.inf]


def test_levers_are_used_in_order_of_cost_within_their_limits() -> None:
    """E5: overtime 120 and project 180 hours, 7,140 euro."""
    levers = [LeverLimit("project", 200, 25), LeverLimit("training", 0, 0), LeverLimit("overtime", 120, 22)]
    used = levers_for(300, levers)
    assert [(one.id, one.hours) for one in used] == [("overtime", 120), ("project", 180)]
    assert sum(one.euro for one in used) == 7140
    assert levers_for(0, levers) == levers_for(-5, levers) == []


def test_families_group_lines_and_the_rest_has_no_target() -> None:
    found = families_of(["a", "b", "c"], {"a": "f", "b": "f"}, {"f": "g"})
    assert found.families == ("f", "c")
    assert found.groups == ("g", WITHOUT)
    assert found.by_family(np.array([[1.0, 2.0, 4.0]])).tolist() == [[3.0, 4.0]]
    targets = targets_of(["o", "p"], found.groups, {"g": {"o": Fraction(30)}}, {"g": Fraction(51, 50)})
    assert targets.days[0].tolist()[0] == 30
    assert np.isnan(targets.days[1]).all()
    assert targets.clearance[:, 0].tolist() == [1.02, 1.02]
    assert np.isnan(targets.clearance[:, 1]).all()


def coming(seed: int, offices: int, lines: int) -> Coming:
    chance = np.random.default_rng(seed)
    received = chance.integers(0, 200, (offices, lines, 12)).astype(float)
    automatic = np.floor(received * chance.random((offices, lines, 1)) * 0.3)
    weight = chance.random((offices, lines)) + 0.5
    opening = chance.integers(0, 300, (offices, lines)).astype(float)
    return Coming(opening, opening * weight, received, (received - automatic) * weight[..., None], automatic)


@pytest.mark.parametrize("seed", range(20))
def test_every_cell_balances_and_nothing_is_worked_that_is_not_there(seed: int) -> None:
    what = coming(seed, 4, 5)
    families = families_of(["a", "b", "c", "d", "e"], {"a": "f", "b": "f"}, {"f": "g", "c": "g", "d": "h"})
    ceiling = ceilings(np.full((4, 3), 40.0), families.by_group(what.received_points.sum(axis=2)))
    wanted = to_resolve(
        families.by_group(what.opening_points),
        families.by_group(what.received_points.sum(axis=2)),
        ceiling,
        np.full((4, 3), NAN),
    )
    plenty = seed % 2 == 0
    capacity = np.full((4, 12), 4000.0 if plenty else 150.0)
    done = produce(what, families, wanted, capacity)

    assert np.abs(done.opening + what.received - done.resolved - done.pending).max() < 1e-6
    assert done.opening[..., 0].tolist() == what.opening.tolist()
    assert np.abs(done.opening[..., 1:] - done.pending[..., :-1]).max() == 0
    balance = what.opening_points + what.received_points.sum(axis=2) - done.points.sum(axis=2)
    assert np.abs(balance - done.pending_points[..., -1]).max() < 1e-6
    assert min(each.min() for each in (done.resolved, done.pending, done.points, done.pending_points)) > -1e-9
    assert (done.points.sum(axis=1) <= capacity + 1e-6).all()
    left = families.by_group(done.pending_points[..., -1])
    assert (left <= ceiling + 1e-6).all() if plenty else (left > ceiling).any()
