"""Numbers printed in Italian are read without guessing, and printed back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.findings import Place, Refusal
from piramide.kernel.numbers import (
    Parsed,
    Printed,
    format_number,
    format_percent,
    format_quantity,
    from_float,
    italian,
    parse_italian,
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.234.567,89 €", "1234567.89", "eur"),
        ("€ 60.000.000", "60000000", "eur"),
        ("€60.000.000", "60000000", "eur"),
        ("- € 1.250,00", "-1250", "eur"),
        ("12 euro", "12", "eur"),
        ("2,54", "2.54", ""),
        ("93,35%", "0.9335", "pct"),
        ("+2 %", "0.02", "pct"),
        ("−4,41", "-4.41", ""),
        ("-4,41", "-4.41", ""),
        ("1,010", "1.01", ""),
        ("83.994", "83994", ""),
        ("12,345", "12.345", ""),
        ("0,994", "0.994", ""),
        ("1.234,5678", "1234.5678", ""),
        ("2024", "2024", ""),
        ("\u00a01.000\u2009€\u202f", "1000", "eur"),
    ],
)
def test_it_reads_what_has_one_reading(text: str, value: str, unit: str) -> None:
    parsed = parse_italian(text)

    assert (parsed.kind, parsed.value, parsed.unit) == (Printed.NUMBER, Fraction(value), unit)


def test_it_keeps_how_a_number_was_printed() -> None:
    assert parse_italian("93,350%").decimals == 3
    assert parse_italian("+2%").signed
    assert not parse_italian("2%").signed


@pytest.mark.parametrize("dash", ["-", " – ", "—", "−"])
def test_it_tells_a_dash_from_a_zero(dash: str) -> None:
    assert parse_italian(dash) == Parsed(Printed.DASH, Fraction(0))
    assert parse_italian("0").kind is Printed.NUMBER


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\ufeff"])
def test_it_tells_a_blank_from_a_zero(blank: str) -> None:
    assert parse_italian(blank) == Parsed(Printed.BLANK, None)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("8.855.168,560", "8.855.168,560 / 8.855.168.560"),
        ("1.234,567", "1.234,567 / 1.234.567"),
        ("12.34", "12,34 / 1.234"),
        ("0.994", "0,994 / 994"),
        ("1,234,567", "1.234,567 / 1.234.567"),
        ("1.23.456", "123,456 / 123.456"),
        ("1234.567", "1.234,567 / 1.234.567"),
        ("1 234", "1,234 / 1.234"),
        ("1.234.", "1,234 / 1.234"),
        ("12.3456", "12,3456 / 123.456"),
    ],
)
def test_it_refuses_what_has_several_readings_and_says_them(text: str, readings: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_italian(text, Place("scheda.txt", 12))

    (finding,) = refused.value.findings
    assert finding.code == "KN002"
    assert finding.fields["readings"] == readings
    assert "scheda.txt:12" in finding.message("it")
    assert readings in finding.message("en")


@pytest.mark.parametrize("text", ["n.d.", "abc", "%", "€", "1,2 giorni", "½", "٣", "--5", "+", "5-", "(5)", "12x"])
def test_it_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(Refusal, match="KN001"):
        parse_italian(text)


def test_it_refuses_a_number_without_end() -> None:
    with pytest.raises(Refusal, match="KN009"):
        parse_italian("9" * 5000)


@given(st.fractions(-(10**15), 10**15, max_denominator=10**6), st.sampled_from([0, 1, 2, 4, 5]))
def test_it_reads_back_what_it_prints(value: Fraction, decimals: int) -> None:
    printed = italian(value, decimals)

    parsed = parse_italian(printed)

    assert parsed.value is not None
    assert abs(parsed.value - value) <= Fraction(1, 2 * 10**decimals)
    assert italian(parsed.value, decimals) == printed


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (Fraction(123456789, 100), 2, "1.234.567,89"),
        (Decimal("-4.4087"), 2, "−4,41"),
        (Decimal("14.6359"), 2, "14,64"),
        (Fraction(-1, 1000), 2, "0,00"),
        (Fraction(1, 200), 2, "0,01"),
        (1000, 0, "1.000"),
        (999, 0, "999"),
        (1250, -2, "1.300"),
        (0, -2, "0"),
        (Fraction(1, 3), 4, "0,3333"),
    ],
)
def test_it_prints_italian_figures_rounded_half_up(value: Fraction, decimals: int, printed: str) -> None:
    assert italian(value, decimals) == printed


def test_it_prints_signs_and_percentages() -> None:
    assert italian(Fraction(1474, 100), 2, signed=True) == "+14,74"
    assert italian(0, 2, signed=True) == "0,00"
    assert format_percent(Fraction(9335, 10000), 2, "it") == "93,35%"
    assert format_percent(Fraction(-44087, 10**6), 2, "it", signed=True) == "−4,41%"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "in_italian", "in_english"),
    [
        (Fraction("129.27"), "eur_per_point", 2, "129,27 €/punto", "€129.27 per point"),
        (328588770, "eur", 0, "328.588.770 €", "€328,588,770"),
        (Fraction("1.01"), "ratio", 3, "1,010", "1.010"),
        (Fraction("93.35"), "pct", 2, "93,35%", "93.35%"),
        (Fraction("0.4"), "fraction", 0, "40%", "40%"),
        (1, "days", 0, "1 giorno", "1 day"),
        (-1, "days", 0, "−1 giorno", "−1 day"),
        (40, "days", 1, "40,0 giorni", "40.0 days"),
        (Fraction("3.5"), "score_1_5", 2, "3,50", "3.50"),
    ],
)
def test_it_prints_a_quantity_with_its_unit(
    value: Fraction, unit: str, decimals: int, in_italian: str, in_english: str
) -> None:
    assert format_quantity(value, unit, decimals, "it") == in_italian
    assert format_quantity(value, unit, decimals, "en") == in_english


def test_it_takes_a_float_for_the_decimal_it_was_written_as() -> None:
    assert from_float(0.145) == Fraction(145, 1000)
    assert format_number(from_float(1.005), 2, "en") == "1.01"
