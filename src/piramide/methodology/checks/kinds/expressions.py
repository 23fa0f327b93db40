"""Identities written as expressions: any arithmetic relation between the columns of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import Refusal
from piramide.methodology.checks.causes import CONSTANT
from piramide.methodology.checks.cells import Cell, decimals_of
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import MisdeclaredIdentityError, Source
from piramide.methodology.checks.relations import Family, Formula, Read, Reading, Relation

_NUMBER: Final = re.compile(r"(?<![\w.])[1-9]\d+(?![\w.])")
_COLUMN: Final = re.compile(r"[A-Za-z_]\w*")


def expression(source: Source) -> Iterator[Relation]:
    """`left` equals `right`, both SQL scalar expressions over the columns of a row.

    Where `left` is a column alone it is the figure judged; else the first column that it names. `cells` gives names to
    single cells of any table, for both expressions. The comparison is at the decimals that the figure judged prints,
    unless `decimals` says others.
    """
    table = source.table()
    fixed = {name: source.side("cells").side(name).cell() for name in _cell_names(source)}
    left, right = _parsed(source, "left", fixed), _parsed(source, "right", fixed)
    bare = bool(_COLUMN.fullmatch(left.text))
    fixed_decimals = source.decimals()
    variants = list(_variants(source, right, fixed)) if bare and right.names else []
    for row in source.rows():
        cells = {name: fixed.get(name) or Cell(table, row, name) for name in (*left.names, *right.names)}
        if not cells or any(source.book.is_blank(cell) for cell in cells.values()):
            continue
        first = cells[left.names[0]] if left.names else next(iter(cells.values()))
        parts = tuple(cells[name] for name in dict.fromkeys((*right.names, *left.names)))
        right_side = _formula(right, cells)
        readings = [Reading(CONSTANT, _formula(other, cells), numbers) for numbers, other in variants]
        yield Relation(
            identity=source.identity,
            family=Family.RATIO,
            at=first,
            stated=first,
            parts=tuple(cells[name] for name in right.names) if bare else parts,
            formula=right_side if bare else _balanced(first, _formula(left, cells), right_side),
            tolerance=source.identity.tolerance,
            decimals=decimals_of(source.book.text(first)) if fixed_decimals is None else fixed_decimals,
            readings=tuple(readings),
            widths={cell: _half_unit(source.book.text(cell)) for cell in parts},
        )


def _half_unit(printed: str) -> Fraction:
    """How far a figure printed with decimals may be from what it was; a whole figure is what it is."""
    decimals = decimals_of(printed)
    return Fraction(1, 2 * 10**decimals) if decimals else Fraction(0)


def _cell_names(source: Source) -> tuple[str, ...]:
    return tuple(source.side("cells").arguments) if source.has("cells") else ()


def _variants(source: Source, parsed: Expression, fixed: Iterable[str]) -> Iterator[tuple[str, Expression]]:
    """The expression with one whole number of two digits or more raised or lowered by one: a year of 365 days.

    Each comes with the two numbers, `365/366`.
    """
    for found in _NUMBER.finditer(parsed.text):
        for number in (int(found.group()) - 1, int(found.group()) + 1):
            text = f"{parsed.text[: found.start()]}{number}{parsed.text[found.end() :]}"
            yield f"{number}/{found.group()}", parse(text, (*source.book.tables[source.table()].columns, *fixed))


def _parsed(source: Source, name: str, fixed: Iterable[str]) -> Expression:
    try:
        return parse(source.text(name), (*source.book.tables[source.table()].columns, *fixed))
    except Refusal as refusal:
        raise MisdeclaredIdentityError(name, source.text(name)) from refusal


def _formula(parsed: Expression, cells: dict[str, Cell]) -> Formula:
    def evaluated(read: Read) -> Fraction:
        figure = parsed.evaluate({name: read(cells[name]) for name in parsed.names})
        if figure is None:
            raise ZeroDivisionError(parsed.text)
        return figure

    return evaluated


def _balanced(first: Cell, left: Formula, right: Formula) -> Formula:
    """What the first cell would be, were the two sides to differ only by it."""
    return lambda read: read(first) - left(read) + right(read)


KINDS = (Kind("expression", expression, ("table", "left", "right"), ("cells", "decimals")),)
