"""What rows refer to: structures and products, each in force during spans of days, looked up for all rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.organisation import Organisation
from piramide.measurement.ledger.store import Codes, Ledger

Numbers = np.ndarray[Any, np.dtype[Any]]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = -(2**30)
_LAST: Final = 2**30
_BITS: Final = 32
_MANY: Final = 4096
_GRID_CELLS: Final = 1 << 22
_GRID_DAYS: Final = 512
"""The grid grows by as many days at once."""


@dataclass(slots=True)
class Spans:
    """Versions of things by position: each in force from `since` to before `until` (days since 1970).

    `begun` is the first day of each position; that of the one after the last stands for all others.
    """

    order: Numbers
    positions: Numbers
    until: Numbers
    begun: Numbers
    _grid: _Grid | None = field(default=None, compare=False)

    @classmethod
    def of(cls, positions: Sequence[int], since: Sequence[int], until: Sequence[int]) -> Spans:
        """Spans sorted for looking up; `version` numbers refer to the sorted order."""
        order = _sortable(np.array(positions, dtype=np.int64), np.array(since, dtype=np.int64))
        by = np.argsort(order, kind="stable")
        held = np.array(positions, dtype=np.int64)[by]
        begun = np.full(max(positions, default=-1) + 2, _FIRST, dtype=np.int64)
        named, first = np.unique(held, return_index=True)
        begun[named] = np.array(since, dtype=np.int64)[by][first]
        return cls(order[by], held, np.array(until, dtype=np.int64)[by], begun)

    def version(self, positions: Numbers, days: Numbers) -> Numbers:
        """For each row the version in force on its day, -1 when there is none.

        Many rows are looked up in a grid of positions and days, which is filled by searching and kept for the next.
        """
        if not len(self.order):
            return np.full(len(positions), -1, dtype=np.int64)
        if len(positions) < _MANY:
            return self._search(positions, days)
        first, last = int(days.min()), int(days.max())
        if self._grid is not None and self._grid.first <= first and last <= self._grid.last:
            return self._grid.version(positions, days)
        first, last = first - first % _GRID_DAYS, last - last % _GRID_DAYS + _GRID_DAYS - 1
        if self._grid is not None:
            first, last = min(first, self._grid.first), max(last, self._grid.last)
        highest = int(self.positions.max())
        if (highest + 3) * (last - first + 1) > _GRID_CELLS:
            return self._search(positions, days)
        rows, columns = np.meshgrid(np.arange(-1, highest + 2), np.arange(first, last + 1), indexing="ij")
        grid = _Grid(first, last, highest + 1, self._search(rows.ravel(), columns.ravel()).astype(np.int32))
        self._grid = grid
        return grid.version(positions, days)

    def version_or_first(self, positions: Numbers, days: Numbers) -> Numbers:
        """As `version`, and the first one for the days before it."""
        known = np.minimum(positions, len(self.begun) - 1)  # -1 is the last
        return self.version(positions, np.maximum(days, self.begun[known]))

    def _search(self, positions: Numbers, days: Numbers) -> Numbers:
        found = np.searchsorted(self.order, _sortable(positions.astype(np.int64), days.astype(np.int64)), "right") - 1
        held = np.maximum(found, 0)
        is_in_force = (found >= 0) & (self.positions[held] == positions) & (days < self.until[held]) & (positions >= 0)
        return np.where(is_in_force, held, -1)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The version of every position (from -1, which is unknown, to `highest`, which is none) on every day of a span."""

    first: int
    last: int
    highest: int
    versions: Numbers

    def version(self, positions: Numbers, days: Numbers) -> Numbers:
        row = np.minimum(positions, self.highest) + 1
        found: Numbers = self.versions[row * (self.last - self.first + 1) + (days - self.first)]
        return found


def _sortable(positions: Numbers, days: Numbers) -> Numbers:
    shifted: Numbers = (positions << _BITS) + (days - _FIRST)
    return shifted


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products in force: spans, and for each version its standard hours in thousandths; their product lines."""

    spans: Spans
    hours_1000: Numbers
    lines: frozenset[str] = frozenset()

    def points_1000(self, versions: Numbers) -> Numbers:
        """The standard hours of versions, in thousandths; of no version (-1) those of any: such rows are set aside."""
        if not len(self.hours_1000):
            return np.zeros(len(versions), dtype=np.int64)
        hours: Numbers = self.hours_1000[np.maximum(versions, 0)]
        return hours


@dataclass(frozen=True, slots=True)
class References:
    """Everything that rows are looked up in. `days` names a day since 1970 for messages."""

    codes: Codes
    structures: Spans
    catalogue: Catalogue

    def structure_positions(self, cells: pa.DictionaryArray) -> Numbers:
        """Position of the structure of each row, -1 when unknown."""
        return positions_of(cells, self.codes.structure_positions)

    def product_positions(self, cells: pa.DictionaryArray) -> Numbers:
        """Position of the product of each row, -1 when unknown."""
        return positions_of(cells, self.codes.product_positions)


def positions_of(cells: pa.DictionaryArray, known: Mapping[str, int]) -> Numbers:
    """The number that `known` gives to the text of each row; -1 for others."""
    distinct = np.array([known.get(text, -1) for text in cells.dictionary.to_pylist()] or [-1], dtype=np.int32)
    found: Numbers = distinct[cells.indices.to_numpy(zero_copy_only=False)]
    return found


def structure_spans(organisation: Organisation, codes: Codes) -> Spans:
    """Spans in which the structures of an organisation are in force."""
    known = codes.structure_positions
    versions = organisation.versions
    return Spans.of(
        [known[v.id] for v in versions],
        [_days(v.since, _FIRST) for v in versions],
        [_days(v.until, _LAST) for v in versions],
    )


def _days(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.toordinal() - _EPOCH


def catalogue(ledger: Ledger) -> Catalogue:
    """The catalogue as the loads of `products` say: reversed rows are out, a version ends where the next begins."""
    tables = [pq.read_table(load.proven_entries) for load in ledger.loads("products")]
    if not tables:
        return Catalogue(Spans.of([], [], []), np.array([], dtype=np.int64))
    rows = pa.concat_tables(tables).to_pylist()
    taken_back = {(r["product"], r["valid_from"], r["correction"]) for r in rows if r["sign"] < 0}
    stated = {
        (r["product"], r["valid_from"]): r
        for r in sorted(rows, key=lambda r: r["correction"])
        if r["sign"] > 0 and (r["product"], r["valid_from"], r["correction"]) not in taken_back
    }
    versions = [stated[key] for key in sorted(stated)]
    starts = [_days(v["valid_from"], _FIRST) for v in versions]
    ends = [_days(v["valid_until"], _LAST) for v in versions]
    for i in range(len(versions) - 1):
        if versions[i]["product"] == versions[i + 1]["product"]:
            ends[i] = min(ends[i], starts[i + 1])
    hours = np.array([int(v["standard_hours"] * 1000) for v in versions], dtype=np.int64)
    lines = frozenset(v["line"] for v in versions)
    return Catalogue(Spans.of([v["product"] for v in versions], starts, ends), hours, lines)


def load_references(ledger: Ledger, organisation: Organisation) -> References:
    """References of a ledger under an organisation; structures that have no code yet get one."""
    codes = ledger.codes().with_names(structures=organisation.ids())
    ledger.keep_codes(codes)
    return References(codes, structure_spans(organisation, codes), catalogue(ledger))
