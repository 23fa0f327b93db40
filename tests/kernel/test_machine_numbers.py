"""Numbers of packs and machine files are exact, and each slip has its own message."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.findings import Place, Refusal
from piramide.kernel.numbers import is_number, parse_machine


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.4", Fraction(2, 5)),
        ("-12", Fraction(-12)),
        ("+3", Fraction(3)),
        (" 7 ", Fraction(7)),
        ("1/11", Fraction(1, 11)),
        ("-1/3", Fraction(-1, 3)),
        ("1e-3", Fraction(1, 1000)),
        ("1.5E+2", Fraction(150)),
        (".5", Fraction(1, 2)),
        ("8855168560", Fraction(8855168560)),
    ],
)
def test_it_reads_a_machine_number_exactly(text: str, value: Fraction) -> None:
    assert parse_machine(text) == value
    assert is_number(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("n.d.", "KN003"),
        ("1_000", "KN003"),
        ("0x10", "KN003"),
        ("1 000", "KN003"),
        ("٣", "KN003"),
        ("1/-2", "KN003"),
        ("1.2.3", "KN003"),
        ("x" * 500, "KN003"),
        ("2,54", "KN004"),
        ("1.234,5", "KN004"),
        ("nan", "KN005"),
        ("NaN", "KN005"),
        ("-inf", "KN005"),
        ("Infinity", "KN005"),
        ("", "KN006"),
        ("  ", "KN006"),
        ("40%", "KN007"),
        ("93,35 %", "KN007"),
        ("1/0", "KN008"),
        ("1e999999999", "KN009"),
        ("9" * 5000, "KN009"),
    ],
)
def test_it_refuses_each_slip_with_its_own_code(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=f"^{code}: .*values.csv:3") as refused:
        parse_machine(text, Place("values.csv", 3))

    assert len(str(refused.value)) < 400
    assert not is_number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_it_reads_whatever_a_program_wrote(value: float) -> None:
    if value == 0 or 1e-290 < abs(value) < 1e290:
        assert float(parse_machine(repr(value))) == value
