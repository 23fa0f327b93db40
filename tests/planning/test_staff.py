"""Hours and capacity of the months ahead."""

from __future__ import annotations

import numpy as np
import pytest

from piramide.planning.calendar import WorkingTime, month_at, months_from, place_of
from piramide.planning.staff import (
    Change,
    StaffChange,
    counted_fte,
    hours_at_hand,
    hours_from_history,
    productivity_of,
)
from tests.planning.states import state_of_arrays


def time_of(offices: int, months: int, **other: float) -> WorkingTime:
    said = {"working_days": 21.0, "day_hours": 7.2, "presence": 0.85, "training": np.nan, "other": np.nan} | other
    return WorkingTime(**{name: np.full((offices, months), value) for name, value in said.items()})


def test_a_month_of_a_head_is_128_52_hours_and_of_ten_1285_2() -> None:
    """E3."""
    assert time_of(1, 1).hours(np.array([[1.0]]))[0, 0] == pytest.approx(128.52, abs=1e-9)
    assert time_of(1, 1).hours(np.array([[10.0]]))[0, 0] == pytest.approx(1285.2, abs=1e-9)


def test_one_who_leaves_and_two_who_come_at_half_are_ten_again() -> None:
    """E3."""
    changes = [StaffChange(0, 0, Change.LEAVES, 1), StaffChange(0, 0, Change.JOINS, 2)]
    fte = counted_fte(np.array([10.0]), changes, 3, [0.5, 0.75])

    assert fte.tolist() == [[10.0, 10.5, 11.0]]
    assert time_of(1, 3).hours(fte)[0, 0] == pytest.approx(1285.2, abs=1e-9)


def test_training_and_other_hours_are_taken_away_and_never_more_than_there_are() -> None:
    assert time_of(1, 1, training=28.52, other=50).hours(np.array([[1.0]]))[0, 0] == pytest.approx(50, abs=1e-9)
    assert time_of(1, 1, other=1e6).hours(np.array([[1.0]]))[0, 0] == 0


def test_what_is_expected_alone_is_left_out_where_only_the_certain_counts() -> None:
    changes = [
        StaffChange(0, 1, Change.LEAVES, 2, is_certain=False),
        StaffChange(0, 1, Change.PART_TIME, 0.5),
        StaffChange(0, -1, Change.JOINS, 1),
    ]
    assert counted_fte(np.array([4.0]), changes, 2, [0.2, 0.6]).tolist() == [[4.6, 2.5]]
    assert counted_fte(np.array([4.0]), changes, 2, [0.2, 0.6], only_certain=True).tolist() == [[4.6, 4.5]]


def test_an_office_of_few_hours_has_the_productivity_of_its_region() -> None:
    done, hours = np.zeros((3, 1, 12)), np.zeros((3, 12))
    done[0, 0], hours[0] = 90, 100
    done[1, 0, -1], hours[1, -1] = 500, 199
    found = productivity_of(state_of_arrays(3, 1, 12, regions=("r", "r", "s"), done_points=done, staff_hours=hours))

    assert found.points_per_hour[0] == pytest.approx(0.9)
    assert found.points_per_hour[1] == pytest.approx((12 * 90 + 500) / (1200 + 199))
    assert found.points_per_hour[2] == pytest.approx((12 * 90 + 500) / (1200 + 199))
    assert found.is_regional.tolist() == [False, True, True]


def test_where_nobody_says_hours_they_are_those_of_a_year_before() -> None:
    hours = np.arange(24.0).reshape(1, 24)
    state = state_of_arrays(1, 1, 24, staff_hours=hours)
    assert hours_from_history(state, 13)[0].tolist() == [*range(12, 24), 12]
    assert hours_from_history(state.up_to(state.months[2]), 2).tolist() == [[1.0, 1.0]]

    time = time_of(1, 2)
    time.presence[0, 1] = np.nan
    found = hours_at_hand(state, 2, np.array([[1.0, 1.0]]), time)
    assert found.hours[0].tolist() == pytest.approx([128.52, 13.0])
    assert found.is_history.tolist() == [[False, True]]


def test_months_run_over_the_end_of_a_year() -> None:
    assert months_from("2024-11", 3) == ("2024-11", "2024-12", "2025-01")
    assert month_at(place_of("2024-12")) == "2024-12"
