"""Figures are rounded half up from their exact value and written as the language writes them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.kernel.figure import Figure, preview
from piramide.reports import figures
from piramide.reports.labels import labels

ITALIAN, ENGLISH = labels("it"), labels("en")


@pytest.mark.parametrize(
    ("gap", "printed"),
    [
        (Fraction("-0.044087"), "−4,41%"),
        (Fraction("0.146359"), "+14,64%"),
        (Fraction("0.00005"), "+0,01%"),
        (0, "0,00%"),
        (Fraction(-1, 10**5), "−0,001%"),  # one that is not none never reads so
        (Fraction(-1, 10**12), "0,00%"),  # noise of a double
    ],
)
def test_a_gap_is_a_signed_percentage(gap: Fraction | int, printed: str) -> None:
    assert figures.gap(gap, ITALIAN) == printed


def test_a_float_cannot_be_printed() -> None:
    with pytest.raises(TypeError, match="preview"):
        figures.number(1.005, 2, ITALIAN)  # type: ignore[arg-type]  # that it is refused is what is tried


def test_a_preview_is_the_decimal_it_was_written_as() -> None:
    assert figures.number(preview(0.145), 2, ITALIAN) == "0,15"
    assert figures.number(preview(1.005), 2, ITALIAN) == "1,01"


def test_a_figure_prints_its_exact_number_not_its_double() -> None:
    exact = Fraction("103.55") - Fraction(1, 10**30)

    assert figures.index(Figure(103.55, exact), ITALIAN) == "103,5"
    assert figures.index(Figure(103.55, "2071/20"), ITALIAN) == "103,6"


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (Fraction(7, 10), "70%"),
        (Fraction(1, 6), "16,7%"),
        (Fraction(1, 8), "12,5%"),
        (1, "100%"),
        (0, "0%"),
        (Fraction("0.9996"), "99,96%"),
        (Fraction("0.0004"), "0,04%"),
    ],
)
def test_a_weight_takes_the_decimals_it_needs(share: Fraction | int, printed: str) -> None:
    assert figures.weight(share, ITALIAN) == printed


def test_euros_are_printed_in_full() -> None:
    assert figures.measure(637535773, "eur", 0, ITALIAN) == "637.535.773 €"
    assert figures.measure(637535773, "eur", 0, ENGLISH) == "€637,535,773"


def test_a_value_has_the_decimals_of_its_act() -> None:
    assert figures.measure(Fraction("1.01"), "ratio", 3, ITALIAN) == "1,010"


def test_a_fraction_is_printed_as_a_percentage() -> None:
    assert figures.measure(Fraction("0.9335"), "fraction", 2, ITALIAN) == "93,35%"
