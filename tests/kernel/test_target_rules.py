"""The target rules of the 2021 plan are expressions, and give the figures the plan prints."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.kernel.expressions import parse
from piramide.kernel.numbers import format_percent
from tests.half_up import half_up


def target(text: str, **values: str | int) -> Fraction:
    result = parse(text, tuple(values)).evaluate({name: Fraction(value) for name, value in values.items()})
    assert result is not None
    return result


def test_it_raises_a_baseline_by_a_percentage() -> None:
    """R10."""
    assert target("baseline * (1 + 0.03)", baseline=100) == 103
    assert target("round(baseline * 1.10)", baseline=1053272) == 1158599


def test_it_takes_the_larger_of_target_and_result() -> None:
    """R11."""
    rule = "1.02 * greatest(target_before, actual_before)"

    assert target(rule, target_before=8855168560, actual_before=9000000000) == 9180000000


@pytest.mark.parametrize(("actual", "expected"), [(90, 100), (108, 108), (115, 115), (130, 115)])
def test_it_bounds_the_target_of_legal_fees(actual: int, expected: int) -> None:
    """R12."""
    rule = "least(greatest(target_before, actual_before), 1.15 * target_before)"

    assert target(rule, target_before=100, actual_before=actual) == expected


@pytest.mark.parametrize(
    ("share", "before", "actual", "target_printed", "gap_printed"),
    [("0.95", 1000000, 912000, 950000, "4,0%"), ("0.90", 200000, 185000, 180000, "−2,8%")],
)
def test_it_lowers_the_balances_of_medical_visits(
    share: str, before: int, actual: int, target_printed: int, gap_printed: str
) -> None:
    """R24."""
    asked = target(f"{share} * balance_before", balance_before=before)

    gap = target("(asked - actual) / asked", asked=asked, actual=actual)  # type: ignore[arg-type]
    assert asked == target_printed
    assert format_percent(gap, 1, "it") == gap_printed


def test_it_weighs_the_two_balances_alike() -> None:
    """R24: the mean of +4,00% and −2,78%."""
    gaps = "0.5 * (950000 - first) / 950000 + 0.5 * (180000 - second) / 180000"

    assert format_percent(target(gaps, first=912000, second=185000), 2, "it") == "0,61%"


@pytest.mark.parametrize(
    ("pending", "printed"),
    [
        (138, 110),
        (21507, 17206),
        (922, 738),
        (13733, 10986),
        (43226, 34581),
        (59303, 47442),
        (4081, 3265),
        (142910, 114328),
    ],
)
def test_it_takes_a_fifth_off_the_pending_lawsuits_of_every_office(pending: int, printed: int) -> None:
    """R29: Basilicata, Calabria, Campania, Napoli, Roma, Puglia, Sicilia and their total, as printed."""
    assert target("round(0.8 * stock)", stock=pending) == printed


def test_it_follows_the_intake_of_lawsuits() -> None:
    """R29: Basilicata with an intake that grows from 40 to 52 cases."""
    rule = "greatest(round(0.8 * stock) + (intake - intake_before), 0)"

    asked = target(rule, stock=138, intake=52, intake_before=40)

    assert asked == 122
    assert half_up(100 * (asked - 118) / asked, 2) == half_up(Fraction("3.28"), 2)
    assert target(rule, stock=138, intake=0, intake_before=500) == 0


def test_it_raises_the_recovery_of_credits() -> None:
    """R30."""
    assert target("1.15 * actual_before", actual_before="1000000.20") == Fraction("1150000.23")
