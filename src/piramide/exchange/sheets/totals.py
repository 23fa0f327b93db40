"""Rows of totals: a check of the weights above them, never a dimension."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.layout import Columns
from piramide.methodology.printing.tokens import Token, share, token

_TOTAL: Final = re.compile(
    r"(?:sub[- ]?)?tot(?:ale|ali|\.)?(?:\s+(?:generale|complessiv\w+|parziale|(?:dei\s+)?pes[oi]))?\s*:?"
    r"|somma(?:\s+(?:dei\s+)?pesi)?\s*:?",
    re.IGNORECASE,
)
_TOTAL_OF: Final = re.compile(r"totale\s+\S.*", re.IGNORECASE)
_FIGURES: Final = frozenset({Token.PERCENTAGE, Token.FIGURE, Token.MALFORMED, Token.DASH, Token.FAULT})


def is_total(row: Row, columns: Columns) -> bool:
    """Whether a row holds the word for a total and figures alone, among them one in the columns of weights."""
    words = [cell for cell in row.cells if token(cell.text) not in _FIGURES]
    if len(words) != 1 or not any(_stated(cell, columns) for cell in row.cells):
        return False
    is_of = _TOTAL_OF.fullmatch(words[0].text) and words[0].column <= columns.dimension
    return bool(_TOTAL.fullmatch(words[0].text) or is_of)


def stated_totals(row: Row, columns: Columns) -> list[tuple[Cell, Fraction, bool]]:
    """Totals of weights that a row states: cell, share, whether it stands in the column of sub-dimensions."""
    return [
        (cell, stated, cell.column > columns.share)
        for cell in row.cells
        if (stated := _stated(cell, columns)) is not None
    ]


def _stated(cell: Cell, columns: Columns) -> Fraction | None:
    is_weight = columns.dimension <= cell.column <= columns.sub_share
    return share(cell.text) if is_weight and token(cell.text) in _FIGURES else None


def added(weights: Iterable[Fraction | None]) -> Fraction:
    """Sum of the weights that are printed."""
    return sum((weight for weight in weights if weight is not None), Fraction(0))
