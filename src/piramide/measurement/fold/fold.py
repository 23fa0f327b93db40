"""Fold what is new: each load of the datasets that a pack measures becomes one file of the cube."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.periods import Moment
from piramide.kernel.progress import Progress
from piramide.measurement.contract import contract
from piramide.measurement.cube.files import CubeFile, CubeFolder
from piramide.measurement.cube.past import Member, Past
from piramide.measurement.engines.engine import Engine, Query
from piramide.measurement.fold.catalogue import FOREVER, read_catalogue
from piramide.measurement.fold.lines import Lines, attributes_read, lines_of
from piramide.measurement.fold.query import (
    FLOWS,
    KEYS,
    NO_LINE,
    PRODUCTS,
    PRODUCTS_AS_RECEIVED,
    ROWS,
    Shape,
    fold_sql,
)
from piramide.measurement.ledger.store import FLOWS as FLOWS_FILE
from piramide.measurement.ledger.store import Ledger, Load
from piramide.measurement.measures.plan import Plan

_NO_LINES: Final = Lines(("",), pa.table({}), is_dated=False)


@dataclass(frozen=True, slots=True)
class Folded:
    """A dataset under its plan: the loads that count and where their sums are.

    `texts` are the queries of its loads by the shape of each. From `moved_since` on, products are not what pending
    cases came in as.
    """

    plan: Plan
    lines: Lines
    texts: Mapping[Shape, str]
    moved_since: date
    folder: CubeFolder
    loads: tuple[Load, ...]

    def query(self, load: Load) -> Query:
        """The query of one load, with the versions of products that its days can see, and those of receipt."""
        files = {ROWS: (load.proven_entries,)}
        if not self.plan.is_work:
            return Query(self.texts[Shape()], files)
        lines = self.lines.during(load.first_day, load.last_day)
        has_flows = load.holds(FLOWS_FILE) and not lines.is_dated
        shape = Shape(has_flows, lines.is_dated, self.moved_since <= (load.last_day or FOREVER))
        tables = {PRODUCTS: lines.table} | (
            {PRODUCTS_AS_RECEIVED: self.lines.table} if shape.is_dated_by_receipt else {}
        )
        return Query(self.texts[shape], files | ({FLOWS: (load.flows_file,)} if has_flows else {}), tables)

    def waiting(self) -> Iterator[tuple[Load, str]]:
        """Loads without a file of the cube, with the membership of products that theirs will carry."""
        for load in self.loads:
            membership = self.membership(load)
            if not self.folder.holds(load.id, membership):
                yield load, membership

    def membership(self, load: Load) -> str:
        """Which product is in which line on the days of a load."""
        return self.lines.membership(load.last_day or FOREVER) if self.plan.is_work else "[]"

    @property
    def dataset(self) -> str:
        """The dataset that is folded."""
        return self.plan.dataset

    def keep(self, load: Load, answer: pa.Table, membership: str) -> None:
        """Keep what a load adds up to."""
        self.folder.write(load.id, _ordered(answer, self), self.lines.names, membership)

    def keep_past(self) -> None:
        """Add up the loads that lie behind, so that reading the cube does not grow with them."""
        if self.plan.is_work:
            Past(self.folder).keep(self._members())

    def files(self, moments: Sequence[Moment]) -> list[CubeFile]:
        """Files of the cube; months that no window ends in at any of the moments may be added up to one."""
        if not self.plan.is_work:
            return self.every_file()
        first = first_year(self.plan, moments)
        older = takewhile(lambda load: load.last_day is not None and load.last_day.year < first, self.loads)
        return Past(self.folder).files(self._members(), sum(1 for _ in older))

    def every_file(self) -> list[CubeFile]:
        """The file of each load."""
        return [self.folder.read(load.id) for load in self.loads]

    def _members(self) -> list[Member]:
        return [Member(load.id, self.membership(load)) for load in self.loads]


def first_year(plan: Plan, moments: Sequence[Moment]) -> int:
    """The first year whose months the measures of a plan tell apart at some moments; 0 when that is all of them."""
    back = 0
    for measure in (compiled.measure for compiled in plan.measures.values()):
        if measure.window == "running" and measure.aggregate == "mean":
            return 0
        reaches = measure.window == "trailing_12" or measure.aggregate == "last"
        back = max(back, reaches + bool(measure.before))
    return min((moment.year for moment in moments), default=0) - back


def prepare(ledger: Ledger, plans: Mapping[str, Plan], known_on: date | None = None) -> tuple[Folded, ...]:
    """What is to be folded for each dataset, as known on a day; nothing of one that the ledger does not hold."""
    found = []
    catalogue = read_catalogue(ledger, known_on)
    for plan in plans.values():
        loads = ledger.loads(plan.dataset, known_on)
        if not loads:
            continue
        lines = lines_of(plan, catalogue) if plan.is_work else _NO_LINES
        texts = {shape: fold_sql(plan, shape) for shape in _shapes(plan)}
        # Whether products have changed so far decides the query, never the sums: it stays out of the key.
        decisive = [list(texts.values())[-1], *(condition.sql for condition in plan.conditions)]
        folder = CubeFolder.of(ledger.root, plan.dataset, contract(plan.dataset).hash, *decisive)
        pending = attributes_read(item for item in plan.sums if item.as_received)
        moved_since = lines.moved_since(plan.pending_conditions, pending) if plan.is_work else FOREVER
        found.append(Folded(plan, lines, texts, moved_since, folder, loads))
    return tuple(found)


def _shapes(plan: Plan) -> list[Shape]:
    """Every shape that the loads of a plan can have, the one that holds whatever products do last."""
    if not plan.is_work:
        return [Shape()]
    how = ((True, False), (False, False), (False, True))
    return [Shape(*first, by_receipt) for by_receipt in (False, True) for first in how]


class Foldable(Protocol):
    """What a load is folded for: the sums of the measures of a dataset, or those of groups of its rows."""

    @property
    def dataset(self) -> str:
        """The dataset."""
        ...

    @property
    def folder(self) -> CubeFolder:
        """Where its files of the cube are."""
        ...

    def query(self, load: Load) -> Query:
        """The query of one load."""
        ...

    def waiting(self) -> Iterator[tuple[Load, str]]:
        """Loads without a file of the cube, with the membership of products that theirs will carry."""
        ...

    def keep(self, load: Load, answer: pa.Table, membership: str) -> None:
        """Keep what a load adds up to."""
        ...

    def keep_past(self) -> None:
        """Add up the loads that lie behind."""
        ...


Waiting = tuple[Foldable, Load, str]
"""A load without a file of the cube, and the membership of products that it will carry."""


def waiting_loads(folded: Iterable[Foldable]) -> list[Waiting]:
    """Loads that are to be folded."""
    return [(item, load, membership) for item in folded for load, membership in item.waiting()]


def fold(engine: Engine, waiting: Sequence[Waiting], progress: Progress) -> None:
    """Fold loads, as many at once as the engine takes."""

    def fold_one(item: Foldable, load: Load, membership: str) -> None:
        item.keep(load, engine.run(item.query(load)), membership)

    pool = ThreadPoolExecutor(engine.at_once)
    try:
        futures = [pool.submit(fold_one, *one) for one in waiting]
        for position, ((item, *_), future) in enumerate(zip(waiting, futures, strict=True)):
            progress(item.dataset, position, len(waiting))
            future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    for item in {id(item): item for item, *_ in waiting}.values():
        item.keep_past()
    progress("", len(waiting), len(waiting))


def _ordered(answer: pa.Table, item: Folded) -> pa.Table:
    """The rows of a fold in the order of their keys and with the types of the cube, whatever the engine."""
    types: dict[str, pa.DataType] = dict.fromkeys(KEYS, pa.int32()) | {"closing": pa.bool_()}
    types |= dict.fromkeys(("rows", "estimated", *(base.name for base in item.plan.sums)), pa.int64())
    schema = pa.schema(list(types.items()))
    table = pa.Table.from_arrays([answer[name].cast(kind) for name, kind in types.items()], schema=schema)
    unknown = item.lines.names.index("0" * len(item.plan.conditions))
    lines = pc.if_else(pc.equal(table["line"], NO_LINE), pa.scalar(unknown, pa.int32()), table["line"])
    table = table.set_column(KEYS.index("line"), "line", lines)
    return table.sort_by([(name, "ascending") for name in KEYS]).combine_chunks()
