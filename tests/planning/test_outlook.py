"""Draws of a year: worked numbers, what hours make of them, and what goes on as it did."""

from __future__ import annotations

import numpy as np
import pytest

from piramide.planning.forecast.forecast import Forecast
from piramide.planning.outlook.answer import NodeAhead, band_of, node_json, probability, quantiles
from piramide.planning.outlook.draws import Choices, Draws
from piramide.planning.outlook.futures import Flow, chosen, futures, middle_future
from piramide.planning.outlook.history import PICKS, Changes, Going, changes_of
from piramide.planning.outlook.measures import WorkMeasure, going_of, part_of
from piramide.planning.outlook.swings import swings_of
from piramide.planning.outlook.working import Habits, Opening, worked
from piramide.planning.production.flow import Coming, produce
from piramide.planning.state import WorkState
from piramide.planning.targets import families_of
from tests.planning.states import state_of_arrays

CLEARANCE = np.array([1.00, 1.01, 1.015, 1.02, 1.02, 1.025, 1.03, 1.03, 1.04, 1.05])


def test_probability_is_the_part_of_draws_that_meet_the_target() -> None:
    once = np.ones(10, np.int64)
    assert probability(CLEARANCE, once, 1.02, "up") == 0.7
    assert probability(CLEARANCE, once, 1.02, "down") == 0.5


def test_quantiles_are_linear() -> None:
    received = np.array([90.0, 95, 100, 105, 110])
    assert quantiles(received, parts={"p80": 0.8}) == {"p80": 106}
    assert quantiles(received, np.ones(5, np.int64), {"p80": 0.8}) == {"p80": 106}


def test_values_that_count_more_than_once_are_as_many_draws() -> None:
    values, counts = np.array([3.0, 1.0, 2.0, 9.0]), np.array([4, 2, 7, 0])
    told = quantiles(values, counts)
    apart = np.repeat(values, counts)
    assert [told[name] for name in ("p10", "p50", "p90")] == pytest.approx(np.quantile(apart, [0.1, 0.5, 0.9]))


def test_a_leaf_without_a_basis_stays_open() -> None:
    told = node_json(NodeAhead("n", "none", np.empty(0), np.empty(0, np.int64), 1.0, "up"))
    assert told == {
        "id": "n", "p10": None, "p50": None, "p90": None, "target": 1.0, "probability": None, "basis": "none",
    }  # fmt: skip


def test_the_band_holds_what_is_open() -> None:
    assert band_of(np.full(10, 100.0), -5.0, 2.0) == {"low": 95.0, "high": 102.0}


def a_state(months: int = 30, offices: int = 3, lines: int = 4) -> WorkState:
    chance = np.random.Generator(np.random.PCG64(5))
    shape = (offices, lines, months)
    received, pending = chance.integers(50, 90, shape).astype(float), chance.integers(20, 60, shape).astype(float)
    return state_of_arrays(
        offices, lines, months, received=received, resolved=received, automatic=received * 0.1,
        pending=pending, received_points=received * 1.4, resolved_points=received * 1.35,
        pending_points=pending * 1.6, done_points=received * 1.3, staff_hours=np.full((offices, months), 250.0),
    )  # fmt: skip


def a_forecast(state: WorkState, ahead: int = 4) -> Forecast:
    chance = np.random.Generator(np.random.PCG64(6))
    cells = chance.uniform(50, 90, (*state.received.shape[:2], ahead))
    residuals = chance.normal(0, 1, (6, *cells.shape))
    residuals[-1, ..., -1] = np.nan
    months = tuple(f"2026-{at + 1:02}" for at in range(ahead))
    names = tuple(office.id for office in state.offices)
    return Forecast(
        names, state.lines, months, cells, cells * 1.4, cells, cells, cells, cells, "naive", "2025-06", residuals
    )


def test_futures_are_worked_as_production_works_them() -> None:
    state = a_state()
    opening = Opening.of(state)
    chance = np.random.Generator(np.random.PCG64(7))
    pieces, points = chance.uniform(50, 90, (12, 5)), chance.uniform(50, 90, (12, 5))
    hours = np.full((3, 5), 300.0)
    left = worked(
        opening,
        [(pieces[None, :, at], points[None, :, at]) for at in range(5)],
        hours.T[:, None],
        Habits.plain(1, opening),
    )
    coming = Coming(
        state.pending[..., -1],
        state.pending_points[..., -1],
        pieces.reshape(3, 4, 5),
        points.reshape(3, 4, 5),
        np.zeros((3, 4, 5)),
    )
    families = families_of(state.lines, {}, {})
    done = produce(coming, families, np.full((3, len(families.groups)), 1e15), hours, is_all_at_once=True)
    assert left.pieces[0] == pytest.approx(done.pending[..., -1].ravel())
    assert left.points[0] == pytest.approx(done.pending_points[..., -1].ravel())
    assert left.pieces_of_months[0] == pytest.approx(done.pending.sum(axis=2).ravel())


