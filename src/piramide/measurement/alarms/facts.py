"""What alarms read: one aggregate over the entries of the work ledger at a time, brought home as small arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from piramide.measurement.alarms.tails import Floats, Integers
from piramide.measurement.alarms.window import Window

RECEIVED: Final = "kind = 0"
TRANSFERRED: Final = "kind = 1"
RESOLVED: Final = "kind = 2"
REOPENED: Final = "kind = 3"


@dataclass(frozen=True, slots=True)
class Facts:
    """The ledger as alarms see it.

    `query` runs SQL in which `entries` is the table of the stored columns of the work dataset. `structures` gives the
    id of a position of its columns `competence` and `work`; `deadlines` the days within which a product (by position)
    should be resolved; `clusters` the group of each structure (those it leaves out form one group).
    """

    query: Callable[[str], pa.Table]
    structures: Mapping[int, str]
    deadlines: Mapping[int, int] = field(default_factory=dict)
    clusters: Mapping[str, str] = field(default_factory=dict)

    def cluster(self, office: int) -> str:
        """The group that an office is compared in."""
        return self.clusters.get(self.structures.get(office, ""), "")

    @property
    def deadline_rows(self) -> str:
        """SQL: product and days as rows."""
        rows = ", ".join(f"({product}, {days})" for product, days in sorted(self.deadlines.items()))
        return f"(VALUES {rows}) AS deadline(product_code, days)"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of `whole` cases of each office, `part` are of the kind an alarm looks for (one element per office).

    `base` is the share that the office's own work leads to expect (all equal where nothing does); the `past_` arrays
    are the same of the earlier spans together, all zero where the alarm compares with the cluster alone.
    """

    offices: Integers
    part: Floats
    whole: Floats
    base: Floats
    past_part: Floats
    past_whole: Floats
    past_base: Floats

    def of(self, chosen: npt.NDArray[np.bool_]) -> Counts:
        """The counts of some of the offices."""
        return Counts(
            self.offices[chosen],
            self.part[chosen],
            self.whole[chosen],
            self.base[chosen],
            self.past_part[chosen],
            self.past_whole[chosen],
            self.past_base[chosen],
        )


def column(table: pa.Table, name: str) -> Floats:
    """A column as floats; null is 0."""
    return np.nan_to_num(np.asarray(table.column(name).cast(pa.float64()).to_numpy(), dtype=np.float64))


def whole_numbers(table: pa.Table, name: str) -> Integers:
    """A column as integers."""
    return np.asarray(table.column(name).cast(pa.int64()).to_numpy(), dtype=np.int64)


def counts_of(offices: Integers, part: Floats, whole: Floats, base: Floats | None = None) -> Counts:
    """Counts from arrays of shape (spans, offices), the period first; corrections never leave less than nothing."""
    whole = np.maximum(whole, 0.0)
    part = np.clip(part, 0.0, whole)
    known = np.full(whole.shape, 0.5) if base is None else base
    past_whole = whole[1:].sum(axis=0)
    past_base = (known[1:] * whole[1:]).sum(axis=0) / np.maximum(past_whole, 1.0)
    past_base = np.where(past_whole > 0, past_base, 0.5)
    return Counts(offices, part[0], whole[0], known[0], part[1:].sum(axis=0), past_whole, past_base)


def counted(facts: Facts, window: Window, sql: str) -> Counts:
    """Counts of a query that answers rows (office, back, part, whole)."""
    table = facts.query(sql)
    offices, office = np.unique(whole_numbers(table, "office"), return_inverse=True)
    shape = (window.spans_back + 1, len(offices))
    back = whole_numbers(table, "back")
    inside = (back >= 0) & (back <= window.spans_back)
    part, whole = np.zeros(shape), np.zeros(shape)
    np.add.at(part, (back[inside], office[inside]), column(table, "part")[inside])
    np.add.at(whole, (back[inside], office[inside]), column(table, "whole")[inside])
    return counts_of(offices, part, whole)


def total(of: str, where: str) -> str:
    """SQL: the sum of an expression over the rows that hold a condition."""
    return f"SUM(CASE WHEN {where} THEN {of} ELSE 0 END)"
