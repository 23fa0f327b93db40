"""Groups of rows judged one by one at each moment, and what structures add up of them (R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from piramide.kernel.periods import FINAL, Moment
from piramide.measurement.cube.cube import Integers
from piramide.measurement.cube.months import Flags, place_of
from piramide.measurement.engines.duckdb_engine import answer
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.groups import CLOSING, ESTIMATED, MONTH, STATED, STRUCTURE, FoldedGroups, GroupPlan
from piramide.measurement.ledger.store import Load
from piramide.measurement.measures.conditions import Condition
from piramide.measurement.measures.fields import ENTRIES
from piramide.measurement.measures.groups import Asked, GroupRule
from piramide.measurement.values.tree import Floats, Tree
from piramide.methodology.model import Pack

_AT: Final = "place"


@dataclass(frozen=True, slots=True)
class GroupOf:
    """A group of a structure: `office` is the position of the structure in the codes of the ledger."""

    office: int
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class JudgedGroups:
    """Every group that a rule looks at, at some moments; arrays are (groups, moments).

    `sums` are by column, times ten to its scale. `stated`: rows stand; `judged` and `passed` are true of those alone.
    `asked` is what is due at each moment. `apart` are the groups of rows that the table of the rule does not list,
    `ever` the offices that have rows at all.
    """

    rule: GroupRule
    asked: tuple[Asked | None, ...]
    groups: tuple[GroupOf, ...]
    sums: Mapping[str, Integers]
    stated: Flags
    estimated: Flags
    judged: Flags
    passed: Flags
    apart: tuple[tuple[str, ...], ...] = ()
    ever: frozenset[int] = frozenset()

    def amount(self, column: str, place: int, moment: int) -> Decimal:
        """A column of a group as the dataset states it."""
        scale = next(known.scale for known in self.rule.columns if known.name == column)
        return Decimal(int(self.sums[column][place, moment])).scaleb(-scale)

    def weights(self) -> Integers:
        """What each judged group counts: one, or its amount."""
        column = self.rule.groups.amount
        return self.sums[column] if column else np.ones(self.judged.shape, np.int64)

    @property
    def unit(self) -> int:
        """What the weights are divided by."""
        column = self.rule.groups.amount
        return next((10**known.scale for known in self.rule.columns if known.name == column), 1)

    def totals(self, tree: Tree, *, passed_alone: bool) -> Floats:
        """By structure and moment, what passed, or all that was judged; NaN where no row stands behind it."""
        weights = np.where(self.judged, self.weights(), 0)
        whole = tree.gathered(self._by_office(weights, tree))
        held = tree.gathered(self._by_office(np.where(self.passed, weights, 0), tree))
        if self.rule.groups.scored_by == "all":
            failed = tree.gathered(self._by_office((self.judged & ~self.passed).astype(np.int64), tree))
            whole, held = (whole > 0).astype(np.int64), ((whole > 0) & (failed == 0)).astype(np.int64)
        total = (held if passed_alone else whole) / self.unit
        total[~tree.any(self._by_office(self.stated.astype(np.int64), tree) > 0)] = np.nan
        return np.asarray(total)

    def counts(self, tree: Tree, structure: int, until: int) -> list[str]:
        """How many groups passed of those judged at each checkpoint that is due by a moment: `Q1 22/23`."""
        offices = set(tree.offices[tree.totals == structure].tolist())
        mine = np.array([known.office in offices for known in self.groups], np.bool_)
        told: dict[str, str] = {}
        for place, due in enumerate(self.asked[: until + 1]):
            judged = int(self.judged[mine, place].sum())
            if due is not None and judged:
                told[due.checkpoint] = f"{due.checkpoint} {int(self.passed[mine, place].sum())}/{judged}"
        return list(told.values())

    def delivered(self, tree: Tree) -> tuple[Floats, Flags]:
        """Which offices stated anything of what is due, by moment; and which ever did."""
        shares = self._by_office(self.stated.astype(np.int64), tree) > 0
        ever = np.zeros(len(tree.holders), np.bool_)
        ever[sorted(self.ever)] = True
        return shares.astype(np.float64), ever

    def with_estimates(self, tree: Tree) -> Flags:
        """Structures among whose judged groups some hold estimates, by moment."""
        return tree.any(self._by_office((self.judged & self.estimated).astype(np.int64), tree) > 0)

    def _by_office(self, amounts: Integers, tree: Tree) -> Integers:
        answer = np.zeros((len(tree.holders), len(self.asked)), np.int64)
        np.add.at(answer, np.array([known.office for known in self.groups], np.intp), amounts)
        return answer


@dataclass(frozen=True, slots=True)
class GroupCubes:
    """The rules of a pack and where the sums of their groups are; `structures` are the codes of the ledger."""

    rules: Mapping[str, GroupRule] = field(default_factory=dict)
    folded: Mapping[GroupPlan, FoldedGroups] = field(default_factory=dict)
    structures: tuple[str, ...] = ()

    def offices(self) -> set[int]:
        """Structures of the ledger that any group is of."""
        files = (file for item in self.folded.values() for file in item.files())
        return {int(office) for file in files for office in file.table[STRUCTURE].unique().to_pylist()}

    def loads(self, rule: str) -> tuple[Load, ...]:
        """The loads that a rule reads."""
        folded = self.folded.get(GroupPlan.of(self.rules[rule]))
        return folded.loads if folded else ()

    def judged(self, rule: str, pack: Pack, tree: Tree, moments: Sequence[Moment]) -> JudgedGroups | None:
        """The groups that a rule judges; nothing where no row of its dataset has been loaded."""
        stated = self.rules[rule]
        folded = self.folded.get(GroupPlan.of(stated))
        return None if folded is None else judged_groups(stated, folded, pack, tree, self.structures, moments)


@dataclass(slots=True)
class _Rows:
    """The rows of some years of the cube of groups, all loads added up: sums by group and month."""

    by: Sequence[str]
    columns: Sequence[str]
    years: frozenset[int]
    offices: set[int] = field(default_factory=set)
    sums: dict[tuple[GroupOf, int], dict[str, int]] = field(default_factory=dict)

    def add(self, table: pa.Table) -> None:
        names = (STATED, ESTIMATED, *self.columns)
        for row in table.to_pylist():
            year, month = divmod(row[MONTH], 12)
            self.offices.add(row[STRUCTURE])
            if year not in self.years:
                continue
            place = place_of(year, FINAL if row[CLOSING] else month + 1)
            key = GroupOf(row[STRUCTURE], tuple(row[name] for name in self.by)), place
            kept = self.sums.setdefault(key, dict.fromkeys(names, 0))
            for name in names:
                kept[name] += row[name]

    def of(self, group: GroupOf, month: Moment) -> dict[str, int] | None:
        """What stands of a group in a month; of a final year the closing, or else December."""
        months = [month.month, *([FINAL - 1] if month.is_final else [])]
        found = (self.sums.get((group, place_of(month.year, number))) for number in months)
        return next((row for row in found if row is not None and row[STATED] > 0), None)


def judged_groups(
    rule: GroupRule, folded: FoldedGroups, pack: Pack, tree: Tree, structures: Sequence[str], moments: Sequence[Moment]
) -> JudgedGroups:
    """Judge every group that a rule looks at; `structures` are those of the codes of the ledger."""
    rows = _Rows(rule.by, [column.name for column in rule.columns], frozenset(moment.year for moment in moments))
    for file in folded.files():
        rows.add(file.table)
    holding = _offices(rule, tree, structures)
    listed = rule.listed
    known = sorted({group for group, _ in rows.sums if group.office in holding}, key=lambda g: (g.office, g.group))
    looked = [one for one in known if listed is None or listed & {("", *one.group), (holding[one.office], *one.group)}]
    apart = tuple(sorted({one.group for one in set(known) - set(looked)}))
    asked = tuple(rule.asked(moment, pack) for moment in moments)
    found = [[rows.of(one, due.month) if due else None for due in asked] for one in looked]
    shape = (len(looked), len(asked))

    def array(name: str) -> Integers:
        return np.array([[row[name] if row else 0 for row in line] for line in found], np.int64).reshape(shape)

    sums = {column.name: array(column.name) for column in rule.columns}
    stated = array(STATED) > 0
    passed, judged = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for place, due in enumerate(asked):
        if due is not None and looked:
            column = {name: amounts[:, place] for name, amounts in sums.items()}
            judged[:, place] = stated[:, place] & (_true(due.judged, column) if due.judged else True)
            passed[:, place] = judged[:, place] & _true(due.holds, column)
    ever = frozenset(rows.offices & holding.keys())
    estimated = array(ESTIMATED) > 0
    return JudgedGroups(rule, asked, tuple(looked), sums, stated, estimated, judged, passed, apart, ever)


def _offices(rule: GroupRule, tree: Tree, structures: Sequence[str]) -> dict[int, str]:
    """Offices of the ledger that stand on the day for a structure whose sheet holds the rule, with its id."""
    held = {int(office): tree.ids[tree.holders[office]] for office in np.flatnonzero(tree.holders >= 0)}
    return {
        office: structures[office] if structures[office] in rule.structures else holder
        for office, holder in held.items()
        if holder in rule.structures or structures[office] in rule.structures
    }


def _true(condition: Condition, columns: Mapping[str, Any]) -> Flags:
    """Where a condition holds, in exact integers; what it cannot say is not true."""
    count = len(next(iter(columns.values())))
    table = pa.table({_AT: np.arange(count), **{name: pa.array(values) for name, values in columns.items()}})
    wide = ", ".join(f'CAST("{name}" AS HUGEINT) AS "{name}"' for name in columns)
    text = (
        f'SELECT COALESCE({condition.sql}, FALSE) AS holds FROM (SELECT "{_AT}", {wide} FROM groups) AS "{ENTRIES}" '  # noqa: S608 - a checked condition
        f'ORDER BY "{ENTRIES}"."{_AT}"'
    )
    return np.asarray(answer(Query(text, tables={"groups": table}))["holds"].to_numpy(), np.bool_)
