"""Keys and histories of a whole load against itself and the loads before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from piramide.measurement.contract import WORK, Contract
from piramide.measurement.ledger.keys import Keys, is_among
from piramide.measurement.ledger.store import Load
from piramide.measurement.loading.history import (
    ALREADY_THERE,
    CASE_COLUMNS,
    DUPLICATE,
    REASONS,
    CaseRows,
    judge,
    later_of_equal,
)
from piramide.measurement.loading.plain_rows import row_keys
from piramide.measurement.loading.references import Numbers
from piramide.measurement.loading.work_rows import REVERSAL
from piramide.measurement.loading.writing import Reasons


@dataclass(frozen=True, slots=True)
class JudgedRows:
    """What is remembered of each sound row until all are read."""

    work: CaseRows | None = None
    keys: Keys | None = None
    takes_back: Keys | None = None
    sign: Numbers | None = None

    @classmethod
    def of_work(cls, entries: pa.Table) -> JudgedRows:
        """The case and what happened to it."""
        return cls(work=CaseRows.of(entries.select(CASE_COLUMNS)))

    @classmethod
    def of_plain(cls, entries: pa.Table, of: Contract) -> JudgedRows:
        """The key, and the key of the stated row that a reversed row takes back."""
        stated = pa.array(["stated"] * len(entries), pa.string())
        at = entries.schema.get_field_index("entry")
        as_stated = entries.set_column(at, "entry", stated)
        return cls(keys=row_keys(entries, of), takes_back=row_keys(as_stated, of), sign=entries["sign"].to_numpy())


def judge_load(
    of: Contract, pieces: Sequence[JudgedRows], earlier: tuple[Load, ...]
) -> tuple[Reasons | None, pa.Table | None]:
    """Reasons by row (empty text for sound ones), and for work the cases open after the load."""
    if of.id == WORK:
        rows = _joined([piece.work for piece in pieces if piece.work])
        verdict = judge(rows, earlier)
        reasons = np.array(REASONS, dtype=object)[verdict.faults] if verdict.faults.any() else None
        return reasons, verdict.open.as_table()
    return _judge_keys(of, pieces, earlier), None


def _joined(parts: list[CaseRows]) -> CaseRows:
    names = ("case", "kind", "sign", "day")
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return CaseRows(*joined)


def _judge_keys(of: Contract, pieces: Sequence[JudgedRows], earlier: tuple[Load, ...]) -> Reasons:
    keys = np.concatenate([piece.keys for piece in pieces if piece.keys is not None])
    takes_back = np.concatenate([piece.takes_back for piece in pieces if piece.takes_back is not None])
    sign = np.concatenate([piece.sign for piece in pieces if piece.sign is not None])
    before = _earlier_keys(of, earlier)
    reasons = np.full(len(keys), "", dtype=object)
    reasons[later_of_equal(keys)] = DUPLICATE
    reasons[is_among(keys, before) & (reasons == "")] = ALREADY_THERE
    known = np.sort(np.concatenate([before, keys]))
    reasons[(sign < 0) & ~is_among(takes_back, known) & (reasons == "")] = REVERSAL
    return reasons


def _earlier_keys(of: Contract, earlier: tuple[Load, ...]) -> Keys:
    """Sorted keys of the rows that are there."""
    found = [row_keys(pq.read_table(load.proven_entries, columns=list(of.key)), of) for load in earlier]
    return np.sort(np.concatenate(found)) if found else np.array([], dtype=np.int64)
