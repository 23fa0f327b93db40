"""Printed figures as numbers: the value that a spreadsheet holds, and the format in which it reads as printed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from piramide.reports.printed_tables import Cell

_FIGURE: Final = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(?P<cents>\d{1,6}))?(?P<unit>\s?[%€'\u2019\u2032]|\s[a-z]{1,12}\.?)?"
)
_LONGEST: Final = 15
"""Digits that a spreadsheet keeps of a number."""


def figure_cell(column: int, text: str, rows: int = 1) -> Cell:
    """The cell of a printed text: a number where it is a figure with or without unit, else the text.

    >>> cell = figure_cell(5, "966.124.543 €")
    >>> cell.number, cell.shown
    (Fraction(966124543, 1), '#,##0" €"')
    >>> figure_cell(5, "SMVP - Par. 6.2.10").number is None
    True
    """
    read = _FIGURE.fullmatch(text)
    if read is None or sum(map(str.isdigit, text)) > _LONGEST:
        return Cell(column, text, rows)
    whole, cents, unit = read["whole"], read["cents"] or "", read["unit"] or ""
    if "." in whole and len(cents) == 3:  # beside groups of three, three decimals have two readings
        return Cell(column, text, rows)
    value = Fraction(f"{whole.replace('.', '')}.{cents or 0}")
    code = f"{'#,##0' if '.' in whole else '0'}{'.' + '0' * len(cents) if cents else ''}"
    if unit.strip() == "%":
        return Cell(column, text, rows, number=value / 100, shown=f"{code}{unit}", is_figure=True)
    return Cell(column, text, rows, number=value, shown=f'{code}"{unit}"' if unit else code, is_figure=True)
