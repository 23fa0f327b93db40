"""Identities of synthetic indices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import Source
from piramide.methodology.checks.relations import Family, Formula, Relation


def weighted_index(source: Source) -> Iterator[Relation]:
    """An index is the weighted mean of each member's ratio to the mean of its cluster, which is 100 (R21).

    `table` holds one `column` value per `member`, `indicator` and `cluster`; `weights` one weight per indicator
    (any unit: they are divided by their sum); `stated` one index per member. Weights and index are joined on the
    texts of the columns of the same role, whose names their own side may give (`indicator`, `member`).
    """
    weights = _weights(source)
    total = sum(weights.values(), Fraction(0))
    clusters = source.groups((source.column("cluster"),))
    for (cluster,), rows in clusters.items():
        values = _values(source, rows)
        members = tuple(dict.fromkeys(member for member, _ in values))
        shares = {name: weight / total / _mean(values, members, name, source) for name, weight in weights.items()}
        for stated, member in _stated(source):
            if member in members:
                parts = tuple((values[member, name], share) for name, share in shares.items())
                yield _index(source, stated, parts, (cluster, member))


def _weights(source: Source) -> dict[str, Fraction]:
    side = source.side("weights")
    table, column, name = side.table(), side.column("column"), side.column("indicator")
    found = {side.book.text(Cell(table, row, name)): side.book.figure(Cell(table, row, column)) for row in side.rows()}
    return {name: weight for name, weight in found.items() if weight}


def _values(source: Source, rows: list[int]) -> dict[tuple[str, str], Cell]:
    table = source.table()
    member, indicator, column = source.column("member"), source.column("indicator"), source.column("column")
    keyed = {}
    for row in rows:
        who, what = source.book.texts(table, row, (member, indicator))
        keyed[who, what] = Cell(table, row, column)
    return keyed


def _mean(values: dict[tuple[str, str], Cell], members: tuple[str, ...], name: str, source: Source) -> Fraction:
    figures = [source.book.figure(values[member, name]) or Fraction(0) for member in members]
    return sum(figures, Fraction(0)) / len(figures) / 100


def _stated(source: Source) -> Iterator[tuple[Cell, str]]:
    side = source.side("stated")
    table, column, member = side.table(), side.column("column"), side.column("member")
    for row in side.rows():
        yield Cell(table, row, column), side.book.text(Cell(table, row, member))


def _index(source: Source, stated: Cell, parts: tuple[tuple[Cell, Fraction], ...], group: tuple[str, ...]) -> Relation:
    return Relation(
        identity=source.identity,
        family=Family.RATIO,
        at=stated,
        stated=stated,
        parts=tuple(cell for cell, _ in parts),
        formula=_weighted(parts),
        tolerance=source.identity.tolerance,
        decimals=int(source.number("decimals", Fraction(2))),
        group=group,
    )


def _weighted(parts: tuple[tuple[Cell, Fraction], ...]) -> Formula:
    return lambda read: sum((share * read(cell) for cell, share in parts), Fraction(0))


KINDS = (
    Kind(
        "weighted_index",
        weighted_index,
        ("table", "column", "member", "indicator", "cluster", "weights", "stated"),
        ("decimals",),
    ),
)
