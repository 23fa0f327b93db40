"""A printed target against the definition of its indicator: the value in its unit, or why it is no target of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from piramide.methodology.model import Indicator, RuleKind
from piramide.methodology.printing.target_words import Reading
from piramide.methodology.printing.tokens import Token, token

_SHARES: Final = frozenset({"ratio", "fraction", "index", "milestone", "points", "pct", "pp"})
"""Units that a percentage can be written in."""


def target_value(text: str, reading: Reading | None, indicator: Indicator) -> Fraction | None:
    """The printed target in the unit of the indicator; `None` where it states an act, or no figure that fits."""
    kind = token(text)
    if kind in {Token.REFERENCE, Token.DASH, Token.FAULT}:
        return None
    if kind is Token.ZERO_GAP:
        return Fraction(100)
    if reading is None or disagrees(text, reading, indicator):
        return None
    is_share = reading.unit == "ratio" and indicator.unit not in {"ratio", "fraction"}
    return reading.value * 100 if is_share else reading.value


def disagrees(text: str, reading: Reading | None, indicator: Indicator) -> bool:
    """Whether a printed target is of another kind, unit or side than the known indicator."""
    kind = token(text)
    if kind is Token.ZERO_GAP or indicator.rule is RuleKind.ZERO_GAP:
        return (kind is Token.ZERO_GAP) != (indicator.rule is RuleKind.ZERO_GAP)
    if kind is Token.REFERENCE or indicator.rule is RuleKind.THRESHOLD:
        return kind is Token.REFERENCE and indicator.rule is not RuleKind.THRESHOLD
    if reading is None:
        return False
    if reading.is_delivery:
        return indicator.rule not in {RuleKind.MILESTONE, RuleKind.PHASES}
    is_other_side = bool(reading.side) and {reading.side, indicator.direction} == {"up", "down"}
    return is_other_side or not _fits(reading.unit, indicator.unit)


def _fits(printed: str, unit: str) -> bool:
    """Whether a figure with a printed unit can stand in the unit of an indicator."""
    if printed == "ratio":
        return unit in _SHARES
    return printed in {"", unit} or (printed == "eur" and unit.startswith("eur"))
