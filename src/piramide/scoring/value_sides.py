"""A value beside its numerator and denominator: the three must say one thing (R6).

check_sides    rows whose value is not what their sides give
from_sides     the exact value of the rows whose sides are whole numbers: it is their ratio that counts, not the decimal
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding
from piramide.methodology.checks.cells import machine
from piramide.methodology.model import Indicator, Pack
from piramide.scoring.arrays import Flags, Floats
from piramide.scoring.value_columns import TextColumns

RELATIVE: Final = Fraction(1, 1_000_000)
"""How far a value may be from its two sides, relative to them: what doubles lose and more."""

_SAME: Final = 1e-13
"""How far, relative to it, a ratio of doubles may be from the same ratio written out."""
_OF_HUNDRED: Final = frozenset({"index", "points", "milestone", "pct", "pp"})
"""Units in which a share may be written as a percentage."""


def check_sides(text: TextColumns, pack: Pack, values: Floats, good: Flags) -> Iterator[Finding]:
    """Rows whose value is not what their two sides give, in the indicator's own formula (SC037).

    Allowed is what a reader cannot tell: 1e-6 of it, or half a unit of the last digit written.
    """
    above, below = (_floats(text.columns[name]) for name in ("numerator", "denominator"))
    given = good & ~np.isnan(above) & ~np.isnan(below)
    indicators: dict[tuple[str, str], Indicator] | None = None
    for row in np.flatnonzero(given & ~_are_ratios(values, above, below, float(RELATIVE))).tolist():
        structure, name, printed, top, bottom = (
            text.columns[column][row].as_py()
            for column in ("structure", "indicator", "value", "numerator", "denominator")
        )
        indicators = indicators if indicators is not None else dict(_indicators(pack))
        indicator = indicators.get((structure, name)) or pack.indicators.get(name)
        allowed = _allowed(indicator, Fraction(top), Fraction(bottom))
        if allowed is None or any(_agree(printed, value) for value in allowed):
            continue
        fields = {"numerator": top, "denominator": bottom, "structure": structure}
        told = machine(allowed[-1]) if allowed else ""
        yield Finding("SC037", text.place(row, "value"), name, fields, stated=printed, recomputed=told)


def from_sides(text: TextColumns, pack: Pack, values: Floats, good: Flags) -> dict[int, Fraction]:
    """The exact value of each row whose numerator and denominator are whole numbers, by row.

    It is what the indicator's formula makes of them: of two readings the one nearest to what was written. A row whose
    formula does not say is not among them. The rows have passed `check_sides`.
    """
    tops, bottoms = text.columns["numerator"], text.columns["denominator"]
    whole = good & _are_whole(tops) & _are_whole(bottoms)
    plain = _are_ratios(values, _floats(tops), _floats(bottoms), _SAME)
    answer: dict[int, Fraction] = {}
    indicators: dict[tuple[str, str], Indicator] | None = None
    for row in np.flatnonzero(whole).tolist():
        above, below = Fraction(tops[row].as_py()), Fraction(bottoms[row].as_py())
        if plain[row]:
            answer[row] = above / below
            continue
        indicators = indicators if indicators is not None else dict(_indicators(pack))
        structure, name, printed = (text.columns[column][row].as_py() for column in ("structure", "indicator", "value"))
        indicator = indicators.get((structure, name)) or pack.indicators.get(name)
        if allowed := _allowed(indicator, above, below):
            written = Fraction(printed)
            answer[row] = written + min((value - written for value in allowed), key=abs)
    return answer


def _are_ratios(values: Floats, above: Floats, below: Floats, slack: float) -> Flags:
    """Rows whose value is one side over the other, but for so much of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above / below
        answer: Flags = np.isfinite(ratio) & (np.abs(values - ratio) <= slack * np.abs(ratio))
    return answer


def _are_whole(column: pa.StringArray) -> Flags:
    return np.asarray(pc.match_substring_regex(column, r"^[+-]?\d+(\.0*)?$"), np.bool_)


def _allowed(indicator: Indicator | None, above: Fraction, below: Fraction) -> tuple[Fraction, ...] | None:
    """The values that two sides may stand for; `None` where the formula does not say."""
    # Few files give the two sides of a value, and fewer those of a formula: only then is SQL read.
    from piramide.kernel.sides import recomputed  # noqa: PLC0415

    found = recomputed(indicator.formula if indicator else "", above, below)
    is_share = indicator is not None and not indicator.formula and indicator.unit in _OF_HUNDRED
    return (*found, 100 * found[0]) if found and is_share else found


def _agree(printed: str, value: Fraction) -> bool:
    mantissa, _, exponent = printed.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    half = Fraction(1, 2) / Fraction(10) ** decimals
    return abs(Fraction(printed) - value) <= max(half, RELATIVE * abs(value))


def _floats(column: pa.StringArray) -> Floats:
    """Numbers of a column, NaN where there is none."""
    readable = pc.match_substring_regex(column, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$")
    plain = pc.if_else(readable, pc.replace_substring_regex(column, r"^\+", ""), "nan")
    return np.asarray(pc.cast(plain, pa.float64()), np.float64)


def _indicators(pack: Pack) -> Iterator[tuple[tuple[str, str], Indicator]]:
    """The indicator of each node of each sheet, and of the structure that gives the value for all."""
    for name, sheet in pack.sheets.items():
        for node in sheet.leaves():
            if indicator := pack.indicators.get(node.indicator or node.id):
                yield (name, node.id), indicator
                if indicator.value_from:
                    yield (indicator.value_from, node.id), indicator
