"""Identities that divide or multiply: percentages, ratios, ratios of sums, products, free expressions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from piramide.methodology.checks import causes
from piramide.methodology.checks.cells import Cell, decimals_of, exact
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import MisdeclaredIdentityError, Source
from piramide.methodology.checks.relations import Family, Formula, Read, Reading, Relation

HUNDRED = Fraction(100)


def percentage(source: Source) -> Iterator[Relation]:
    """A printed percentage is that of two other columns of its row.

    `minus_one` makes it a variation, `reverse` one that is favourable when the numerator falls (R1); `points` says that
    the two columns are percentages, of which a difference in points might be meant.
    """
    table, scale = source.table(), HUNDRED if source.text("unit", "pct") == "pct" else Fraction(1)
    columns = (source.column("stated"), source.column("numerator"), source.column("denominator"))
    for row in source.rows():
        stated, above, below = (Cell(table, row, column) for column in columns)
        formula = _share(above, below, scale, minus_one=source.says("minus_one"), reverse=source.says("reverse"))
        readings = _misreadings(above, below, scale, minus_one=source.says("minus_one"), told=source.says("points"))
        yield from _printed(source, stated, (above, below), formula, readings)


def _share(above: Cell, below: Cell, scale: Fraction, *, minus_one: bool, reverse: bool) -> Formula:
    def share(read: Read) -> Fraction:
        figure = read(above) / read(below) - (1 if minus_one else 0)
        return scale * (-figure if reverse else figure)

    return share


def _misreadings(above: Cell, below: Cell, scale: Fraction, *, minus_one: bool, told: bool) -> tuple[Reading, ...]:
    """What people print instead of a percentage: points, the other base, a variation for a share."""
    if not minus_one:
        return (
            Reading(causes.VARIATION, lambda read: scale * (read(above) / read(below) - 1)),
            Reading(causes.WRONG_BASE, lambda read: scale * read(below) / read(above)),
        )
    return (
        Reading(causes.POINTS, lambda read: read(above) - read(below), is_told=told),
        Reading(causes.WRONG_BASE, lambda read: scale * (read(above) - read(below)) / read(above)),
        Reading(causes.ATTAINMENT, lambda read: scale * read(above) / read(below)),
    )


def ratio(source: Source) -> Iterator[Relation]:
    """A printed ratio is that of two figures: columns of its row, or sides with their own table and rows."""
    scale = HUNDRED if source.text("unit", "ratio") == "pct" else Fraction(1)
    if isinstance(source.arguments.get("stated"), str):
        stated = [Cell(source.table(), row, source.column("stated")) for row in source.rows()]
    else:
        stated = [source.side("stated").cell()]
    for cell in stated:
        above, below = _side(source, "numerator", cell), _side(source, "denominator", cell)
        yield from _printed(source, cell, above + below, _quotient(above, below, scale))


def _quotient(above: tuple[Cell, ...], below: tuple[Cell, ...], scale: Fraction) -> Formula:
    return lambda read: scale * sum(map(read, above), Fraction(0)) / sum(map(read, below), Fraction(0))


def _side(source: Source, name: str, stated: Cell) -> tuple[Cell, ...]:
    """The cells added up on one side of a ratio."""
    if isinstance(source.arguments.get(name), str):
        return (Cell(stated.table, stated.row, source.column(name, stated.table)),)
    side = source.side(name)
    if side.has("row"):
        return (side.cell(),)
    table, column, on = side.table(), side.column("column"), side.columns("on")
    rows = side.rows()
    if on:
        wanted = source.book.texts(stated.table, stated.row, on)
        rows = [row for row in rows if source.book.texts(table, row, on) == wanted]
    elif "where" not in side.arguments and table == stated.table:
        rows = [row for row in rows if row != stated.row]
    cells = tuple(Cell(table, row, column) for row in rows)
    if len(cells) > 1 and side.text("aggregate", "sum") != "sum":
        raise MisdeclaredIdentityError(f"{name}.aggregate", side.text("aggregate"), ["sum"])
    return tuple(cell for cell in cells if not source.book.is_blank(cell))


def product(source: Source) -> Iterator[Relation]:
    """A figure is the product of columns of its row and numbers, rounded as printed."""
    table, column = source.table(), source.column("stated")
    factors = source.words("factors")
    numbers = [figure for figure in map(exact, factors) if figure is not None]
    named = [name for name in factors if exact(name) is None]
    for name in named:
        if not source.book.has_column(table, name):
            raise MisdeclaredIdentityError("factors", name, source.book.tables[table].columns)
    constant = Fraction(1)
    for number in numbers:
        constant *= number
    for row in source.rows():
        parts = tuple(Cell(table, row, name) for name in named)
        yield from _printed(source, Cell(table, row, column), parts, _times(parts, constant))


def _times(parts: tuple[Cell, ...], constant: Fraction) -> Formula:
    def multiplied(read: Read) -> Fraction:
        figure = constant
        for part in parts:
            figure *= read(part)
        return figure

    return multiplied


def _printed(
    source: Source, stated: Cell, parts: tuple[Cell, ...], formula: Formula, readings: tuple[Reading, ...] = ()
) -> Iterator[Relation]:
    """A relation that holds when the stated cell prints the exact figure rounded; nothing where a cell is blank."""
    if not parts or any(source.book.is_blank(cell) for cell in (stated, *parts)):
        return
    fixed = source.decimals()
    yield Relation(
        identity=source.identity,
        family=Family.RATIO,
        at=stated,
        stated=stated,
        parts=parts,
        formula=formula,
        tolerance=source.identity.tolerance,
        decimals=decimals_of(source.book.text(stated)) if fixed is None else fixed,
        readings=readings,
    )


KINDS = (
    Kind(
        "percentage",
        percentage,
        ("table", "stated", "numerator", "denominator"),
        ("minus_one", "reverse", "points", "unit", "decimals"),
    ),
    Kind("ratio", ratio, ("stated", "numerator", "denominator"), ("table", "unit", "decimals")),
    Kind("ratio_of_sums", ratio, ("stated", "numerator", "denominator"), ("table", "unit", "decimals")),
    Kind("product", product, ("table", "stated", "factors"), ("decimals",)),
)
