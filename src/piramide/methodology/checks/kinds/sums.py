"""Identities that are sums: of a tree, of a group, of a column, of a row, of weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from piramide.methodology.checks.cells import Cell
from piramide.methodology.checks.kinds.kind import Kind
from piramide.methodology.checks.kinds.source import Source
from piramide.methodology.checks.relations import Family, Relation, signed_sum

ONE = Fraction(1)


def tree_sum(source: Source) -> Iterator[Relation]:
    """A parent is the signed sum of its children; the tree repeats inside the columns of `within`."""
    row_column, parent_column = source.column("row"), source.column("parent")
    sign_column = source.column("sign") if source.has("sign") else ""
    table = source.table()
    for group, rows in source.groups(source.columns("within")).items():
        by_name = {source.book.text(Cell(table, row, row_column)): row for row in rows}
        children: dict[str, list[int]] = {}
        for row in rows:
            children.setdefault(source.book.text(Cell(table, row, parent_column)), []).append(row)
        for parent, below in children.items():
            if parent in by_name:
                signs = [_sign(source, table, row, sign_column) for row in below]
                for column in source.columns("columns"):
                    stated = Cell(table, by_name[parent], column)
                    yield from sum_of(source, stated, [Cell(table, row, column) for row in below], signs, group)


def _sign(source: Source, table: str, row: int, column: str) -> Fraction:
    return (source.book.figure(Cell(table, row, column)) or ONE) if column else ONE


def parts_sum(source: Source) -> Iterator[Relation]:
    """The rows of a group add up to its total row: those of `parts`, or all the others."""
    table, total = source.table(), source.choice("total")
    totals = set(source.book.rows(table, total, {}))
    chosen = set(source.book.rows(table, source.choice("parts"), {}))
    for group, rows in source.groups(source.columns("within")).items():
        for total_row in (row for row in rows if row in totals):
            parts = [row for row in rows if row != total_row and row in chosen]
            for column in source.columns("columns"):
                signs = [_group_sign(source, table, row) for row in parts]
                yield from sum_of(
                    source, Cell(table, total_row, column), [Cell(table, r, column) for r in parts], signs, group
                )


def _group_sign(source: Source, table: str, row: int) -> Fraction:
    if not source.has("signs"):
        return ONE
    signs = source.side("signs")
    named_by = next(iter(source.choice("total")), source.book.tables[table].key[0])
    for name in (source.book.text(Cell(table, row, named_by)), source.book.key(table, row)):
        if signs.has(name):
            return signs.number(name)
    return ONE


def table_sum(source: Source) -> Iterator[Relation]:
    """The sum of a column equals one figure stated elsewhere."""
    column, total = source.column("column"), source.side("total")
    parts = [Cell(source.table(), row, column) for row in source.rows()]
    if total.has("value"):
        yield from sum_of(source, None, parts, [ONE] * len(parts), printed=total.number("value"))
    else:
        stated = total.cell()
        parts = [cell for cell in parts if cell != stated]
        yield from sum_of(source, stated, parts, [ONE] * len(parts))


def regions_sum(source: Source) -> Iterator[Relation]:
    """Regions add up to their nation: `members`, or every other row of the group."""
    table, structure, nation = source.table(), source.column("structure"), source.text("nation", "nazionale")
    members = frozenset(source.words("members"))
    for group, rows in source.groups(source.columns("within")).items():
        names = {row: source.book.text(Cell(table, row, structure)) for row in rows}
        for total in (row for row in rows if names[row] == nation):
            parts = [row for row in rows if row != total and (not members or names[row] in members)]
            for column in source.columns("columns"):
                stated = Cell(table, total, column)
                yield from sum_of(source, stated, [Cell(table, r, column) for r in parts], [ONE] * len(parts), group)


def row_sum(source: Source) -> Iterator[Relation]:
    """Columns of a row add up to another column of the row."""
    table, total, columns = source.table(), source.column("total"), source.columns("columns")
    signs = source.side("signs") if source.has("signs") else None
    weights = [signs.number(column, ONE) if signs else ONE for column in columns]
    for row in source.rows():
        yield from sum_of(source, Cell(table, row, total), [Cell(table, row, column) for column in columns], weights)


def group_sum(source: Source) -> Iterator[Relation]:
    """Consecutive rows under one merged cell add up to the total printed beside the merged cell.

    A row opens a group where `group` is printed; the rows below belong to it until the next one.
    """
    table, column, total, group = (
        source.table(),
        source.column("column"),
        source.column("total"),
        source.column("group"),
    )
    blocks: list[list[int]] = []
    for row in source.rows():
        if not blocks or not source.book.is_blank(Cell(table, row, group)):
            blocks.append([])
        blocks[-1].append(row)
    for rows in blocks:
        parts = [Cell(table, row, column) for row in rows]
        stated = next((Cell(table, r, total) for r in rows if not source.book.is_blank(Cell(table, r, total))), None)
        if stated:
            name = source.book.text(Cell(table, rows[0], group))
            yield from sum_of(source, stated, parts, [ONE] * len(parts), (name,))


def weights_sum(source: Source) -> Iterator[Relation]:
    """Weights of a group sum to `total` (1, or 100 where the table prints per cent).

    With `distinct` a weight repeated on every row of a sub-group counts once.
    """
    table, column = source.table(), source.column("column")
    distinct = source.columns("distinct")
    for group, rows in source.groups(source.columns("group")).items():
        once = {source.book.texts(table, row, distinct) if distinct else str(row): row for row in reversed(rows)}
        parts = [Cell(table, row, column) for row in sorted(once.values())]
        for relation in sum_of(source, None, parts, [ONE] * len(parts), group, printed=source.number("total", ONE)):
            yield replace(relation, family=Family.WEIGHTS)


def sum_of(
    source: Source,
    stated: Cell | None,
    parts: list[Cell],
    signs: Iterable[Fraction],
    group: tuple[str, ...] = (),
    *,
    printed: Fraction = Fraction(0),
) -> Iterator[Relation]:
    """One signed sum, over the parts that are printed; nothing where the total or every part is blank."""
    pairs = [(part, sign) for part, sign in zip(parts, signs, strict=True) if not source.book.is_blank(part)]
    if not pairs or (stated is not None and source.book.is_blank(stated)):
        return
    cells, coefficients = tuple(part for part, _ in pairs), tuple(sign for _, sign in pairs)
    yield Relation(
        identity=source.identity,
        family=Family.SUM,
        at=stated or cells[0],
        stated=stated,
        parts=cells,
        formula=signed_sum(cells, coefficients),
        coefficients=coefficients,
        printed=printed,
        tolerance=source.identity.tolerance,
        group=tuple(name for name in group if name),
    )


KINDS = (
    Kind("tree_sum", tree_sum, ("table", "columns", "row", "parent"), ("sign", "within")),
    Kind("parts_sum", parts_sum, ("table", "columns", "total"), ("parts", "within", "signs")),
    Kind("table_sum", table_sum, ("table", "column", "total")),
    Kind("regions_sum", regions_sum, ("table", "columns", "structure"), ("nation", "members", "within")),
    Kind("row_sum", row_sum, ("table", "columns", "total"), ("signs",)),
    Kind("group_sum", group_sum, ("table", "column", "total", "group")),
    Kind("weights_sum", weights_sum, ("table", "column"), ("group", "distinct", "total")),
    Kind("shares_sum", weights_sum, ("table", "column"), ("group", "distinct", "total")),
)
