"""Identities of synthetic indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import MisdeclaredIdentityError, Source
from piramide.methodology.checks.relations import Family, Formula, Read, Relation

Values = Mapping[str, Mapping[str, Cell]]
"""Cells by indicator and member."""


def weighted_index(source: Source) -> Iterator[Relation]:
    """An index is the weighted mean of each member's ratio to the mean of its cluster, which is 100 (R21).

    `table` holds one value in `column` per `member`, `indicator` and `cluster`; `weights` one weight per indicator (in
    any unit: they are divided by their sum); `stated` one index per member.
    """
    weights = _weights(source)
    stated = dict(_stated(source))
    total = sum(weights.values(), Fraction(0))
    for (cluster,), rows in source.groups((source.column("cluster"),)).items():
        values = _values(source, rows)
        missing = [name for name in weights if name not in values]
        if missing:
            raise MisdeclaredIdentityError("weights", missing[0], values)
        for member in next(iter(values.values())):
            if all(member in values[name] for name in weights) and member in stated:
                terms = {name: _term(values[name], weight / total, member) for name, weight in weights.items()}
                yield _index(source, stated[member], (cluster, member), terms, values)


def _weights(source: Source) -> dict[str, Fraction]:
    side = source.side("weights")
    table, column, name = side.table(), side.column("column"), side.column("indicator")
    weights: dict[str, Fraction] = {}
    for row in side.rows():
        cell = Cell(table, row, column)
        figure = side.book.figure(cell)
        if figure is None:
            raise MisdeclaredIdentityError("weights.column", side.book.text(cell))
        weights[side.book.text(Cell(table, row, name))] = figure
    if not sum(weights.values(), Fraction(0)):
        raise MisdeclaredIdentityError("weights")
    return weights


def _values(source: Source, rows: list[int]) -> Values:
    table, column = source.table(), source.column("column")
    found: dict[str, dict[str, Cell]] = {}
    for row in rows:
        member, indicator = source.book.texts(table, row, (source.column("member"), source.column("indicator")))
        found.setdefault(indicator, {})[member] = Cell(table, row, column)
    return found


def _stated(source: Source) -> Iterator[tuple[str, Cell]]:
    side = source.side("stated")
    table, column, member = side.table(), side.column("column"), side.column("member")
    for row in side.rows():
        cell = Cell(table, row, column)
        if not side.book.is_blank(cell):
            yield side.book.text(Cell(table, row, member)), cell


def _term(cells: Mapping[str, Cell], weight: Fraction, member: str) -> Formula:
    """What one indicator gives to the index of a member."""

    def term(read: Read) -> Fraction:
        return 100 * weight * read(cells[member]) * len(cells) / sum(map(read, cells.values()), Fraction(0))

    return term


def _total(terms: tuple[Formula, ...]) -> Formula:
    return lambda read: sum((term(read) for term in terms), Fraction(0))


def _index(
    source: Source, stated: Cell, group: tuple[str, ...], terms: Mapping[str, Formula], values: Values
) -> Relation:
    entered = {cell: term for name, term in terms.items() for cell in values[name].values()}
    return Relation(
        identity=source.identity,
        family=Family.RATIO,
        at=stated,
        stated=stated,
        parts=tuple(entered),
        formula=_total(tuple(terms.values())),
        tolerance=source.identity.tolerance,
        decimals=int(source.number("decimals", Fraction(2))),
        group=group,
        terms=entered,
    )


KINDS = (
    Kind(
        "weighted_index",
        weighted_index,
        ("table", "column", "member", "indicator", "cluster", "weights", "stated"),
        ("decimals",),
    ),
)
