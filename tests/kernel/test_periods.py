"""Periods are half-open spans of days; what a value is known at is a moment."""

from __future__ import annotations

from datetime import date

import pytest

from piramide.kernel.findings import Place, Refusal
from piramide.kernel.periods import FINAL, Granularity, Moment, Period, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end", "moment"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1), Moment(2024, FINAL)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1), Moment(2024, 3)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 10, 1), Moment(2024, 9)),
        ("2024-Q4", date(2024, 10, 1), date(2025, 1, 1), Moment(2024, 12)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), Moment(2024, 2)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1), Moment(2024, 12)),
    ],
)
def test_it_reads_a_period(text: str, start: date, end: date, moment: Moment) -> None:
    period = parse_period(text)

    assert (period.start, period.end, period.moment) == (start, end, moment)
    assert str(period) == text
    assert period.year_to_date == (date(2024, 1, 1), end)


def test_it_holds_its_first_day_and_not_the_first_day_after() -> None:
    quarter = parse_period("2024-Q3")

    assert quarter.holds(date(2024, 7, 1))
    assert quarter.holds(date(2024, 9, 30))
    assert not quarter.holds(date(2024, 10, 1))


def test_it_takes_a_month_and_the_quarter_it_ends_for_the_same_moment() -> None:
    assert parse_period("2024-09").moment == parse_period("2024-Q3").moment
    assert parse_period("2024-12").moment == parse_period("2024-Q4").moment
    assert len({parse_period("2024-09").moment, parse_period("2024-Q3").moment}) == 1
    assert parse_period("2024-09") != parse_period("2024-Q3")


def test_it_keeps_the_final_year_apart_from_its_provisional_end() -> None:
    final, provisional = parse_period("2024").moment, parse_period("2024-Q4").moment

    assert final > provisional
    assert (final.day, provisional.day) == (date(2024, 12, 31), date(2024, 12, 31))
    assert (final.is_final, provisional.is_final) == (True, False)
    assert (final.checkpoint, provisional.checkpoint, Moment(2024, 2).checkpoint) == ("year", "Q4", "")


def test_it_orders_moments_across_years() -> None:
    names = ["2024", "2025-01", "2024-12", "2023", "2024-Q1", "2024-02"]

    moments = sorted(parse_period(name).moment for name in names)

    assert [str(moment) for moment in moments] == ["2023", "2024-02", "2024-Q1", "2024-Q4", "2024", "2025-01"]


@pytest.mark.parametrize(
    ("text", "previous"),
    [("2024", "2023"), ("2024-Q1", "2023-Q4"), ("2024-Q3", "2024-Q2"), ("2024-01", "2023-12"), ("2024-10", "2024-09")],
)
def test_it_gives_the_period_before(text: str, previous: str) -> None:
    assert str(parse_period(text).previous) == previous


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("2024-02", []),
        ("2024-08", ["2024-Q1", "2024-Q2"]),
        ("2024-Q3", ["2024-Q1", "2024-Q2", "2024-Q3"]),
        ("2024-12", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]),
        ("2024", ["2024-Q1", "2024-Q2", "2024-Q3", "2024"]),
    ],
)
def test_it_lists_the_checkpoints_that_have_passed(text: str, moments: list[str]) -> None:
    assert [str(moment) for moment in parse_period(text).quarter_checkpoints()] == moments


def test_it_reads_back_every_moment_it_names() -> None:
    for month in range(1, FINAL + 1):
        moment = Moment(2023, month)
        assert parse_period(str(moment)).moment == moment


def test_it_words_moments_and_periods_in_both_languages() -> None:
    assert parse_period("2024-Q3").moment.label("it") == "al 30 settembre 2024"
    assert parse_period("2024-02").moment.label("en") == "at 29 February 2024"
    assert parse_period("2024-Q4").moment.label("it") == "al 31 dicembre 2024 (provvisorio)"
    assert parse_period("2024").moment.label("it") == "anno 2024 (consuntivo)"
    assert Period(2024, Granularity.QUARTER, 2).label("it") == "2° trimestre 2024"
    assert parse_period("2024-05").label("en") == "May 2024"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-13", "KN012"),
        ("2024-00", "KN012"),
        ("2024-Q5", "KN013"),
        ("2024-Q0", "KN013"),
        ("2024-Q03", "KN013"),
        ("", "KN011"),
        ("24", "KN011"),
        ("2024-9", "KN011"),
        ("2024/09", "KN011"),
        ("2024-09-30", "KN011"),
        ("2024-q3", "KN011"),
        ("0000", "KN011"),
        ("٢٠٢٤", "KN011"),
    ],
)
def test_it_refuses_what_is_no_period_and_says_what_to_write(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=f"^{code}: values.csv:2") as refused:
        parse_period(text, Place("values.csv", 2))

    assert "2024" in refused.value.findings[0].message("en")
