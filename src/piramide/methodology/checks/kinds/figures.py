"""Identities of single figures: the same in two places, counts of rows, bounds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import MisdeclaredIdentityError, Source
from piramide.methodology.checks.relations import Family, Formula, Read, Relation


def same_figure(source: Source) -> Iterator[Relation]:
    """The figure on the left, times `scale`, is printed again on the right.

    Sides are joined on the texts of their `on` columns, or each names one cell by `row`; the right side may also be
    a `value`.
    """
    left, right = source.side("left"), source.side("right")
    scale = source.number("scale", Fraction(1))
    if right.has("value"):
        value = right.number("value")
        yield from _same(source, left.cell(), (), lambda _read: value, ())
        return
    matches = _keyed(right)
    for key, stated in _keyed(left).items():
        other = matches.get(key)
        if other is not None and stated != other:
            yield from _same(source, stated, (other,), _scaled(other, 1 / scale), key)


def _scaled(cell: Cell, scale: Fraction) -> Formula:
    return lambda read: read(cell) * scale


def _keyed(side: Source) -> dict[tuple[str, ...], Cell]:
    """The cells of one side by the texts they are joined on."""
    table, column = side.table(), side.column("column")
    if side.has("row"):
        return {(): side.cell()}
    on = side.columns("on")
    if not on:
        raise MisdeclaredIdentityError(side.path + "on")
    return {side.book.texts(table, row, on): Cell(table, row, column) for row in side.rows()}


def _same(
    source: Source, stated: Cell, parts: tuple[Cell, ...], formula: Formula, group: tuple[str, ...]
) -> Iterator[Relation]:
    if any(source.book.is_blank(cell) for cell in (stated, *parts)):
        return
    yield Relation(
        identity=source.identity,
        family=Family.SAME,
        at=stated,
        stated=stated,
        parts=parts,
        formula=formula,
        tolerance=source.identity.tolerance,
        group=group,
    )


def count(source: Source) -> Iterator[Relation]:
    """A stated count is the number of rows, or of different texts in the columns of `distinct`.

    `stated` is a `value`, one cell, or a column that repeats the count on every row of its `group`.
    """
    table = source.table()
    if isinstance(source.arguments.get("stated"), str):
        column = source.column("stated")
        for group, rows in source.groups(source.columns("group")).items():
            first = next(
                (Cell(table, r, column) for r in rows if not source.book.is_blank(Cell(table, r, column))), None
            )
            if first:
                yield _counted(source, first, first, Fraction(0), rows, group)
        return
    rows, stated = source.rows(), source.side("stated") if source.has("stated") else source
    first_row = Cell(table, rows[0] if rows else 0, source.book.tables[table].columns[0])
    if stated.has("value"):
        yield _counted(source, None, first_row, stated.number("value"), rows, ())
    else:
        yield _counted(source, stated.cell(), stated.cell(), Fraction(0), rows, ())


def _counted(
    source: Source, stated: Cell | None, at: Cell, printed: Fraction, rows: list[int], group: tuple[str, ...]
) -> Relation:
    distinct = source.columns("distinct")
    table = source.table()
    number = Fraction(len({source.book.texts(table, row, distinct) for row in rows}) if distinct else len(rows))
    return Relation(
        identity=source.identity,
        family=Family.COUNT,
        at=at,
        stated=stated,
        parts=(),
        formula=lambda _read: number,
        printed=printed,
        tolerance=source.identity.tolerance,
        group=group,
    )


def floor(source: Source) -> Iterator[Relation]:
    """A figure never falls below `least`, nor rises above `most`."""
    least = source.number("least") if source.has("least") else None
    most = source.number("most") if source.has("most") else None
    for column in source.columns("column"):
        for row in source.rows():
            cell = Cell(source.table(), row, column)
            yield from _bounded(source, cell, (), _clamped(cell, least, most))


def _clamped(cell: Cell, least: Fraction | None, most: Fraction | None) -> Formula:
    def bounded(read: Read) -> Fraction:
        figure = read(cell)
        figure = figure if least is None else max(figure, least)
        return figure if most is None else min(figure, most)

    return bounded


def between(source: Source) -> Iterator[Relation]:
    """A mean lies between the least and the greatest of its parts (`row` names a row, `parent` the mean it enters)."""
    table, row_column, parent_column = source.table(), source.column("row"), source.column("parent")
    for group, rows in source.groups(source.columns("within")).items():
        by_name = {source.book.text(Cell(table, row, row_column)): row for row in rows}
        below: dict[str, list[int]] = {}
        for row in rows:
            below.setdefault(source.book.text(Cell(table, row, parent_column)), []).append(row)
        for parent in (name for name in below if name in by_name):
            for column in source.columns("columns"):
                stated = Cell(table, by_name[parent], column)
                cells = [Cell(table, row, column) for row in below[parent]]
                parts = tuple(cell for cell in cells if not source.book.is_blank(cell))
                if parts:
                    yield from _bounded(source, stated, parts, _within(stated, parts), group)


def _within(stated: Cell, parts: tuple[Cell, ...]) -> Formula:
    def bounded(read: Read) -> Fraction:
        figures = [read(part) for part in parts]
        return min(max(read(stated), min(figures)), max(figures))

    return bounded


def _bounded(
    source: Source, stated: Cell, parts: tuple[Cell, ...], formula: Formula, group: tuple[str, ...] = ()
) -> Iterator[Relation]:
    if not source.book.is_blank(stated):
        yield Relation(
            identity=source.identity,
            family=Family.BOUND,
            at=stated,
            stated=stated,
            parts=(*parts, stated),
            formula=formula,
            tolerance=source.identity.tolerance,
            group=group,
        )


KINDS = (
    Kind("same_figure", same_figure, ("left", "right"), ("scale",)),
    Kind("count", count, ("table", "stated"), ("group", "distinct")),
    Kind("floor", floor, ("table", "column"), ("least", "most")),
    Kind("between", between, ("table", "columns", "row", "parent"), ("within",)),
)
