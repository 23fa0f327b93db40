from __future__ import annotations

import pytest

from piramide.kernel.periods import parse_period
from piramide.measurement.alarms.window import Window


@pytest.mark.parametrize(
    ("period", "first", "last", "earliest"),
    [
        ("2024-03", 2024 * 12 + 2, 2024 * 12 + 2, 2023 * 12 + 2),
        ("2024-Q1", 2024 * 12, 2024 * 12 + 2, 2023 * 12),
        ("2024", 2024 * 12, 2024 * 12 + 11, 2022 * 12),
    ],
)
def test_it_counts_months_as_the_ledger_does(period: str, first: int, last: int, earliest: int) -> None:
    window = Window(parse_period(period))

    assert (window.first_month, window.last_month, window.earliest_month) == (first, last, earliest)


def test_the_last_days_of_a_leap_february_are_its_own() -> None:
    first, last = Window(parse_period("2024-02")).last_days

    assert (str(first), str(last)) == ("2024-02-25", "2024-02-29")