def test_draws_are_those_of_the_forecast_and_balance() -> None:
    state = a_state()
    forecast = a_forecast(state)
    capacity = np.full((3, 4), 320.0)
    drawing = chosen(state, forecast, capacity, 200, 3)
    found = list(futures(state, forecast, drawing))
    received = np.concatenate([one.pieces[Flow.RECEIVED] for one in found])[drawing.of_draw]
    assert received == pytest.approx(np.concatenate(list(forecast.draws(200, 3))).sum(axis=3))
    resolved, left = (np.concatenate([one.pieces[flow] for one in found]) for flow in (Flow.RESOLVED, Flow.PENDING))
    opening = state.pending[..., -1]
    assert opening + received - left[drawing.of_draw] == pytest.approx(resolved[drawing.of_draw])
    assert len(drawing.origins) < 200


def test_the_same_seed_draws_the_same() -> None:
    state = a_state()
    one, same, other = (chosen(state, a_forecast(state), np.full((3, 4), 320.0), 50, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.of_draw, same.of_draw)
    assert np.array_equal(one.capacity, same.capacity)
    assert not np.array_equal(one.of_draw, other.of_draw)


def test_hours_do_in_draws_what_they_did_in_the_past() -> None:
    state = a_state()
    swings = swings_of(state, 4)
    assert swings.hours.shape == (12, 3)
    assert swings.hours == pytest.approx(np.ones((12, 3)), abs=0.2)
    assert len(swings_of(a_state(months=8), 4)) == 1


def test_the_middle_future_resolves_more_where_others_help() -> None:
    state = a_state()
    capacity = np.full((3, 4), 250.0)
    alone = middle_future(state, a_forecast(state), capacity)
    helped = np.zeros((3, 4))
    helped[0, 0] = 10.0
    other = middle_future(state, a_forecast(state), capacity, (helped, np.array([0.0, 10.0, 0.0])))
    more = (other.points[Flow.RESOLVED] - alone.points[Flow.RESOLVED]).sum(axis=2)[0]
    assert more[0] == pytest.approx(10)
    assert more[1] == pytest.approx(-10)


def test_all_structures_of_a_pick_take_one_year_and_each_its_kind() -> None:
    changes = changes_of(np.array([[1.0, 1, 1], [1, 1, 1]]), np.array([[2.0, 3, 9], [5, 7, 90]]))
    assert changes is not None
    picked = changes.picked(np.ones(3), np.array([0, 0, 1]))
    assert picked.shape == (3, 2 * PICKS)
    assert set(picked[0, :PICKS]) == {2, 3}
    assert set(picked[2, :PICKS]) == {9}
    assert set(map(tuple, picked[:, PICKS:].T)) == {(5, 7, 90), (7, 5, 90)}


def test_who_has_no_change_takes_another_one() -> None:
    changes = Changes(np.array([[1.5, np.nan]]), is_ratio=False)
    assert set(changes.picked(np.array([1.0, 2]), np.array([0, 1]))[1]) == {3.5}
    assert changes_of(np.array([[np.nan]]), np.array([[1.0]])) is None


def test_a_measure_is_what_is_known_and_its_part_of_what_comes() -> None:
    state = a_state()
    future = middle_future(state, a_forecast(state), np.full((3, 4), 1e9))
    below = np.vstack([np.eye(3), np.ones(3)])
    measure = WorkMeasure(Flow.RECEIVED, False, np.ones(4), np.arange(4.0), Going.still(np.full(4, 0.5)))
    at_end = measure.at_end(future, below)[:, 0]
    come = future.pieces[Flow.RECEIVED][0].sum(axis=1)
    assert at_end[:3] == pytest.approx(np.arange(3.0) + 0.5 * come)
    assert at_end[3] == pytest.approx(3 + 0.5 * come.sum())


def test_a_part_of_little_is_that_of_all() -> None:
    assert part_of(np.array([50.0, 2.0]), np.array([100.0, 4.0])).tolist() == [0.5, 0.5]


def test_a_part_goes_on_as_it_did() -> None:
    nothing = np.full((1, 2), np.nan)
    assert going_of(np.array([0.5, 0.4]), nothing, nothing, np.zeros(2, np.int64)).middle.tolist() == [[0.5], [0.4]]
    going = going_of(np.array([0.5, 0.4]), np.ones((1, 2)), np.array([[1.1, 5.0]]), np.zeros(2, np.int64))
    assert set(going.at_end(np.arange(PICKS))[0]) == {0.55, 1.0}


def test_draws_of_a_cell_are_its_choices() -> None:
    choices = Choices.of(np.array([[1.0, 2.0], [np.nan, 4.0]]), np.array([0, 1, 1]))
    draws = Draws([choices], [(0, 0), None, (0, 1)], 3)
    assert draws.values(1, 3).tolist() == [[2, 2], [0, 0], [4, 4]]
    assert draws.of(0).tolist() == [1, 2, 2]
    assert [draws.is_known(cell) for cell in range(3)] == [True, False, False]
    assert [part.tolist() for part in draws.weighed(0)] == [[1, 2], [1, 2]]
