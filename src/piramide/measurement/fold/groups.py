"""Folding of groups: the columns of a dataset added up by structure, group and month, a cube of their own (R22)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from piramide.measurement.contract import Column, ColumnType, contract
from piramide.measurement.cube.files import CubeFile, CubeFolder
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.query import ROWS
from piramide.measurement.ledger.store import Ledger, Load
from piramide.measurement.measures.fields import ENTRIES
from piramide.measurement.measures.groups import GroupRule

STRUCTURE: Final = "office"
MONTH: Final = "month"
CLOSING: Final = "closing"
STATED: Final = "stated"
ESTIMATED: Final = "estimated"
_NO_PRODUCTS: Final = "[]"
_NO_LINES: Final = ("",)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What is added up of a dataset: its `columns`, for each value of the structure, of `by`, of the month."""

    dataset: str
    structure: str
    by: tuple[str, ...]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, rule: GroupRule) -> GroupPlan:
        """The plan of a rule; rules over the same groups and columns share it."""
        return cls(rule.dataset, rule.structure, rule.by, rule.columns)

    @property
    def schema(self) -> pa.Schema:
        """Columns of the cube: keys, rows that stand, estimates among them, amounts times ten to their scale."""
        keys = {
            STRUCTURE: pa.int32(),
            **{name: pa.string() for name in self.by},
            MONTH: pa.int32(),
            CLOSING: pa.bool_(),
        }
        sums = dict.fromkeys((STATED, ESTIMATED, *(column.name for column in self.columns)), pa.int64())
        return pa.schema(list((keys | sums).items()))

    @property
    def sql(self) -> str:
        """The query of one load; a row taken back counts minus."""
        agreed = contract(self.dataset)
        sign = _stored("sign")
        keys = {STRUCTURE: _stored(self.structure), **{name: _stored(name) for name in self.by}, MONTH: _stored(MONTH)}
        keys |= {CLOSING: _stored(CLOSING) if CLOSING in agreed.names else "FALSE"}
        estimate = f"CASE WHEN {_stored('status')} = 'estimated' THEN {sign} ELSE 0 END"
        sums = {STATED: f"SUM({sign})", ESTIMATED: f"SUM({estimate})" if "status" in agreed.names else "0"}
        sums |= {column.name: f"SUM(CAST({sign} AS BIGINT) * {_whole(column)})" for column in self.columns}
        named = [f'{sql} AS "{name}"' for name, sql in keys.items()]
        named += [f'CAST({sql} AS BIGINT) AS "{name}"' for name, sql in sums.items()]
        grouped = ", ".join(sql for sql in keys.values() if sql != "FALSE")
        return f'SELECT {", ".join(named)} FROM {ROWS} AS "{ENTRIES}" GROUP BY {grouped}'  # noqa: S608 - of our own parts


def _stored(name: str) -> str:
    return f'"{ENTRIES}"."{name}"'


def _whole(column: Column) -> str:
    """A stored number as the integer that engines add up; an empty cell adds nothing."""
    stored = _stored(column.name)
    whole = f"CAST({stored} * {10**column.scale} AS BIGINT)" if column.type is ColumnType.DECIMAL else stored
    return f"COALESCE({whole}, 0)"


@dataclass(frozen=True, slots=True)
class FoldedGroups:
    """The loads of a dataset that count, and where the sums of their groups are."""

    plan: GroupPlan
    folder: CubeFolder
    loads: tuple[Load, ...]

    @property
    def dataset(self) -> str:
        """The dataset that is folded."""
        return self.plan.dataset

    def query(self, load: Load) -> Query:
        """The query of one load."""
        return Query(self.plan.sql, {ROWS: (load.proven_entries,)})

    def waiting(self) -> Iterator[tuple[Load, str]]:
        """Loads without a file of the cube; groups know no products, whose membership is the same for all."""
        for load in self.loads:
            if not self.folder.holds(load.id, _NO_PRODUCTS):
                yield load, _NO_PRODUCTS

    def keep(self, load: Load, answer: pa.Table, membership: str) -> None:
        """Keep what a load adds up to, in the order of its keys, whatever the engine."""
        schema = self.plan.schema
        table = pa.Table.from_arrays([answer[item.name].cast(item.type) for item in schema], schema=schema)
        keys = [STRUCTURE, *self.plan.by, MONTH, CLOSING]
        ordered = table.sort_by([(name, "ascending") for name in keys]).combine_chunks()
        self.folder.write(load.id, ordered, _NO_LINES, membership)

    def keep_past(self) -> None:
        """Nothing: what is judged is read month by month."""

    def files(self) -> list[CubeFile]:
        """The file of each load."""
        return [self.folder.read(load.id) for load in self.loads]


def prepare_groups(
    ledger: Ledger, rules: Mapping[str, GroupRule], known_on: date | None = None
) -> Mapping[GroupPlan, FoldedGroups]:
    """What is to be folded for the rules, as known on a day; nothing of a dataset that the ledger does not hold."""
    answer: dict[GroupPlan, FoldedGroups] = {}
    for plan in dict.fromkeys(GroupPlan.of(rule) for rule in rules.values()):
        loads: Sequence[Load] = ledger.loads(plan.dataset, known_on)
        if loads:
            folder = CubeFolder.of(ledger.root, plan.dataset, contract(plan.dataset).hash, plan.sql)
            answer[plan] = FoldedGroups(plan, folder, tuple(loads))
    return answer
