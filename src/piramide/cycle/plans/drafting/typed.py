"""Figures as planners type and read them: weights in per cent, targets in their unit, else fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from piramide.kernel.findings import refuse
from piramide.kernel.numbers import format_number, parse_italian, parse_machine
from piramide.methodology.checks.cells import machine

MOST_DECIMALS: Final = 10


def share_typed(text: str, language: str) -> str:
    """A weight typed in per cent (`17,5`, `17,5 %`) or as a fraction (`1/11`), in machine notation; blank stays blank.

    Raises `Refusal` with what the number is not, DR003 for more than 100 %.
    """
    text = text.strip()
    if not text:
        return ""
    value = parse_machine(text) if "/" in text else _number(text.removesuffix("%").strip(), language) / 100
    if value > 1:
        raise refuse("DR003", subject=text)
    return machine(value)


def figure_typed(text: str, language: str) -> str:
    """A target typed in its unit, in machine notation; blank stays blank. Raises `Refusal` with what it is not."""
    text = text.strip()
    if not text:
        return ""
    return machine(parse_machine(text) if "/" in text else _number(text, language))


def share_to_type(weight: Fraction, language: str) -> str:
    """A weight as it is typed."""
    exact = _exact(weight * 100, language)
    return str(weight) if exact is None else exact


def figure_to_type(figure: Fraction | None, language: str) -> str:
    """A target as it is typed; nothing for none."""
    if figure is None:
        return ""
    exact = _exact(figure, language)
    return str(figure) if exact is None else exact


def _exact(value: Fraction, language: str) -> str | None:
    """All the decimals of a number; `None` when they never end."""
    for decimals in range(MOST_DECIMALS + 1):
        if (value * 10**decimals).denominator == 1:
            return format_number(value, decimals, language)
    return None


def _number(text: str, language: str) -> Fraction:
    if language == "it":
        value = parse_italian(text.replace("−", "-")).value
        if value is None:
            raise refuse("KN001", printed=text)
        return value
    return parse_machine(text.replace(",", "").replace("−", "-"))
