"""The likely cause of a difference that no single wrong digit explains: found in the figures, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from piramide.methodology.checks import digits
from piramide.methodology.checks.cells import Book, Cell
from piramide.methodology.checks.relations import Read, Relation, replaced

ROUNDING: Final = "rounding"
SHIFTED: Final = "shifted row"
COPIED: Final = "copied from another cell"
OMITTED: Final = "omitted part"
TWICE: Final = "counted twice"
ADDED: Final = "part from outside the sum"
CONSTANT: Final = "constant off by one"
LETTER: Final = "letter for digit"
SEPARATOR: Final = "misplaced separator"
OFFSET: Final = "same difference on every row"
MISSING_ROW: Final = "missing row"
CARRIED: Final = "carried from another slip"
TRUNCATED: Final = "cut instead of rounded"
SPACE: Final = "stray space"
UNKNOWN: Final = "unknown"
POINTS: Final = "percentage points vs relative"
WRONG_BASE: Final = "wrong base"
VARIATION: Final = "variation instead of attainment"
ATTAINMENT: Final = "attainment instead of variation"
DECLARED: Final = ("component not printed", "last year not printed", "percentage in a row of counts", "another base")
"""Causes that no figure shows: an identity gives them in `cause`."""

_TELLING: Final = Fraction(1, 50)
_LONG: Final = 5  # digits that two cells do not share by chance, as years and round figures do


class Cause(NamedTuple):
    """A cause, and the cell it names if any (the part left out, the cell copied), or a figure."""

    name: str
    cell: Cell | None = None
    detail: str = ""


def of_relation(relation: Relation, read: Read, book: Book) -> Cause:
    """Why one relation does not hold, looking at the relation alone and at the figures around it."""
    for search in (_reading, _rounding, _part):
        try:
            if cause := search(relation, read):
                return cause
        except ZeroDivisionError:
            continue
    return (
        _added(relation, read, book) or (copied(relation.stated, book) if relation.stated else None) or Cause(UNKNOWN)
    )


def _reading(relation: Relation, read: Read) -> Cause | None:
    """The figure is what another reading of the formula gives, as printed."""
    figure = relation.stated_figure(read)
    for reading in relation.readings:
        if reading.formula(read) and abs(reading.formula(read) - figure) <= relation.allowed:
            return Cause(reading.cause, reading.cell, reading.detail)
    minus = -relation.formula(read)
    return Cause(digits.SIGN) if minus and abs(minus - figure) <= relation.allowed else None


def _rounding(relation: Relation, read: Read) -> Cause | None:
    """One unit of the last printed digit, or what the parts of a large sum can lose by being rounded."""
    gap = abs(relation.gap(read))
    if relation.decimals is not None:
        unit = Fraction(1, 10**relation.decimals)
        is_cut = gap < unit and abs(relation.stated_figure(read)) < abs(relation.formula(read))
        reach = unit if relation.widths is None else _lost(relation, relation.widths, read)
        return Cause(TRUNCATED) if is_cut else Cause(ROUNDING) if gap < relation.allowed + reach else None
    figure = abs(relation.stated_figure(read))
    reach = max(Fraction(1), relation.tolerance) * (len(relation.parts) + 1) / 2
    return Cause(ROUNDING) if relation.coefficients and gap <= reach and gap * 10_000 <= figure else None


def _lost(relation: Relation, widths: Mapping[Cell, Fraction], read: Read) -> Fraction:
    """How far the formula may be from what it was before its parts were rounded for the print."""
    lost = Fraction(0)
    for part, width in widths.items():
        moved = [_moved(read, part, side * width) for side in (1, -1) if width]
        lost += max((abs(relation.formula(other) - relation.formula(read)) for other in moved), default=Fraction(0))
    return lost


def _moved(read: Read, part: Cell, by: Fraction) -> Read:
    return lambda cell: read(cell) + by if cell == part else read(cell)


def _part(relation: Relation, read: Read) -> Cause | None:
    """One part accounts for the whole difference: left out, counted twice, or with the other sign."""
    gap = relation.gap(read)
    if len(relation.parts) == 2 and not relation.coefficients and relation.stated not in {None, *relation.parts}:
        return _left_out(relation, read)
    if not relation.coefficients or len(relation.parts) / max(abs(gap), Fraction(1)) > _TELLING:
        return None
    for part, weight in zip(relation.parts, relation.coefficients, strict=True):
        term = weight * read(part)
        for name, expected in ((OMITTED, -term), (TWICE, term), (digits.SIGN, -2 * term)):
            if term and abs(gap - expected) <= relation.allowed:
                return Cause(name, part)
    return None


def _added(relation: Relation, read: Read, book: Book) -> Cause | None:
    """The total exceeds its parts by another figure of their column, which does not belong to the sum."""
    gap = relation.gap(read)
    if not relation.coefficients or gap <= 0:
        return None
    first = relation.parts[0]
    rows = range(len(book.tables[first.table].rows))
    if len(rows) / gap > _TELLING:
        return None
    reach = max(relation.allowed, Fraction(1))
    others = (Cell(first.table, row, first.column) for row in rows)
    found = (cell for cell in others if cell not in relation.cells and book.figure(cell))
    return next((Cause(ADDED, cell) for cell in found if abs((book.figure(cell) or 0) - gap) <= reach), None)


def _left_out(relation: Relation, read: Read) -> Cause | None:
    """Of two figures of its row the stated one repeats the first, as if the second were nothing."""
    one, two = relation.parts
    figure = relation.stated_figure(read)
    same_row = relation.stated is not None and one.row == two.row == relation.stated.row
    for kept, left in ((one, two), (two, one)):
        if same_row and figure and figure == read(kept) == relation.formula(replaced(read, left, Fraction(0))):
            return Cause(OMITTED, left)
    return None


def thousands(cell: Cell, book: Book) -> Fraction | None:
    """The figure with a thousands separator where decimals are printed, in a column of whole figures."""
    column = (Cell(cell.table, row, cell.column) for row in range(len(book.tables[cell.table].rows)))
    others = [figure for other in column if other != cell and (figure := book.figure(other)) is not None]
    whole, _, decimals = book.text(cell).partition(".")
    if not decimals or set(decimals) != {"0"} or any(figure.denominator != 1 for figure in others):
        return None
    return Fraction(whole) * 1000


def copied(cell: Cell, book: Book) -> Cause | None:
    """The one other cell of the same column or row that prints the same long figure."""
    text = book.text(cell)
    if len(text.strip("-0.").replace(".", "")) < _LONG:
        return None
    table = book.tables[cell.table]
    near = sorted(range(len(table.rows)), key=lambda row: abs(row - cell.row))
    column = (Cell(cell.table, row, cell.column) for row in near)
    same_row = (Cell(cell.table, cell.row, name) for name in table.columns)
    found = [other for other in (*column, *same_row) if other != cell and book.text(other) == text]
    return Cause(COPIED, found[0]) if len(found) == 1 else None
