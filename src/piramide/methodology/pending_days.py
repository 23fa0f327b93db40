"""How many days of receipts may be left: what a plan says of each group of families, for every office."""

from __future__ import annotations

from fractions import Fraction

from piramide.kernel.findings import Place
from piramide.kernel.numbers import parse_machine
from piramide.methodology.model import Pack


def pending_days(pack: Pack, group: str) -> dict[str, Fraction]:
    """The days of a group by structure; a structure that is not there has no target.

    One number holds for every office of the ladder; else a table states them by structure, or the sheet of each does.
    Refuses a cell of the table that is no number.
    """
    target = pack.planning.groups[group].target
    if target.days is not None:
        return dict.fromkeys(pack.planning.ladder, target.days)
    if target.table:
        table = pack.tables[target.table]
        structure, column = table.columns.index("structure"), table.columns.index(target.column)
        return {
            row[structure]: parse_machine(row[column], Place(table.path, line, target.column))
            for row, line in zip(table.rows, table.lines, strict=True)
            if row[column]
        }
    leaves = ((name, leaf) for name, sheet in pack.sheets.items() for leaf in sheet.leaves())
    return {name: leaf.target for name, leaf in leaves if leaf.id == target.node and leaf.target is not None}
