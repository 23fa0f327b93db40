"""The targets of later years: `years.csv`, one row a node and a year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from piramide.kernel.findings import refuse
from piramide.methodology.loading.csv_text import Row
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.stated_rows import Keyed, Nodes, cited, named, stated_rows
from piramide.methodology.model import Sheet
from piramide.methodology.years import YearTarget, YearTargets

COLUMNS: Final = ("structure", "node", "year", "target", "target_rule", "printed")
_LAST: Final = 2999


def read_years(files: PackFiles, structures: Collection[str], sheets: Mapping[str, Sheet], year: int) -> YearTargets:
    """The targets of the years after `year`; none where the pack has no such file."""
    leaves = {name: {node.id for node in sheet.leaves()} for name, sheet in sheets.items()}
    found: dict[tuple[str, str], list[YearTarget]] = {}
    for target in stated_rows(files, "years.csv", COLUMNS, lambda row: _target(row, structures, leaves, year)):
        found.setdefault((target.structure, target.node), []).append(target)
    return {key: tuple(sorted(targets, key=lambda one: one.year)) for key, targets in found.items()}


def _target(row: Row, structures: Collection[str], leaves: Nodes, year: int) -> Keyed[YearTarget]:
    structure, node = named(row, structures, leaves)
    given = row.required("year")
    if not given.isascii() or not given.isdecimal() or not year < int(given) <= _LAST:
        raise refuse("PL096", row.place("year"), node, given=given, year=str(year))
    figure, rule = row.number("target"), row["target_rule"]
    if figure is None and not rule:
        raise refuse("PL023", row.place("target"), column="target")
    if figure is not None and rule:
        raise refuse("PL097", row.place("target"), node, year=given, target=row["target"], formula=rule)
    target = YearTarget(structure, node, int(given), figure, rule, row["printed"], cited(row), row.place())
    return target.key, target
