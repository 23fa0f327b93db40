"""Which days and months the accepted rows of a load lie in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from piramide.measurement.contract import ColumnType, Contract

_BATCH: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of some rows, and their months (year × 12 + month − 1)."""

    first: date
    last: date
    months: frozenset[int]


def span_of(rows: pa.Table, of: Contract) -> Span | None:
    """The span of stored rows; nothing when there are none. A month lasts from its first to its last day."""
    if not len(rows):
        return None
    months = frozenset(pc.unique(rows["month"]).to_pylist())
    if of.column(of.day).type is ColumnType.MONTH:
        return Span(_first_day(min(months)), _first_day(max(months) + 1) - timedelta(days=1), months)
    ends = pc.min_max(rows[of.day]).as_py()
    return Span(ends["min"], ends["max"], months)


def spans_of_file(path: Path, of: Contract) -> Iterator[Span]:
    """Spans of a file of entries, batch by batch."""
    day = "month" if of.column(of.day).type is ColumnType.MONTH else of.day
    for batch in pq.ParquetFile(path).iter_batches(_BATCH, columns=sorted({day, "month"})):
        if span := span_of(pa.Table.from_batches([batch]), of):
            yield span


def as_manifest(spans: Iterable[Span]) -> dict[str, str | list[str]]:
    """`first_day`, `last_day` and `months` of a manifest; empty without rows."""
    known = list(spans)
    months = sorted(frozenset[int]().union(*(span.months for span in known)))
    return {
        "first_day": min(span.first for span in known).isoformat() if known else "",
        "last_day": max(span.last for span in known).isoformat() if known else "",
        "months": [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months],
    }


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
