"""Lines: the coarsest grouping of products that the conditions of a pack still tell apart."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from piramide.measurement.engines import duckdb_engine
from piramide.measurement.engines.engine import Query
from piramide.measurement.fold.catalogue import FOREVER
from piramide.measurement.measures.fields import LINES, PRODUCT_ATTRIBUTES
from piramide.measurement.measures.plan import BaseSum, Plan


@dataclass(frozen=True, slots=True)
class Lines:
    """Versions of products with the line of each: `table` is the catalogue plus `line_number`.

    `names[n]` is the name of line n: for each condition of the plan `1` where it is true, else `0`. `is_dated` tells
    whether any product changes line or attributes that rows `read`, so that the day of the row decides.
    """

    names: tuple[str, ...]
    table: pa.Table
    is_dated: bool
    read: tuple[str, ...] = ()
    _memberships: dict[int, str] = field(default_factory=dict, compare=False, repr=False)
    _changes: list[date] = field(default_factory=list, compare=False, repr=False)

    def membership(self, until: date) -> str:
        """Which product was in which line, with which attributes, on the days up to `until`, as comparable text."""
        if not self._changes:
            self._changes.extend(sorted(set(self.table["since"].to_pylist())))
        known = bisect_right(self._changes, until)
        if known not in self._memberships:  # the same for all loads between two changes of the catalogue
            self._memberships[known] = self._membership(until)
        return self._memberships[known]

    def _membership(self, until: date) -> str:
        kept = [
            [
                row["product"],
                str(row["since"]),
                _end(row["until"], until),
                self.names[row["line_number"]],
                *(row[name] for name in self.read),
            ]
            for row in self.table.to_pylist()
            if row["since"] <= until
        ]
        return json.dumps(sorted(kept), separators=(",", ":"))

    def moved_since(self, conditions: Collection[int], attributes: Collection[str]) -> date:
        """The first day on which a product is another one for some conditions or attributes; `FOREVER` if none is."""
        looks: dict[int, tuple[object, ...]] = {}
        for row in sorted(self.table.to_pylist(), key=lambda row: row["since"]):
            name = self.names[row["line_number"]]
            seen = (*(name[position] for position in sorted(conditions)), *(row[item] for item in sorted(attributes)))
            if looks.setdefault(row["product"], seen) != seen:
                since: date = row["since"]
                return since
        return FOREVER

    def during(self, first: date | None, last: date | None) -> Lines:
        """The versions that rows of some days can have; most loads see one of each product and need no comparison."""
        if not self.is_dated or first is None or last is None:
            return self
        begun, going_on = pc.less_equal(self.table["since"], last), pc.greater(self.table["until"], first)
        table = self.table.filter(pc.and_(begun, going_on))
        return replace(self, table=table, is_dated=_is_dated(table), _memberships={}, _changes=[])


def _end(until: date, last: date) -> str:
    """The day on which a version ends; nothing while that lies ahead."""
    return str(until) if until <= last else ""


def _is_dated(table: pa.Table) -> bool:
    return len(table["product"].unique()) < len(table)


def lines_of(plan: Plan, catalogue: pa.Table) -> Lines:
    """Put every version of every product in its line; versions that do not differ become one."""
    flags = [f"COALESCE({condition.sql}, FALSE)" for condition in plan.conditions]
    name = " || ".join(f"CASE WHEN {flag} THEN '1' ELSE '0' END" for flag in flags) or "''"
    text = f"SELECT {LINES}.*, {name} AS line_name FROM catalogue AS {LINES}"  # noqa: S608 - of checked parts
    found = duckdb_engine.answer(Query(text, {}, {"catalogue": catalogue}))
    # The name of no condition at all is always there, for rows whose product was taken out of the catalogue.
    names = tuple(sorted({*found["line_name"].to_pylist(), "0" * len(plan.conditions)}))
    numbers = pc.index_in(found["line_name"], value_set=pa.array(names, pa.string())).cast(pa.int32())
    table = found.drop_columns(["line_name"]).append_column("line_number", numbers)
    read = attributes_read(plan.sums)
    merged = pa.Table.from_pylist(_merged(table.to_pylist(), read), schema=table.schema)
    return Lines(names, merged, _is_dated(merged), read)


def attributes_read(sums: Iterable[BaseSum]) -> tuple[str, ...]:
    """The attributes of products that base sums read row by row."""
    texts = [item.sql for item in sums]
    return tuple(item for item in PRODUCT_ATTRIBUTES if any(f'"{LINES}"."{item}"' in text for text in texts))


def _merged(rows: list[dict[str, Any]], read: tuple[str, ...]) -> list[dict[str, Any]]:
    """Versions of each product that differ, one ending where the next begins, the first and the last without bounds.

    A row on a day without a version was set aside when it was loaded, so none is counted under one that is not its own.
    """
    answer: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row["product"], row["since"])):
        last = answer[-1] if answer and answer[-1]["product"] == row["product"] else None
        if last is None:
            answer.append(row | {"since": date.min, "until": FOREVER})
        elif _looks(last, read) != _looks(row, read):
            last["until"] = row["since"]
            answer.append(row | {"until": FOREVER})
    return answer


def _looks(row: Mapping[str, Any], read: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("line_number", *read))
