"""Of several runs of one period the one made last holds; figures are set against the period before of its series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from piramide.cycle.runs.holding import holding, holding_by_day, later_than, newest_first, run_before

PLAN, AMENDED, TRIAL = "inps-2024", "inps-2024-modificato", "prova"
LINE = frozenset({PLAN, AMENDED})


@dataclass(frozen=True)
class Made:
    """A run as it is asked about."""

    name: str
    pack: str
    period: str
    ends_on: date
    hour: int
    is_partial: bool = False

    @property
    def made_at(self) -> datetime:
        """That hour of the first of January."""
        return datetime(2025, 1, 1, self.hour, tzinfo=UTC)


MARCH, JUNE, JULY = date(2024, 3, 31), date(2024, 6, 30), date(2024, 7, 31)
FIRST = Made("first", PLAN, "2024-Q1", MARCH, 1)
AGAIN = Made("again", PLAN, "2024-Q1", MARCH, 5)
TRIED = Made("tried", TRIAL, "2024-Q1", MARCH, 9)
SECOND = Made("second", PLAN, "2024-Q2", JUNE, 2)
AFTER_ADOPTION = Made("after adoption", AMENDED, "2024-Q2", JUNE, 3)
MONTH = Made("month", AMENDED, "2024-07", JULY, 4)
EVERY = [FIRST, AGAIN, TRIED, SECOND, AFTER_ADOPTION, MONTH]


def test_they_stand_from_the_last_period_back_in_whatever_order_they_come() -> None:
    for seed in range(20):
        shuffled = Random(seed).sample(EVERY, len(EVERY))  # noqa: S311 - an order, no secret
        assert newest_first(shuffled) == [MONTH, AFTER_ADOPTION, SECOND, TRIED, AGAIN, FIRST]


def test_of_one_plan_and_period_the_one_made_last_holds() -> None:
    assert set(holding(EVERY).values()) == {MONTH, AFTER_ADOPTION, SECOND, TRIED, AGAIN}
    assert holding([]) == {}


def test_of_one_day_it_is_the_last_of_the_line_and_never_a_trial_with_another_plan() -> None:
    assert list(holding_by_day(EVERY, LINE).items()) == [(MARCH, AGAIN), (JUNE, AFTER_ADOPTION), (JULY, MONTH)]
    assert holding_by_day(EVERY, {TRIAL}) == {MARCH: TRIED}


def test_one_takes_the_place_of_another_of_its_plan_and_period_only_when_it_was_made_later() -> None:
    assert later_than(FIRST, EVERY) is AGAIN
    assert later_than(AGAIN, EVERY) is None
    assert later_than(SECOND, EVERY) is None
    assert later_than(AGAIN, [FIRST]) is None


def test_a_quarter_is_set_against_the_quarter_before_and_a_month_against_a_month() -> None:
    assert run_before(SECOND, EVERY) is TRIED  # whoever asks gives the runs of one line
    assert run_before(SECOND, [AGAIN, FIRST]) is AGAIN
    assert run_before(MONTH, EVERY) is None
    august = Made("august", PLAN, "2024-08", date(2024, 8, 31), 8)
    assert run_before(august, [*EVERY, august]) is MONTH
    assert run_before(FIRST, EVERY) is None


def test_a_run_of_some_structures_takes_the_place_of_none_made_of_all() -> None:
    part = Made("part", PLAN, "2024-Q1", MARCH, 23, is_partial=True)
    assert holding([FIRST, part])[PLAN, "2024-Q1"] is FIRST
    assert holding_by_day([part, FIRST], LINE) == {MARCH: FIRST}
    assert later_than(FIRST, [FIRST, part]) is None
    assert holding([part])[PLAN, "2024-Q1"] is part
