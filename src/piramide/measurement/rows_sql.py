"""The query that finds the rows of the ledger behind a figure: whole, so that anybody can run it in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from piramide.kernel.periods import FINAL, Moment
from piramide.measurement.contract import contract
from piramide.measurement.fold.fold import Folded
from piramide.measurement.ledger.store import Load
from piramide.measurement.measures.fields import ENTRIES, LINES
from piramide.measurement.measures.groups import GroupRule
from piramide.measurement.measures.plan import Compiled

_OFFICES: Final = {"competence": ("competence",), "work": ("work",), "own": ("competence",)}


def rows_query(
    item: Folded,
    compiled: Compiled,
    offices: Sequence[int],
    months: tuple[int, int],
    parts: Sequence[Sequence[int]] = (),
) -> str:
    """Rows of a dataset that a measure counts for some offices, from the first to the last of `months`, included.

    With `parts`, groups of offices, rows whose two offices are in the same group are left out.
    """
    conditions = [
        f'"{ENTRIES}"."month" BETWEEN {months[0]} AND {months[1]}',
        _counted_for(item, compiled, offices),
        compiled.where,
        _across(parts),
    ]
    products = _products(item, compiled) if item.plan.is_work else ""
    order = f'"{ENTRIES}"."day", "{ENTRIES}"."case"' if item.plan.is_work else f'"{ENTRIES}"."month"'
    kept = " AND ".join(f"({condition})" for condition in conditions if condition != "TRUE")
    source = f"{_from(item.loads)}{products}"
    return f'SELECT "{ENTRIES}".* {source} WHERE {kept} ORDER BY {order}'


def groups_query(
    rule: GroupRule, loads: Sequence[Load], offices: Sequence[int], moment: Moment, groups: Sequence[tuple[str, ...]]
) -> str:
    """Rows of the groups that a rule judges for some offices at a checkpoint; of a final year the closing too."""
    month = moment.year * 12 + min(moment.month, FINAL - 1) - 1
    conditions = [
        f'"{ENTRIES}"."month" = {month}',
        f'"{ENTRIES}"."{rule.structure}" {_inside(offices)}',
        *([] if moment.is_final or "closing" not in contract(rule.dataset).names else [f'NOT "{ENTRIES}"."closing"']),
    ]
    for at, name in enumerate(rule.by):
        values = ", ".join(_literal(text) for text in sorted({group[at] for group in groups}))
        conditions.append(f'"{ENTRIES}"."{name}" IN ({values or "NULL"})')
    kept = " AND ".join(f"({condition})" for condition in conditions)
    names = ", ".join(f'"{ENTRIES}"."{name}"' for name in (rule.structure, *rule.by))
    return f'SELECT "{ENTRIES}".* {_from(loads)} WHERE {kept} ORDER BY {names}'


def _from(loads: Sequence[Load]) -> str:
    files = ", ".join(f"'{str(load.proven_entries).replace(chr(39), chr(39) * 2)}'" for load in loads)
    return f'FROM read_parquet([{files}]) AS "{ENTRIES}"'


def _inside(offices: Sequence[int]) -> str:
    return f"IN ({', '.join(map(str, sorted(offices)))})" if offices else "IN (NULL)"


def _counted_for(item: Folded, compiled: Compiled, offices: Sequence[int]) -> str:
    """The condition that a row counts for one of the offices under the credit rule of the measure."""
    inside = _inside(offices)
    if not item.plan.is_work:
        return f'"{ENTRIES}"."structure" {inside}'
    columns = _OFFICES.get(compiled.measure.credit, ("competence", "work"))
    own = f' AND "{ENTRIES}"."competence" = "{ENTRIES}"."work"' if compiled.measure.credit == "own" else ""
    return " OR ".join(f'"{ENTRIES}"."{column}" {inside}' for column in columns) + own


def _across(parts: Sequence[Sequence[int]]) -> str:
    """The condition that the two offices of a row are not in the same group."""
    if not parts:
        return "TRUE"
    pairs = ", ".join(f"({office}, {number})" for number, part in enumerate(parts) for office in part)
    side = '(SELECT "part" FROM (VALUES {pairs}) AS "p"("office", "part") WHERE "office" = "{entries}"."{column}")'
    sides = (side.format(pairs=pairs, entries=ENTRIES, column=column) for column in ("competence", "work"))
    return " <> ".join(sides)


def _products(item: Folded, compiled: Compiled) -> str:
    """The versions of products that the measure keeps, where it asks anything of products."""
    read = tuple(name for name in item.lines.read if f'"{LINES}"."{name}"' in compiled.where)
    if not compiled.lines and not read:
        return ""
    names = item.lines.names
    kept = [
        row
        for row in item.lines.table.to_pylist()
        if all(names[row["line_number"]][position] == "1" for position in compiled.lines)
    ]
    columns = ("product", "since", "until", *read)
    values = ", ".join(f"({', '.join(_literal(row[name]) for name in columns)})" for row in kept)
    values = values or f"({', '.join(['NULL'] * len(columns))})"
    listed = ", ".join(f'"{name}"' for name in columns)
    is_pending = compiled.measure.entry == "pending"
    day, product = f'"{ENTRIES}"."{"received_on" if is_pending else "day"}"', f'"{ENTRIES}"."product"'
    dated = f' AND {day} >= "{LINES}"."since"::DATE AND {day} < "{LINES}"."until"::DATE'
    joined = dated if item.lines.is_dated else ""
    return f' JOIN (VALUES {values}) AS "{LINES}"({listed}) ON {product} = "{LINES}"."product"{joined}'


def _literal(cell: object) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, bool | int):
        return str(cell)
    return "'" + str(cell).replace("'", "''") + "'"
