"""Identities of plausibility: figures that should differ, be of one size, or be one of those printed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import Source
from piramide.methodology.checks.relations import Family, Formula, Read, Relation


def different_figures(source: Source) -> Iterator[Relation]:
    """Two figures that mean different things (what was done in a year, what is left at its end) are not the same."""
    left, right = source.side("left").cell(), source.side("right").cell()

    def other_figure(read: Read) -> Fraction:
        return read(left) - 1 if read(left) == read(right) else read(left)

    yield from _relation(source, Family.APART, left, (right,), other_figure, lambda read: read(right))


def comparable(source: Source) -> Iterator[Relation]:
    """A figure is at most `factor` times, and at least one `factor`-th of, another one or the median of its group.

    Either `left` and `right` name two cells, or every figure of `column` is compared with the median of its `group`.
    """
    factor = source.number("factor")
    if source.has("left"):
        left, right = source.side("left").cell(), source.side("right").cell()
        yield from _within(source, left, (right,), factor)
        return
    table, column = source.table(), source.column("column")
    for rows in source.groups(source.columns("group")).values():
        cells = tuple(Cell(table, row, column) for row in rows)
        printed = tuple(cell for cell in cells if source.book.figure(cell))
        for cell in printed:
            yield from _within(source, cell, printed, factor)


def _within(source: Source, cell: Cell, others: tuple[Cell, ...], factor: Fraction) -> Iterator[Relation]:
    def middle(read: Read) -> Fraction:
        return median(read(other) for other in others)

    def bounded(read: Read) -> Fraction:
        return min(max(read(cell), middle(read) / factor), middle(read) * factor)

    yield from _relation(source, Family.RANGE, cell, others, bounded, middle)


def one_of(source: Source) -> Iterator[Relation]:
    """The figure on the left is one of those in the column `among`, whichever it is."""
    cell, side = source.side("left").cell(), source.side("among")
    table, column = side.table(), side.column("column")
    cells = tuple(Cell(table, row, column) for row in side.rows())
    others = tuple(other for other in cells if not source.book.is_blank(other))

    def nearest(read: Read) -> Fraction:
        return min(map(read, others), key=lambda figure: abs(figure - read(cell)))

    yield from _relation(source, Family.AMONG, cell, others, nearest, nearest)


def _relation(
    source: Source, family: Family, cell: Cell, others: tuple[Cell, ...], formula: Formula, reference: Formula
) -> Iterator[Relation]:
    if others and not any(source.book.is_blank(one) for one in (cell, *others)):
        yield Relation(
            identity=source.identity,
            family=family,
            at=cell,
            stated=cell,
            parts=others,
            formula=formula,
            tolerance=source.identity.tolerance,
            reference=reference,
        )


KINDS = (
    Kind("different_figures", different_figures, ("left", "right")),
    Kind("comparable", comparable, ("factor",), ("table", "column", "group", "left", "right")),
    Kind("one_of", one_of, ("left", "among")),
)
